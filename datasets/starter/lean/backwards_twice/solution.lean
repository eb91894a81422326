def backwards : List Nat → List Nat
  | [] => []
  | x :: xs => backwards xs ++ [x]

theorem backwards_append (xs ys : List Nat) : backwards (xs ++ ys) = backwards ys ++ backwards xs := by
  induction xs with
  | nil => rw [List.nil_append, backwards, List.append_nil]
  | cons x xs ih => rw [List.cons_append, backwards, ih, backwards, List.append_assoc]

theorem backwards_twice (xs : List Nat) : backwards (backwards xs) = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [backwards, backwards_append, ih]; rfl
