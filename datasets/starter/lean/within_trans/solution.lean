def within : Nat → Nat → Bool
  | 0, _ => true
  | _ + 1, 0 => false
  | m + 1, n + 1 => within m n

theorem within_refl (n : Nat) : within n n = true := by
  induction n with
  | zero => rfl
  | succ n ih => rw [within, ih]

theorem within_trans (a b c : Nat) (h : within a b = true) (k : within b c = true) : within a c = true := by
  induction a generalizing b c with
  | zero => rfl
  | succ a ih =>
    cases b with
    | zero => cases h
    | succ b =>
      cases c with
      | zero => cases k
      | succ c => exact ih b c h k
