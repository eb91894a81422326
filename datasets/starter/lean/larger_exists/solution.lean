theorem larger_exists (n : Nat) : ∃ m, n < m := by
  exact ⟨n + 1, Nat.lt_succ_self n⟩

theorem some_between (a b : Nat) (h : a + 1 < b) : ∃ m, a < m ∧ m < b := by
  exact ⟨a + 1, Nat.lt_succ_self a, h⟩
