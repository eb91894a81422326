inductive Num where
  | zero : Num
  | succ : Num → Num

def plus : Num → Num → Num
  | m, .zero => m
  | m, .succ n => .succ (plus m n)

theorem zero_plus (n : Num) : plus .zero n = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [plus, ih]

theorem succ_plus (m n : Num) : plus (.succ m) n = .succ (plus m n) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [plus, ih, plus]

theorem plus_commutes (m n : Num) : plus m n = plus n m := by
  induction n with
  | zero => rw [zero_plus]; rfl
  | succ n ih => rw [plus, ih, succ_plus]
