def backwards : List Nat → List Nat
  | [] => []
  | x :: xs => backwards xs ++ [x]

def onto : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => onto xs (x :: ys)

theorem onto_nil (xs : List Nat) : onto xs [] = backwards xs := by
  sorry
