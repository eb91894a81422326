inductive Num where
  | zero : Num
  | succ : Num → Num

def plus : Num → Num → Num
  | m, .zero => m
  | m, .succ n => .succ (plus m n)

theorem plus_commutes (m n : Num) : plus m n = plus n m := by
  sorry
