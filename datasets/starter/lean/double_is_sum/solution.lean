def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

theorem double_is_sum (n : Nat) : double n = n + n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [double, ih, Nat.add_assoc n 1, Nat.add_comm 1, Nat.add_assoc n 1 1, Nat.add_assoc]
