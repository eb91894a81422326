def backwards : List Nat → List Nat
  | [] => []
  | x :: xs => backwards xs ++ [x]

theorem backwards_length (xs : List Nat) : (backwards xs).length = xs.length := by
  sorry
