def each (f : Nat → Nat) : List Nat → List Nat
  | [] => []
  | x :: xs => f x :: each f xs

theorem each_length (f : Nat → Nat) (xs : List Nat) : (each f xs).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [each, List.length_cons, List.length_cons, ih]
