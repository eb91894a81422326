def join : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: join xs ys

theorem join_assoc (xs ys zs : List Nat) : join (join xs ys) zs = join xs (join ys zs) := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [join, join, join, ih]
