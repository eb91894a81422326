def pairUp : List Nat → List Nat → List (Nat × Nat)
  | x :: xs, y :: ys => (x, y) :: pairUp xs ys
  | _, _ => []

theorem pairUp_length (xs ys : List Nat) (h : xs.length = ys.length) : (pairUp xs ys).length = xs.length := by
  induction xs generalizing ys with
  | nil => cases ys <;> rfl
  | cons x xs ih =>
    cases ys with
    | nil => cases h
    | cons y ys => rw [pairUp, List.length_cons, List.length_cons, ih ys (Nat.succ.inj h)]
