def backwards : List Nat → List Nat
  | [] => []
  | x :: xs => backwards xs ++ [x]

theorem backwards_length (xs : List Nat) : (backwards xs).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [backwards, List.length_append, ih]; rfl
