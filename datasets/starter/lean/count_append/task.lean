def count (x : Nat) : List Nat → Nat
  | [] => 0
  | y :: ys => if x = y then count x ys + 1 else count x ys

theorem count_append (x : Nat) (xs ys : List Nat) : count x (xs ++ ys) = count x xs + count x ys := by
  sorry
