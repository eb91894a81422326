def backwards : List Nat → List Nat
  | [] => []
  | x :: xs => backwards xs ++ [x]

theorem backwards_twice (xs : List Nat) : backwards (backwards xs) = xs := by
  sorry
