def has (x : Nat) : List Nat → Bool
  | [] => false
  | y :: ys => if x = y then true else has x ys

theorem has_append (x : Nat) (xs ys : List Nat) : has x (xs ++ ys) = (has x xs || has x ys) := by
  sorry
