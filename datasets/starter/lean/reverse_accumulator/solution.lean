def backwards : List Nat → List Nat
  | [] => []
  | x :: xs => backwards xs ++ [x]

def onto : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => onto xs (x :: ys)

theorem onto_spec (xs ys : List Nat) : onto xs ys = backwards xs ++ ys := by
  induction xs generalizing ys with
  | nil => rfl
  | cons x xs ih => rw [onto, ih, backwards, List.append_assoc, List.cons_append, List.nil_append]

theorem onto_nil (xs : List Nat) : onto xs [] = backwards xs := by
  rw [onto_spec, List.append_nil]
