theorem larger_exists (n : Nat) : ∃ m, n < m := by
  sorry

theorem some_between (a b : Nat) (h : a + 1 < b) : ∃ m, a < m ∧ m < b := by
  sorry
