def each (f : Nat → Nat) : List Nat → List Nat
  | [] => []
  | x :: xs => f x :: each f xs

theorem each_fusion (f g : Nat → Nat) (xs : List Nat) : each g (each f xs) = each (fun x => g (f x)) xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [each, each, each, ih]
