def power (b : Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => power b n * b

theorem power_add (b m n : Nat) : power b (m + n) = power b m * power b n := by
  sorry
