def power (b : Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => power b n * b

theorem power_add (b m n : Nat) : power b (m + n) = power b m * power b n := by
  induction n with
  | zero => rw [Nat.add_zero, power, Nat.mul_one]
  | succ n ih => rw [Nat.add_succ, power, ih, power, Nat.mul_assoc]
