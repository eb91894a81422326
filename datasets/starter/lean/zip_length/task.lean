def pairUp : List Nat → List Nat → List (Nat × Nat)
  | x :: xs, y :: ys => (x, y) :: pairUp xs ys
  | _, _ => []

theorem pairUp_length (xs ys : List Nat) (h : xs.length = ys.length) : (pairUp xs ys).length = xs.length := by
  sorry
