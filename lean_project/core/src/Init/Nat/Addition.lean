prelude
import Init.Bool
/-!
Natural numbers: addition, multiplication and their order, by induction from the definitions.
-/
set_option linter.unusedVariables false
universe u
attribute [gen_constructor_elims] Nat

instance instInhabitedNat : Inhabited Nat := ⟨Nat.zero⟩
@[simp] theorem Nat.add_zero (n : Nat) : n + 0 = n := rfl
theorem Nat.add_succ (n m : Nat) : n + Nat.succ m = Nat.succ (n + m) := rfl
theorem Nat.add_one (n : Nat) : n + 1 = Nat.succ n := rfl
theorem Nat.succ_eq_add_one (n : Nat) : Nat.succ n = n + 1 := rfl
@[simp] theorem Nat.zero_add (n : Nat) : 0 + n = n := by
  induction n with
  | zero => rfl
  | succ n ih => exact congrArg Nat.succ ih
theorem Nat.succ_add (n m : Nat) : Nat.succ n + m = Nat.succ (n + m) := by
  induction m with
  | zero => rfl
  | succ m ih => exact congrArg Nat.succ ih
protected theorem Nat.add_comm (n m : Nat) : n + m = m + n := by
  induction m with
  | zero => exact (Nat.zero_add n).symm
  | succ m ih => exact (congrArg Nat.succ ih).trans (Nat.succ_add m n).symm
protected theorem Nat.add_assoc (n m k : Nat) : (n + m) + k = n + (m + k) := by
  induction k with
  | zero => rfl
  | succ k ih => exact congrArg Nat.succ ih
protected theorem Nat.add_left_comm (n m k : Nat) : n + (m + k) = m + (n + k) := by
  rw [← Nat.add_assoc, Nat.add_comm n m, Nat.add_assoc]
protected theorem Nat.add_right_comm (n m k : Nat) : n + m + k = n + k + m := by
  rw [Nat.add_assoc, Nat.add_comm m k, ← Nat.add_assoc]
@[simp] protected theorem Nat.le_refl (n : Nat) : n ≤ n := Nat.le.refl
theorem Nat.pred_le_pred {n m : Nat} (h : n ≤ m) : Nat.pred n ≤ Nat.pred m := by
  induction h with
  | refl => exact Nat.le.refl
  | @step m h ih =>
    cases m with
    | zero => exact ih
    | succ m => exact Nat.le.step ih
theorem Nat.le_of_succ_le_succ {n m : Nat} (h : Nat.succ n ≤ Nat.succ m) : n ≤ m := Nat.pred_le_pred h
theorem Nat.le_succ (n : Nat) : n ≤ Nat.succ n := Nat.le.step Nat.le.refl
theorem Nat.not_succ_le_zero (n : Nat) : ¬ Nat.succ n ≤ 0 := by
  intro h
  cases h
@[simp] theorem Nat.not_lt_zero (n : Nat) : ¬ n < 0 := Nat.not_succ_le_zero n
theorem Nat.not_succ_le_self (n : Nat) : ¬ Nat.succ n ≤ n := by
  induction n with
  | zero => exact Nat.not_succ_le_zero 0
  | succ n ih => exact fun h => ih (Nat.le_of_succ_le_succ h)
protected theorem Nat.lt_irrefl (n : Nat) : ¬ n < n := Nat.not_succ_le_self n
theorem Nat.le_of_lt {n m : Nat} (h : n < m) : n ≤ m := Nat.le_trans (Nat.le_succ n) h
protected theorem Nat.lt_or_ge (n m : Nat) : n < m ∨ n ≥ m := by
  induction m with
  | zero => exact Or.inr (Nat.zero_le n)
  | succ m ih =>
    rcases ih with h | h
    · exact Or.inl (Nat.le.step h)
    · cases h with
      | refl => exact Or.inl Nat.le.refl
      | step h => exact Or.inr (Nat.succ_le_succ h)
protected theorem Nat.le_total (n m : Nat) : n ≤ m ∨ m ≤ n := (Nat.lt_or_ge n m).elim (fun h => .inl (Nat.le_of_lt h)) .inr
protected theorem Nat.not_lt_of_le {n m : Nat} (h : n ≤ m) : ¬ m < n := fun k => Nat.lt_irrefl m (Nat.le_trans k h)
protected theorem Nat.le_of_not_lt {n m : Nat} (h : ¬ n < m) : m ≤ n := (Nat.lt_or_ge n m).elim (fun k => absurd k h) id
protected theorem Nat.le_of_not_le {n m : Nat} (h : ¬ m ≤ n) : n ≤ m := (Nat.le_total m n).elim (fun k => absurd k h) id
protected theorem Nat.le_antisymm {n m : Nat} (h : n ≤ m) (k : m ≤ n) : n = m := by
  cases h with
  | refl => rfl
  | step h => exact absurd (Nat.le_trans k h) (Nat.not_succ_le_self _)
theorem Nat.le_add_right (n k : Nat) : n ≤ n + k := by
  induction k with
  | zero => exact Nat.le.refl
  | succ k ih => exact Nat.le.step ih
instance instDecidableEqNat : DecidableEq Nat := Nat.decEq
theorem Nat.ble_self_eq_true (n : Nat) : Nat.ble n n = true := by
  induction n with
  | zero => rfl
  | succ n ih => exact ih
theorem Nat.ble_eq_true_of_le {n m : Nat} (h : n ≤ m) : Nat.ble n m = true := by
  induction n generalizing m with
  | zero => rfl
  | succ n ih => cases m with
    | zero => exact absurd h (Nat.not_succ_le_zero n)
    | succ m => exact ih (Nat.le_of_succ_le_succ h)
@[extern "lean_nat_dec_le"] instance Nat.decLe (n m : Nat) : Decidable (n ≤ m) :=
  match h : Nat.ble n m with
  | true => .isTrue (Nat.le_of_ble_eq_true h)
  | false => .isFalse (fun k => by rw [Nat.ble_eq_true_of_le k] at h; exact Bool.noConf_tf h)
@[extern "lean_nat_dec_lt"] instance Nat.decLt (n m : Nat) : Decidable (n < m) := Nat.decLe (Nat.succ n) m
instance instMaxNat : Max Nat := ⟨fun a b => if a ≤ b then b else a⟩
instance instMinNat : Min Nat := ⟨fun a b => if a ≤ b then a else b⟩

/-! Successors -/
@[simp] theorem Nat.succ_ne_zero (n : Nat) : ¬ Nat.succ n = 0 := fun h => Nat.noConfusion h
@[simp] theorem Nat.add_one_ne_zero (n : Nat) : ¬ n + 1 = 0 := Nat.succ_ne_zero n
theorem Nat.zero_ne_add_one (n : Nat) : 0 ≠ n + 1 := fun h => Nat.succ_ne_zero n h.symm
theorem Nat.zero_ne_one : 0 ≠ 1 := Nat.zero_ne_add_one 0
theorem Nat.succ_inj {a b : Nat} : Nat.succ a = Nat.succ b ↔ a = b := ⟨fun h => Nat.succ.inj h, fun h => congrArg _ h⟩
@[simp] theorem Nat.add_one_inj {a b : Nat} : a + 1 = b + 1 ↔ a = b := Nat.succ_inj
@[simp] theorem Nat.pred_zero : Nat.pred 0 = 0 := rfl
@[simp] theorem Nat.pred_succ (n : Nat) : Nat.pred (Nat.succ n) = n := rfl
@[simp] protected theorem Nat.zero_eq : Nat.zero = 0 := rfl
/-! Addition -/
protected theorem Nat.add_left_cancel {n m k : Nat} : n + m = n + k → m = k := by
  induction n with
  | zero => rw [Nat.zero_add, Nat.zero_add]; exact id
  | succ n ih => rw [Nat.succ_add, Nat.succ_add]; exact fun h => ih (Nat.succ.inj h)
protected theorem Nat.add_right_cancel {n m k : Nat} (h : n + m = k + m) : n = k := by
  rw [Nat.add_comm n, Nat.add_comm k] at h
  exact Nat.add_left_cancel h
@[simp] protected theorem Nat.add_left_cancel_iff {m k n : Nat} : n + m = n + k ↔ m = k :=
  ⟨Nat.add_left_cancel, fun h => h ▸ rfl⟩
@[simp] protected theorem Nat.add_right_cancel_iff {m k n : Nat} : m + n = k + n ↔ m = k :=
  ⟨Nat.add_right_cancel, fun h => h ▸ rfl⟩
@[simp] theorem Nat.add_eq_right {a b : Nat} : a + b = b ↔ a = 0 :=
  ⟨fun h => Nat.add_right_cancel (h.trans (Nat.zero_add b).symm), fun h => h ▸ Nat.zero_add b⟩
@[simp] theorem Nat.add_eq_left {a b : Nat} : a + b = a ↔ b = 0 :=
  ⟨fun h => Nat.add_left_cancel (n := a) h, fun h => h ▸ rfl⟩
protected theorem Nat.eq_zero_of_add_eq_zero {n m : Nat} (h : n + m = 0) : n = 0 ∧ m = 0 := by
  cases m with
  | zero => exact ⟨h, rfl⟩
  | succ m => exact absurd h (Nat.succ_ne_zero _)
theorem Nat.eq_zero_of_add_eq_zero_left {n m : Nat} (h : n + m = 0) : m = 0 := (Nat.eq_zero_of_add_eq_zero h).2
theorem Nat.eq_zero_of_add_eq_zero_right {n m : Nat} (h : n + m = 0) : n = 0 := (Nat.eq_zero_of_add_eq_zero h).1
@[simp] theorem Nat.add_eq_zero_iff {n m : Nat} : n + m = 0 ↔ n = 0 ∧ m = 0 :=
  ⟨Nat.eq_zero_of_add_eq_zero, fun ⟨a, b⟩ => by rw [a, b]⟩
theorem Nat.one_add (n : Nat) : 1 + n = Nat.succ n := Nat.add_comm 1 n
theorem Nat.succ_add_eq_add_succ (a b : Nat) : Nat.succ a + b = a + Nat.succ b := Nat.succ_add a b
protected theorem Nat.add_add_add_comm (a b c d : Nat) : (a + b) + (c + d) = (a + c) + (b + d) := by
  rw [Nat.add_assoc, Nat.add_assoc, Nat.add_left_comm b]
/-! Multiplication -/
@[simp] protected theorem Nat.mul_zero (n : Nat) : n * 0 = 0 := rfl
theorem Nat.mul_succ (n m : Nat) : n * Nat.succ m = n * m + n := rfl
theorem Nat.mul_add_one (n m : Nat) : n * (m + 1) = n * m + n := rfl
@[simp] protected theorem Nat.zero_mul (n : Nat) : 0 * n = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.mul_succ, ih]
theorem Nat.succ_mul (n m : Nat) : Nat.succ n * m = n * m + m := by
  induction m with
  | zero => rfl
  | succ m ih => rw [Nat.mul_succ, Nat.mul_succ, ih, Nat.add_succ, Nat.add_succ, Nat.add_right_comm]
theorem Nat.add_one_mul (n m : Nat) : (n + 1) * m = n * m + m := Nat.succ_mul n m
protected theorem Nat.mul_comm (n m : Nat) : n * m = m * n := by
  induction m with
  | zero => rw [Nat.zero_mul]; rfl
  | succ m ih => rw [Nat.mul_succ, Nat.succ_mul, ih]
@[simp] protected theorem Nat.mul_one (n : Nat) : n * 1 = n := Nat.zero_add n
@[simp] protected theorem Nat.one_mul (n : Nat) : 1 * n = n := by rw [Nat.mul_comm, Nat.mul_one]
protected theorem Nat.left_distrib (n m k : Nat) : n * (m + k) = n * m + n * k := by
  induction k with
  | zero => rfl
  | succ k ih => rw [Nat.add_succ, Nat.mul_succ, Nat.mul_succ, ih, Nat.add_assoc]
protected theorem Nat.mul_add (k m n : Nat) : k * (m + n) = k * m + k * n := Nat.left_distrib k m n
protected theorem Nat.right_distrib (n m k : Nat) : (n + m) * k = n * k + m * k := by
  rw [Nat.mul_comm, Nat.mul_add, Nat.mul_comm k, Nat.mul_comm k]
protected theorem Nat.add_mul (k m n : Nat) : (k + m) * n = k * n + m * n := Nat.right_distrib k m n
protected theorem Nat.mul_assoc (n m k : Nat) : (n * m) * k = n * (m * k) := by
  induction k with
  | zero => rfl
  | succ k ih => rw [Nat.mul_succ, Nat.mul_succ, Nat.mul_add, ih]
protected theorem Nat.mul_left_comm (n m k : Nat) : n * (m * k) = m * (n * k) := by
  rw [← Nat.mul_assoc, Nat.mul_comm n m, Nat.mul_assoc]
protected theorem Nat.mul_right_comm (n m k : Nat) : n * m * k = n * k * m := by
  rw [Nat.mul_assoc, Nat.mul_comm m, ← Nat.mul_assoc]
protected theorem Nat.two_mul (n : Nat) : 2 * n = n + n := by rw [Nat.succ_mul, Nat.one_mul]
protected theorem Nat.mul_two (n : Nat) : n * 2 = n + n := by rw [Nat.mul_comm, Nat.two_mul]
@[simp] protected theorem Nat.mul_eq_zero {m n : Nat} : n * m = 0 ↔ n = 0 ∨ m = 0 := by
  constructor
  · intro h
    cases m with
    | zero => exact .inr rfl
    | succ m => exact .inl (Nat.eq_zero_of_add_eq_zero_left h)
  · intro h
    cases h with
    | inl h => rw [h, Nat.zero_mul]
    | inr h => rw [h, Nat.mul_zero]
