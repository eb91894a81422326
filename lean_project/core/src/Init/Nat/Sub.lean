prelude
import Init.Nat.Basic
/-!
Subtraction of natural numbers, which stops at zero.
-/
set_option linter.unusedVariables false
@[simp] protected theorem Nat.sub_zero (n : Nat) : n - 0 = n := rfl
theorem Nat.sub_succ (n m : Nat) : n - Nat.succ m = Nat.pred (n - m) := rfl
@[simp] theorem Nat.pred_eq_sub_one {n : Nat} : Nat.pred n = n - 1 := rfl
theorem Nat.sub_one (n : Nat) : n - 1 = Nat.pred n := rfl
@[simp] protected theorem Nat.zero_sub (n : Nat) : 0 - n = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.sub_succ, ih, Nat.pred_zero]
theorem Nat.succ_sub_succ_eq_sub (n m : Nat) : Nat.succ n - Nat.succ m = n - m := by
  induction m with
  | zero => rfl
  | succ m ih => exact congrArg Nat.pred ih
theorem Nat.succ_sub_succ (n m : Nat) : Nat.succ n - Nat.succ m = n - m := Nat.succ_sub_succ_eq_sub n m
@[simp] theorem Nat.add_one_sub_add_one (n m : Nat) : (n + 1) - (m + 1) = n - m := Nat.succ_sub_succ_eq_sub n m
@[simp] protected theorem Nat.sub_self (n : Nat) : n - n = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.succ_sub_succ, ih]
@[simp] protected theorem Nat.add_sub_cancel (n m : Nat) : n + m - m = n := by
  induction m with
  | zero => rfl
  | succ m ih => rw [Nat.add_succ, Nat.succ_sub_succ, ih]
@[simp] protected theorem Nat.add_sub_cancel_left (n m : Nat) : n + m - n = m := by rw [Nat.add_comm, Nat.add_sub_cancel]
@[simp] theorem Nat.add_one_sub_one (n : Nat) : n + 1 - 1 = n := rfl
theorem Nat.succ_sub_one (n : Nat) : Nat.succ n - 1 = n := rfl
theorem Nat.sub_add_eq (a b c : Nat) : a - (b + c) = a - b - c := by
  induction c with
  | zero => rfl
  | succ c ih => rw [Nat.add_succ, Nat.sub_succ, Nat.sub_succ, ih]
protected theorem Nat.sub_sub (n m k : Nat) : n - m - k = n - (m + k) := (Nat.sub_add_eq n m k).symm
@[simp] theorem Nat.sub_le (n m : Nat) : n - m ≤ n := by
  induction m with
  | zero => exact Nat.le_refl n
  | succ m ih =>
    rw [Nat.sub_succ]
    refine Nat.le_trans ?_ ih
    cases n - m with
    | zero => exact Nat.le_refl 0
    | succ k => exact Nat.le_succ k
theorem Nat.sub_lt {n m : Nat} (h₁ : 0 < n) (h₂ : 0 < m) : n - m < n := by
  cases n with
  | zero => exact absurd h₁ (Nat.lt_irrefl 0)
  | succ n => cases m with
    | zero => exact absurd h₂ (Nat.lt_irrefl 0)
    | succ m => rw [Nat.succ_sub_succ]; exact Nat.lt_succ_of_le (Nat.sub_le n m)
theorem Nat.sub_one_lt {n : Nat} (h : n ≠ 0) : n - 1 < n := Nat.sub_lt (Nat.pos_of_ne_zero h) Nat.zero_lt_one
theorem Nat.pred_lt {n : Nat} (h : n ≠ 0) : Nat.pred n < n := Nat.sub_one_lt h
theorem Nat.pred_lt' {n m : Nat} (h : m < n) : Nat.pred n < n := Nat.pred_lt (Nat.ne_zero_of_lt h)
theorem Nat.pred_lt_of_lt {n m : Nat} (h : m < n) : Nat.pred n < n := Nat.pred_lt' h
theorem Nat.sub_one_lt_of_lt {n m : Nat} (h : m < n) : n - 1 < n := Nat.pred_lt' h
theorem Nat.sub_one_lt_of_le {n m : Nat} (h₀ : 0 < n) (h₁ : n ≤ m) : n - 1 < m :=
  Nat.lt_of_lt_of_le (Nat.sub_one_lt (Nat.ne_zero_of_lt h₀)) h₁
@[simp] protected theorem Nat.sub_eq_zero_of_le {n m : Nat} (h : n ≤ m) : n - m = 0 := by
  obtain ⟨k, e⟩ := Nat.le.dest h
  rw [← e, Nat.sub_add_eq, Nat.sub_self, Nat.zero_sub]
protected theorem Nat.sub_add_cancel {n m : Nat} (h : m ≤ n) : n - m + m = n := by
  obtain ⟨k, e⟩ := Nat.le.dest h
  rw [← e, Nat.add_sub_cancel_left, Nat.add_comm]
protected theorem Nat.add_sub_of_le {a b : Nat} (h : a ≤ b) : a + (b - a) = b := by
  rw [Nat.add_comm, Nat.sub_add_cancel h]
protected theorem Nat.add_sub_cancel' {n m : Nat} (h : m ≤ n) : m + (n - m) = n := Nat.add_sub_of_le h
protected theorem Nat.add_sub_assoc {m k : Nat} (h : k ≤ m) (n : Nat) : n + m - k = n + (m - k) := by
  obtain ⟨l, e⟩ := Nat.le.dest h
  rw [← e, Nat.add_sub_cancel_left, Nat.add_left_comm, Nat.add_sub_cancel_left]
protected theorem Nat.sub_add_comm {n m k : Nat} (h : k ≤ n) : n + m - k = n - k + m := by
  rw [Nat.add_comm n, Nat.add_sub_assoc h, Nat.add_comm]
protected theorem Nat.le_of_sub_eq_zero {n m : Nat} (h : n - m = 0) : n ≤ m :=
  (Nat.le_total n m).elim id fun k => by
    have e := Nat.sub_add_cancel k
    rw [h, Nat.zero_add] at e
    exact Nat.le_of_eq e.symm
protected theorem Nat.sub_eq_zero_iff_le {n m : Nat} : n - m = 0 ↔ n ≤ m := ⟨Nat.le_of_sub_eq_zero, Nat.sub_eq_zero_of_le⟩
protected theorem Nat.sub_pos_of_lt {m n : Nat} (h : m < n) : 0 < n - m :=
  Nat.pos_of_ne_zero fun e => Nat.not_le_of_lt h (Nat.le_of_sub_eq_zero e)
@[simp] protected theorem Nat.sub_pos_iff_lt {m n : Nat} : 0 < n - m ↔ m < n :=
  ⟨fun h => Nat.not_le.mp fun k => Nat.ne_zero_of_lt h (Nat.sub_eq_zero_of_le k), Nat.sub_pos_of_lt⟩
theorem Nat.lt_of_sub_pos {m n : Nat} (h : 0 < n - m) : m < n := Nat.sub_pos_iff_lt.mp h
protected theorem Nat.sub_le_sub_right {n m : Nat} (h : n ≤ m) (k : Nat) : n - k ≤ m - k := by
  induction k with
  | zero => exact h
  | succ k ih => exact Nat.pred_le_pred ih
protected theorem Nat.sub_le_sub_left {n m : Nat} (h : n ≤ m) (k : Nat) : k - m ≤ k - n := by
  induction h with
  | refl => exact Nat.le_refl _
  | step _ ih => exact Nat.le_trans (Nat.sub_le _ 1) ih
protected theorem Nat.sub_le_iff_le_add {a b c : Nat} : a - b ≤ c ↔ a ≤ c + b :=
  ⟨fun h => (Nat.le_total a b).elim (fun k => Nat.le_trans k (Nat.le_add_left b c))
    (fun k => by have := Nat.add_le_add_right h b; rw [Nat.sub_add_cancel k] at this; exact this),
   fun h => by have := Nat.sub_le_sub_right h b; rw [Nat.add_sub_cancel] at this; exact this⟩
protected theorem Nat.le_sub_iff_add_le {a b c : Nat} (h : b ≤ c) : a ≤ c - b ↔ a + b ≤ c :=
  ⟨fun k => by have := Nat.add_le_add_right k b; rw [Nat.sub_add_cancel h] at this; exact this,
   fun k => by have := Nat.sub_le_sub_right k b; rw [Nat.add_sub_cancel] at this; exact this⟩
theorem Nat.le_sub_of_add_le {a b c : Nat} (h : a + b ≤ c) : a ≤ c - b := by
  have := Nat.sub_le_sub_right h b; rw [Nat.add_sub_cancel] at this; exact this
theorem Nat.add_le_of_le_sub {a b c : Nat} (hle : b ≤ c) (h : a ≤ c - b) : a + b ≤ c := (Nat.le_sub_iff_add_le hle).mp h
theorem Nat.lt_sub_iff_add_lt {a b c : Nat} : a < c - b ↔ a + b < c :=
  ⟨fun h => (Nat.le_total c b).elim
    (fun k => by rw [Nat.sub_eq_zero_of_le k] at h; exact absurd h (Nat.not_lt_zero a))
    (fun k => by have := Nat.add_lt_add_right h b; rw [Nat.sub_add_cancel k] at this; exact this),
   fun h => by
    have h' : a + 1 + b ≤ c := by rw [Nat.add_right_comm]; exact h
    exact Nat.le_sub_of_add_le h'⟩
theorem Nat.lt_sub_of_add_lt {a b c : Nat} (h : a + b < c) : a < c - b := Nat.lt_sub_iff_add_lt.mpr h
theorem Nat.add_lt_of_lt_sub {a b c : Nat} (h : a < c - b) : a + b < c := Nat.lt_sub_iff_add_lt.mp h
theorem Nat.le_sub_one_of_lt {a b : Nat} (h : a < b) : a ≤ b - 1 := Nat.le_sub_of_add_le h
protected theorem Nat.sub_lt_sub_left {k m n : Nat} (h : k < m) (h' : k < n) : m - n < m - k := by
  obtain ⟨l, e⟩ := Nat.le.dest h'
  have e' : n = k + (l + 1) := by rw [← e, Nat.succ_add, Nat.add_succ]
  rw [e', Nat.sub_add_eq]
  exact Nat.sub_lt (Nat.sub_pos_of_lt h) (Nat.zero_lt_succ l)
theorem Nat.sub_succ_lt_self {a i : Nat} (h : i < a) : a - (i + 1) < a - i :=
  Nat.sub_lt_sub_left h (Nat.lt_succ_self i)
theorem Nat.sub_add_lt_sub {m i k : Nat} (h₁ : m + k ≤ i) (h₂ : 0 < k) : i - (m + k) < i - m := by
  rw [Nat.sub_add_eq]
  exact Nat.sub_lt (Nat.sub_pos_of_lt (Nat.lt_of_lt_of_le (Nat.lt_add_of_pos_right h₂) h₁)) h₂
protected theorem Nat.sub_right_comm (m n k : Nat) : m - n - k = m - k - n := by
  rw [Nat.sub_sub, Nat.sub_sub, Nat.add_comm]
protected theorem Nat.sub_eq_of_eq_add {a b c : Nat} (h : a = c + b) : a - b = c := by rw [h, Nat.add_sub_cancel]
protected theorem Nat.eq_add_of_sub_eq {a b c : Nat} (hle : b ≤ a) (h : a - b = c) : a = c + b := by
  rw [← h, Nat.sub_add_cancel hle]
protected theorem Nat.add_sub_add_right (n k m : Nat) : (n + k) - (m + k) = n - m := by
  induction k with
  | zero => rfl
  | succ k ih => rw [Nat.add_succ, Nat.add_succ, Nat.succ_sub_succ, ih]
protected theorem Nat.add_sub_add_left (k n m : Nat) : (k + n) - (k + m) = n - m := by
  rw [Nat.add_comm k, Nat.add_comm k, Nat.add_sub_add_right]
theorem Nat.succ_pred {a : Nat} (h : a ≠ 0) : Nat.succ (Nat.pred a) = a := Nat.sub_add_cancel (Nat.pos_of_ne_zero h)
theorem Nat.sub_one_add_one {a : Nat} (h : a ≠ 0) : a - 1 + 1 = a := Nat.sub_add_cancel (Nat.pos_of_ne_zero h)
theorem Nat.succ_pred_eq_of_pos {n : Nat} (h : 0 < n) : Nat.succ (Nat.pred n) = n := Nat.sub_add_cancel h
protected theorem Nat.mul_sub_one (n m : Nat) : n * (m - 1) = n * m - n := by
  cases m with
  | zero => exact (Nat.zero_sub n).symm
  | succ m => rw [Nat.add_one_sub_one, Nat.mul_add_one, Nat.add_sub_cancel]
protected theorem Nat.mul_sub (k m n : Nat) : k * (m - n) = k * m - k * n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.sub_succ, Nat.pred_eq_sub_one, Nat.mul_sub_one, ih, Nat.mul_add_one, Nat.sub_sub]
protected theorem Nat.mul_self_le_mul_self {m n : Nat} (h : m ≤ n) : m * m ≤ n * n := Nat.mul_le_mul h h
