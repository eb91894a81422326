/-- One list behind another. -/
def join : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: join xs ys

theorem join_nil (xs : List Nat) : join xs [] = xs := by
  sorry
