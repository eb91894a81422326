prelude
import Init.Nat.Addition
/-!
Natural numbers: the laws of their order, least and greatest, powers.
-/
set_option linter.unusedVariables false
/-! Order -/
protected theorem Nat.lt_trans {n m k : Nat} (h₁ : n < m) (h₂ : m < k) : n < k := Nat.le_trans (Nat.le.step h₁) h₂
protected theorem Nat.lt_of_lt_of_le {n m k : Nat} (h : n < m) (k' : m ≤ k) : n < k := Nat.le_trans h k'
protected theorem Nat.lt_of_le_of_lt {n m k : Nat} (h : n ≤ m) (k' : m < k) : n < k :=
  Nat.le_trans (Nat.succ_le_succ h) k'
protected theorem Nat.le_of_eq {n m : Nat} (h : n = m) : n ≤ m := h ▸ Nat.le_refl n
protected theorem Nat.le_rfl {n : Nat} : n ≤ n := Nat.le_refl n
theorem Nat.le.dest {n m : Nat} (h : n ≤ m) : ∃ k, n + k = m := by
  induction h with
  | refl => exact ⟨0, rfl⟩
  | step _ ih => exact ih.elim fun k e => ⟨k + 1, congrArg Nat.succ e⟩
theorem Nat.le.intro {n m k : Nat} (h : n + k = m) : n ≤ m := h ▸ Nat.le_add_right n k
theorem Nat.exists_eq_add_of_le {m n : Nat} (h : m ≤ n) : ∃ k, n = m + k := (Nat.le.dest h).elim fun k e => ⟨k, e.symm⟩
theorem Nat.le_add_left (n m : Nat) : n ≤ m + n := Nat.add_comm n m ▸ Nat.le_add_right n m
theorem Nat.le_succ_of_le {n m : Nat} (h : n ≤ m) : n ≤ Nat.succ m := Nat.le.step h
theorem Nat.le_add_right_of_le {n m k : Nat} (h : n ≤ m) : n ≤ m + k := Nat.le_trans h (Nat.le_add_right m k)
theorem Nat.le_of_lt_succ {m n : Nat} (h : m < Nat.succ n) : m ≤ n := Nat.le_of_succ_le_succ h
theorem Nat.le_of_lt_add_one {n m : Nat} (h : n < m + 1) : n ≤ m := Nat.le_of_succ_le_succ h
theorem Nat.lt_succ_of_le {n m : Nat} (h : n ≤ m) : n < Nat.succ m := Nat.succ_le_succ h
theorem Nat.lt_add_one_of_le {n m : Nat} (h : n ≤ m) : n < m + 1 := Nat.succ_le_succ h
theorem Nat.lt_succ_of_lt {n m : Nat} (h : n < m) : n < Nat.succ m := Nat.le.step h
theorem Nat.lt_add_one_of_lt {n m : Nat} (h : n < m) : n < m + 1 := Nat.le.step h
protected theorem Nat.lt_succ_iff {m n : Nat} : m < Nat.succ n ↔ m ≤ n := ⟨Nat.le_of_lt_succ, Nat.lt_succ_of_le⟩
protected theorem Nat.lt_add_one_iff {m n : Nat} : m < n + 1 ↔ m ≤ n := Nat.lt_succ_iff
@[simp] protected theorem Nat.lt_add_one (n : Nat) : n < n + 1 := Nat.le.refl
@[simp] theorem Nat.lt_succ_self (n : Nat) : n < Nat.succ n := Nat.le.refl
theorem Nat.succ_le_of_lt {n m : Nat} (h : n < m) : Nat.succ n ≤ m := h
theorem Nat.lt_of_succ_le {n m : Nat} (h : Nat.succ n ≤ m) : n < m := h
protected theorem Nat.succ_le_iff {m n : Nat} : Nat.succ m ≤ n ↔ m < n := Iff.rfl
theorem Nat.add_one_le_iff {n m : Nat} : n + 1 ≤ m ↔ n < m := Iff.rfl
theorem Nat.add_one_le_of_lt {n m : Nat} (h : n < m) : n + 1 ≤ m := h
theorem Nat.lt_of_add_one_le {n m : Nat} (h : n + 1 ≤ m) : n < m := h
theorem Nat.succ_lt_succ {n m : Nat} : n < m → Nat.succ n < Nat.succ m := Nat.succ_le_succ
theorem Nat.lt_of_succ_lt_succ {n m : Nat} : Nat.succ n < Nat.succ m → n < m := Nat.le_of_succ_le_succ
theorem Nat.lt_of_succ_lt {n m : Nat} (h : Nat.succ n < m) : n < m := Nat.le_of_lt h
theorem Nat.succ_le_succ_iff {a b : Nat} : Nat.succ a ≤ Nat.succ b ↔ a ≤ b := ⟨Nat.le_of_succ_le_succ, Nat.succ_le_succ⟩
theorem Nat.succ_lt_succ_iff {a b : Nat} : Nat.succ a < Nat.succ b ↔ a < b := Nat.succ_le_succ_iff
@[simp] theorem Nat.add_one_le_add_one_iff {a b : Nat} : a + 1 ≤ b + 1 ↔ a ≤ b := Nat.succ_le_succ_iff
@[simp] theorem Nat.add_one_lt_add_one_iff {a b : Nat} : a + 1 < b + 1 ↔ a < b := Nat.succ_le_succ_iff
protected theorem Nat.ne_of_lt {a b : Nat} (h : a < b) : a ≠ b := fun e => Nat.lt_irrefl b (e ▸ h)
protected theorem Nat.ne_of_gt {a b : Nat} (h : b < a) : a ≠ b := fun e => Nat.lt_irrefl b (e ▸ h)
protected theorem Nat.ne_of_lt' {a b : Nat} (h : a < b) : b ≠ a := fun e => Nat.lt_irrefl b (e ▸ h)
protected theorem Nat.lt_asymm {a b : Nat} (h : a < b) : ¬ b < a := fun k => Nat.lt_irrefl a (Nat.lt_trans h k)
protected theorem Nat.lt_of_le_of_ne {n m : Nat} (h : n ≤ m) (k : ¬ n = m) : n < m :=
  (Nat.lt_or_ge n m).elim id fun e => absurd (Nat.le_antisymm h e) k
protected theorem Nat.lt_or_eq_of_le {n m : Nat} (h : n ≤ m) : n < m ∨ n = m :=
  (Nat.lt_or_ge n m).elim .inl fun e => .inr (Nat.le_antisymm h e)
protected theorem Nat.eq_or_lt_of_le {n m : Nat} (h : n ≤ m) : n = m ∨ n < m := (Nat.lt_or_eq_of_le h).symm
protected theorem Nat.le_iff_lt_or_eq {n m : Nat} : n ≤ m ↔ n < m ∨ n = m :=
  ⟨Nat.lt_or_eq_of_le, fun h => h.elim Nat.le_of_lt Nat.le_of_eq⟩
protected theorem Nat.lt_iff_le_and_ne {m n : Nat} : m < n ↔ m ≤ n ∧ m ≠ n :=
  ⟨fun h => ⟨Nat.le_of_lt h, Nat.ne_of_lt h⟩, fun h => Nat.lt_of_le_of_ne h.1 h.2⟩
@[simp] protected theorem Nat.not_le {n m : Nat} : ¬ n ≤ m ↔ m < n :=
  ⟨fun h => (Nat.lt_or_ge m n).elim id fun k => absurd k h, fun h k => Nat.not_lt_of_le k h⟩
@[simp] protected theorem Nat.not_lt {n m : Nat} : ¬ n < m ↔ m ≤ n := ⟨Nat.le_of_not_lt, Nat.not_lt_of_le⟩
protected theorem Nat.lt_of_not_le {n m : Nat} (h : ¬ n ≤ m) : m < n := Nat.not_le.mp h
protected theorem Nat.lt_of_not_ge {n m : Nat} (h : ¬ n ≥ m) : n < m := Nat.not_le.mp h
protected theorem Nat.not_le_of_lt {n m : Nat} (h : n < m) : ¬ m ≤ n := Nat.not_le.mpr h
protected theorem Nat.not_le_of_gt {n m : Nat} (h : n > m) : ¬ n ≤ m := Nat.not_le.mpr h
protected theorem Nat.not_lt_of_ge {n m : Nat} (h : n ≥ m) : ¬ n < m := Nat.not_lt.mpr h
protected theorem Nat.le_of_not_gt {n m : Nat} (h : ¬ n > m) : n ≤ m := Nat.not_lt.mp h
protected theorem Nat.ge_of_not_lt {n m : Nat} (h : ¬ n < m) : n ≥ m := Nat.not_lt.mp h
protected theorem Nat.lt_trichotomy (a b : Nat) : a < b ∨ a = b ∨ b < a :=
  (Nat.lt_or_ge a b).elim .inl fun h => .inr ((Nat.eq_or_lt_of_le h).elim (fun e => .inl e.symm) .inr)
protected theorem Nat.lt_or_gt_of_ne {a b : Nat} (h : a ≠ b) : a < b ∨ a > b :=
  (Nat.lt_trichotomy a b).elim .inl fun k => k.elim (fun e => absurd e h) .inr
protected theorem Nat.lt_or_lt_of_ne {a b : Nat} (h : a ≠ b) : a < b ∨ b < a := Nat.lt_or_gt_of_ne h
protected theorem Nat.eq_iff_le_and_ge {a b : Nat} : a = b ↔ a ≤ b ∧ b ≤ a :=
  ⟨fun h => ⟨Nat.le_of_eq h, Nat.le_of_eq h.symm⟩, fun h => Nat.le_antisymm h.1 h.2⟩
theorem Nat.eq_zero_of_le_zero {n : Nat} (h : n ≤ 0) : n = 0 := Nat.le_antisymm h (Nat.zero_le n)
@[simp] protected theorem Nat.le_zero_eq (a : Nat) : (a ≤ 0) = (a = 0) :=
  propext ⟨Nat.eq_zero_of_le_zero, Nat.le_of_eq⟩
protected theorem Nat.le_zero {n : Nat} : n ≤ 0 ↔ n = 0 := ⟨Nat.eq_zero_of_le_zero, Nat.le_of_eq⟩
attribute [simp] Nat.zero_le
theorem Nat.zero_lt_succ (n : Nat) : 0 < Nat.succ n := Nat.succ_le_succ (Nat.zero_le n)
@[simp] protected theorem Nat.zero_lt_one : 0 < 1 := Nat.zero_lt_succ 0
protected theorem Nat.one_pos : 0 < 1 := Nat.zero_lt_one
theorem Nat.succ_pos (n : Nat) : 0 < Nat.succ n := Nat.zero_lt_succ n
theorem Nat.add_one_pos (n : Nat) : 0 < n + 1 := Nat.zero_lt_succ n
@[simp] theorem Nat.zero_lt_add_one (n : Nat) : 0 < n + 1 := Nat.zero_lt_succ n
protected theorem Nat.pos_of_ne_zero {n : Nat} (h : n ≠ 0) : 0 < n := by
  cases n with
  | zero => exact absurd rfl h
  | succ n => exact Nat.zero_lt_succ n
theorem Nat.ne_zero_of_lt {a b : Nat} (h : b < a) : a ≠ 0 := fun e => Nat.not_lt_zero b (e ▸ h)
protected theorem Nat.pos_iff_ne_zero {n : Nat} : 0 < n ↔ n ≠ 0 := ⟨Nat.ne_zero_of_lt, Nat.pos_of_ne_zero⟩
theorem Nat.ne_zero_iff_zero_lt {n : Nat} : n ≠ 0 ↔ 0 < n := Nat.pos_iff_ne_zero.symm
protected theorem Nat.eq_zero_or_pos (n : Nat) : n = 0 ∨ 0 < n := by
  cases n with
  | zero => exact .inl rfl
  | succ n => exact .inr (Nat.zero_lt_succ n)
theorem Nat.zero_lt_of_lt {a b : Nat} (h : a < b) : 0 < b := Nat.lt_of_le_of_lt (Nat.zero_le a) h
theorem Nat.pos_of_lt {a b : Nat} (h : a < b) : 0 < b := Nat.lt_of_le_of_lt (Nat.zero_le a) h
theorem Nat.exists_eq_succ_of_ne_zero {n : Nat} (h : n ≠ 0) : ∃ k, n = Nat.succ k := by
  cases n with
  | zero => exact absurd rfl h
  | succ n => exact ⟨n, rfl⟩
theorem Nat.exists_eq_add_one_of_ne_zero {n : Nat} (h : n ≠ 0) : ∃ k, n = k + 1 := Nat.exists_eq_succ_of_ne_zero h
@[simp] theorem Nat.lt_one_iff {n : Nat} : n < 1 ↔ n = 0 := Nat.lt_succ_iff.trans Nat.le_zero
theorem Nat.one_le_iff_ne_zero {n : Nat} : 1 ≤ n ↔ n ≠ 0 := Nat.pos_iff_ne_zero
protected theorem Nat.add_le_add_left {n m : Nat} (h : n ≤ m) (k : Nat) : k + n ≤ k + m := by
  induction h with
  | refl => exact Nat.le.refl
  | step _ ih => exact Nat.le.step ih
protected theorem Nat.add_le_add_right {n m : Nat} (h : n ≤ m) (k : Nat) : n + k ≤ m + k := by
  rw [Nat.add_comm n, Nat.add_comm m]; exact Nat.add_le_add_left h k
protected theorem Nat.add_le_add {a b c d : Nat} (h₁ : a ≤ b) (h₂ : c ≤ d) : a + c ≤ b + d :=
  Nat.le_trans (Nat.add_le_add_right h₁ c) (Nat.add_le_add_left h₂ b)
protected theorem Nat.add_lt_add_left {n m : Nat} (h : n < m) (k : Nat) : k + n < k + m := Nat.add_le_add_left h k
protected theorem Nat.add_lt_add_right {n m : Nat} (h : n < m) (k : Nat) : n + k < m + k := by
  rw [Nat.add_comm n, Nat.add_comm m]; exact Nat.add_lt_add_left h k
protected theorem Nat.add_lt_add {a b c d : Nat} (h₁ : a < b) (h₂ : c < d) : a + c < b + d :=
  Nat.lt_trans (Nat.add_lt_add_right h₁ c) (Nat.add_lt_add_left h₂ b)
protected theorem Nat.add_lt_add_of_le_of_lt {a b c d : Nat} (h₁ : a ≤ b) (h₂ : c < d) : a + c < b + d :=
  Nat.lt_of_le_of_lt (Nat.add_le_add_right h₁ c) (Nat.add_lt_add_left h₂ b)
protected theorem Nat.add_lt_add_of_lt_of_le {a b c d : Nat} (h₁ : a < b) (h₂ : c ≤ d) : a + c < b + d :=
  Nat.lt_of_lt_of_le (Nat.add_lt_add_right h₁ c) (Nat.add_le_add_left h₂ b)
protected theorem Nat.le_of_add_le_add_left {a b c : Nat} (h : a + b ≤ a + c) : b ≤ c :=
  (Nat.lt_or_ge c b).elim (fun k => absurd h (Nat.not_le_of_lt (Nat.add_lt_add_left k a))) id
protected theorem Nat.le_of_add_le_add_right {a b c : Nat} (h : a + b ≤ c + b) : a ≤ c := by
  rw [Nat.add_comm a, Nat.add_comm c] at h; exact Nat.le_of_add_le_add_left h
@[simp] protected theorem Nat.add_le_add_iff_left {m k n : Nat} : n + m ≤ n + k ↔ m ≤ k :=
  ⟨Nat.le_of_add_le_add_left, fun h => Nat.add_le_add_left h n⟩
@[simp] protected theorem Nat.add_le_add_iff_right {m k n : Nat} : m + n ≤ k + n ↔ m ≤ k :=
  ⟨Nat.le_of_add_le_add_right, fun h => Nat.add_le_add_right h n⟩
@[simp] protected theorem Nat.add_lt_add_iff_left {k n m : Nat} : k + n < k + m ↔ n < m :=
  ⟨fun h => Nat.le_of_add_le_add_left (a := k) h, fun h => Nat.add_lt_add_left h k⟩
@[simp] protected theorem Nat.add_lt_add_iff_right {k n m : Nat} : n + k < m + k ↔ n < m :=
  ⟨fun h => by rw [Nat.add_comm n, Nat.add_comm m] at h; exact Nat.add_lt_add_iff_left.mp h,
   fun h => Nat.add_lt_add_right h k⟩
protected theorem Nat.lt_add_of_pos_right {n k : Nat} (h : 0 < k) : n < n + k := Nat.add_lt_add_left h n
protected theorem Nat.lt_add_of_pos_left {n k : Nat} (h : 0 < k) : n < k + n := Nat.add_comm n k ▸ Nat.lt_add_of_pos_right h
theorem Nat.lt_add_right {m n : Nat} (k : Nat) (h : m < n) : m < n + k := Nat.lt_of_lt_of_le h (Nat.le_add_right n k)
theorem Nat.lt_add_left {m n : Nat} (k : Nat) (h : m < n) : m < k + n := Nat.lt_of_lt_of_le h (Nat.le_add_left n k)
protected theorem Nat.mul_le_mul_left {m n : Nat} (k : Nat) (h : m ≤ n) : k * m ≤ k * n := by
  induction h with
  | refl => exact Nat.le.refl
  | step _ ih => exact Nat.le_trans ih (Nat.le_add_right _ _)
protected theorem Nat.mul_le_mul_right {m n : Nat} (k : Nat) (h : m ≤ n) : m * k ≤ n * k := by
  rw [Nat.mul_comm m, Nat.mul_comm n]; exact Nat.mul_le_mul_left k h
protected theorem Nat.mul_le_mul {n₁ m₁ n₂ m₂ : Nat} (h₁ : n₁ ≤ n₂) (h₂ : m₁ ≤ m₂) : n₁ * m₁ ≤ n₂ * m₂ :=
  Nat.le_trans (Nat.mul_le_mul_right m₁ h₁) (Nat.mul_le_mul_left n₂ h₂)
protected theorem Nat.mul_lt_mul_of_pos_left {m n k : Nat} (h : m < n) (hk : 0 < k) : k * m < k * n :=
  Nat.lt_of_lt_of_le (Nat.lt_add_of_pos_right hk) (Nat.mul_le_mul_left k h)
protected theorem Nat.mul_pos {n m : Nat} (hn : 0 < n) (hm : 0 < m) : 0 < n * m := by
  have h := Nat.mul_lt_mul_of_pos_left hm hn
  rw [Nat.mul_zero] at h; exact h
protected theorem Nat.le_of_mul_le_mul_left {a b c : Nat} (h : c * a ≤ c * b) (hc : 0 < c) : a ≤ b :=
  Nat.not_lt.mp fun k => Nat.not_le_of_lt (Nat.mul_lt_mul_of_pos_left k hc) h
protected theorem Nat.eq_of_mul_eq_mul_left {a b c : Nat} (ha : 0 < a) (h : a * b = a * c) : b = c :=
  Nat.le_antisymm (Nat.le_of_mul_le_mul_left (Nat.le_of_eq h) ha) (Nat.le_of_mul_le_mul_left (Nat.le_of_eq h.symm) ha)
theorem Nat.le_mul_of_pos_right {n : Nat} (m : Nat) (h : 0 < n) : m ≤ m * n := by
  have k := Nat.mul_le_mul_left m h
  rw [Nat.mul_one] at k; exact k
/-! Least, greatest -/
protected abbrev Nat.min (n m : Nat) : Nat := if n ≤ m then n else m
protected abbrev Nat.max (n m : Nat) : Nat := if n ≤ m then m else n
protected theorem Nat.max_def {n m : Nat} : max n m = if n ≤ m then m else n := rfl
protected theorem Nat.min_def {n m : Nat} : min n m = if n ≤ m then n else m := rfl
protected theorem Nat.max_eq_right {a b : Nat} (h : a ≤ b) : max a b = b := if_pos h
protected theorem Nat.max_eq_left {a b : Nat} (h : b ≤ a) : max a b = a := by
  rw [Nat.max_def]; split
  · exact Nat.le_antisymm h ‹_›
  · rfl
protected theorem Nat.min_eq_left {a b : Nat} (h : a ≤ b) : min a b = a := if_pos h
protected theorem Nat.min_eq_right {a b : Nat} (h : b ≤ a) : min a b = b := by
  rw [Nat.min_def]; split
  · exact Nat.le_antisymm ‹_› h
  · rfl
protected theorem Nat.le_max_left (a b : Nat) : a ≤ max a b := by
  rw [Nat.max_def]; split
  · assumption
  · exact Nat.le_refl a
protected theorem Nat.le_max_right (a b : Nat) : b ≤ max a b := by
  rw [Nat.max_def]; split
  · exact Nat.le_refl b
  · exact Nat.le_of_not_le ‹_›
protected theorem Nat.min_le_left (a b : Nat) : min a b ≤ a := by
  rw [Nat.min_def]; split
  · exact Nat.le_refl a
  · exact Nat.le_of_not_le ‹_›
protected theorem Nat.min_le_right (a b : Nat) : min a b ≤ b := by
  rw [Nat.min_def]; split
  · assumption
  · exact Nat.le_refl b
protected theorem Nat.max_comm (a b : Nat) : max a b = max b a := by
  cases Nat.le_total a b with
  | inl h => rw [Nat.max_eq_right h, Nat.max_eq_left h]
  | inr h => rw [Nat.max_eq_left h, Nat.max_eq_right h]
protected theorem Nat.min_comm (a b : Nat) : min a b = min b a := by
  cases Nat.le_total a b with
  | inl h => rw [Nat.min_eq_left h, Nat.min_eq_right h]
  | inr h => rw [Nat.min_eq_right h, Nat.min_eq_left h]
protected theorem Nat.max_le {a b c : Nat} : max a b ≤ c ↔ a ≤ c ∧ b ≤ c :=
  ⟨fun h => ⟨Nat.le_trans (Nat.le_max_left a b) h, Nat.le_trans (Nat.le_max_right a b) h⟩,
   fun ⟨h, k⟩ => by rw [Nat.max_def]; split <;> assumption⟩
protected theorem Nat.le_min {a b c : Nat} : a ≤ min b c ↔ a ≤ b ∧ a ≤ c :=
  ⟨fun h => ⟨Nat.le_trans h (Nat.min_le_left b c), Nat.le_trans h (Nat.min_le_right b c)⟩,
   fun ⟨h, k⟩ => by rw [Nat.min_def]; split <;> assumption⟩
@[simp] protected theorem Nat.max_self (a : Nat) : max a a = a := Nat.max_eq_left (Nat.le_refl a)
@[simp] protected theorem Nat.min_self (a : Nat) : min a a = a := Nat.min_eq_left (Nat.le_refl a)
@[simp] protected theorem Nat.max_zero (a : Nat) : max a 0 = a := Nat.max_eq_left (Nat.zero_le a)
@[simp] protected theorem Nat.zero_max (a : Nat) : max 0 a = a := Nat.max_eq_right (Nat.zero_le a)
@[simp] protected theorem Nat.min_zero (a : Nat) : min a 0 = 0 := Nat.min_eq_right (Nat.zero_le a)
@[simp] protected theorem Nat.zero_min (a : Nat) : min 0 a = 0 := Nat.min_eq_left (Nat.zero_le a)
/-! Powers, equality by evaluation -/
@[simp] protected theorem Nat.pow_zero (b : Nat) : b ^ 0 = 1 := rfl
protected theorem Nat.pow_succ {b n : Nat} : b ^ (n + 1) = b ^ n * b := rfl
protected theorem Nat.pow_add_one {b n : Nat} : b ^ (n + 1) = b ^ n * b := rfl
protected theorem Nat.pow_pos {p n : Nat} (h : 0 < p) : 0 < p ^ n := by
  induction n with
  | zero => exact Nat.zero_lt_one
  | succ n ih => exact Nat.mul_pos ih h
@[simp] theorem Nat.beq_eq {x y : Nat} : (Nat.beq x y = true) = (x = y) :=
  propext ⟨Nat.eq_of_beq_eq_true, fun h => h ▸ Nat.beq_refl x⟩
@[simp] theorem Nat.ble_eq {x y : Nat} : (Nat.ble x y = true) = (x ≤ y) :=
  propext ⟨Nat.le_of_ble_eq_true, Nat.ble_eq_true_of_le⟩
@[simp] theorem Nat.lt_eq {m n : Nat} : Nat.lt m n = (m < n) := rfl
@[simp] theorem Nat.le_eq {m n : Nat} : Nat.le m n = (m ≤ n) := rfl
theorem Nat.not_le_eq (a b : Nat) : (¬ a ≤ b) = (b + 1 ≤ a) := propext Nat.not_le
theorem Nat.not_lt_eq (a b : Nat) : (¬ a < b) = (b ≤ a) := propext Nat.not_lt
/-! Chains in `calc` -/
instance Nat.instTransLt : Trans (fun a b : Nat => a < b) (fun a b : Nat => a < b) (fun a b : Nat => a < b) := ⟨Nat.lt_trans⟩
instance Nat.instTransLe : Trans (fun a b : Nat => a ≤ b) (fun a b : Nat => a ≤ b) (fun a b : Nat => a ≤ b) := ⟨Nat.le_trans⟩
instance Nat.instTransLtLe : Trans (fun a b : Nat => a < b) (fun a b : Nat => a ≤ b) (fun a b : Nat => a < b) :=
  ⟨Nat.lt_of_lt_of_le⟩
instance Nat.instTransLeLt : Trans (fun a b : Nat => a ≤ b) (fun a b : Nat => a < b) (fun a b : Nat => a < b) :=
  ⟨Nat.lt_of_le_of_lt⟩
instance Iff.instTrans : Trans Iff Iff Iff := ⟨Iff.trans⟩
