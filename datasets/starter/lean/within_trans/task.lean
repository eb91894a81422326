def within : Nat → Nat → Bool
  | 0, _ => true
  | _ + 1, 0 => false
  | m + 1, n + 1 => within m n

theorem within_refl (n : Nat) : within n n = true := by
  sorry

theorem within_trans (a b c : Nat) (h : within a b = true) (k : within b c = true) : within a c = true := by
  sorry
