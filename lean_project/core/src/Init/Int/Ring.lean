prelude
import Init.Int.Order
/-!
Integers: negation and multiplication. A factor that is a natural number is taken step by step; the others are its
negations.
-/
set_option linter.unusedVariables false
namespace Int
/-! Casts -/
attribute [simp, norm_cast] ofNat_le ofNat_lt
@[simp, norm_cast] theorem Nat.cast_ofNat_Int {n : Nat} : (Nat.cast (no_index (OfNat.ofNat n)) : Int) = OfNat.ofNat n := rfl
@[simp, norm_cast] protected theorem natCast_add (n m : Nat) : ((n + m : Nat) : Int) = n + m := rfl
@[simp, norm_cast] protected theorem natCast_mul (n m : Nat) : ((n * m : Nat) : Int) = n * m := rfl
protected theorem natCast_succ (n : Nat) : ((Nat.succ n : Nat) : Int) = (n : Int) + 1 := rfl
theorem natCast_add_one (n : Nat) : ((n + 1 : Nat) : Int) = (n : Int) + 1 := rfl
theorem ofNat_succ (n : Nat) : ((Nat.succ n : Nat) : Int) = (n : Int) + 1 := rfl
@[norm_cast] theorem natCast_zero : ((0 : Nat) : Int) = 0 := rfl
@[norm_cast] theorem natCast_one : ((1 : Nat) : Int) = 1 := rfl
@[simp] theorem natCast_nonneg (n : Nat) : 0 ≤ (n : Int) := ofNat_nonneg n
@[simp, norm_cast] theorem natCast_inj {m n : Nat} : (m : Int) = (n : Int) ↔ m = n := ofNat_inj
theorem natCast_eq_zero {n : Nat} : (n : Int) = 0 ↔ n = 0 := ofNat_inj (n := 0)
theorem ofNat_eq_zero {n : Nat} : (n : Int) = 0 ↔ n = 0 := natCast_eq_zero
theorem ofNat_pos {n : Nat} : 0 < (n : Int) ↔ 0 < n := ofNat_lt (n := 0)
theorem natCast_pos {n : Nat} : 0 < (n : Int) ↔ 0 < n := ofNat_pos
theorem negSucc_eq (n : Nat) : negSucc n = -((n : Int) + 1) := rfl
theorem eq_ofNat_of_zero_le {a : Int} (h : 0 ≤ a) : ∃ n : Nat, a = n := ⟨toNat a, (toNat_of_nonneg h).symm⟩
/-- A proof about all integers, from proofs for the natural numbers and for their negations. -/
private theorem casesNeg {p : Int → Prop} (pos : ∀ n : Nat, p n) (neg : ∀ n : Nat, p n → p (-n)) (a : Int) : p a := by
  cases a with
  | ofNat n => exact pos n
  | negSucc n => exact neg (n + 1) (pos (n + 1))
/-! Negation -/
protected theorem neg_eq_of_add_eq_zero {a b : Int} (h : a + b = 0) : -a = b := by
  rw [← Int.add_zero (-a), ← h, ← Int.add_assoc, Int.add_left_neg, Int.zero_add]
protected theorem neg_add {a b : Int} : -(a + b) = -a + -b := by
  apply Int.neg_eq_of_add_eq_zero
  rw [Int.add_assoc, Int.add_left_comm b, Int.add_right_neg, Int.add_zero, Int.add_right_neg]
protected theorem neg_inj {a b : Int} : -a = -b ↔ a = b :=
  ⟨fun h => by rw [← Int.neg_neg a, h, Int.neg_neg], fun h => congrArg _ h⟩
protected theorem neg_sub (a b : Int) : -(a - b) = b - a := by
  rw [Int.sub_eq_add_neg, Int.neg_add, Int.neg_neg, Int.add_comm, ← Int.sub_eq_add_neg]
protected theorem sub_neg (a b : Int) : a - -b = a + b := by rw [Int.sub_eq_add_neg, Int.neg_neg]
@[simp] protected theorem zero_sub (a : Int) : 0 - a = -a := Int.zero_add (-a)
protected theorem add_sub_assoc (a b c : Int) : a + b - c = a + (b - c) := Int.add_assoc a b (-c)
protected theorem sub_sub (a b c : Int) : a - b - c = a - (b + c) := by
  rw [Int.sub_eq_add_neg, Int.sub_eq_add_neg, Int.add_assoc, ← Int.neg_add, ← Int.sub_eq_add_neg]
protected theorem add_right_cancel {a b c : Int} (h : a + b = c + b) : a = c := by
  rw [Int.add_comm a, Int.add_comm c] at h
  exact Int.add_left_cancel h
@[simp] protected theorem add_left_inj {i j : Int} (k : Int) : i + k = j + k ↔ i = j :=
  ⟨Int.add_right_cancel, fun h => h ▸ rfl⟩
@[simp] protected theorem add_right_inj {i j : Int} (k : Int) : k + i = k + j ↔ i = j :=
  ⟨Int.add_left_cancel, fun h => h ▸ rfl⟩
theorem subNatNat_eq_sub (m n : Nat) : subNatNat m n = (m : Int) - n := by
  cases n with
  | zero =>
    unfold subNatNat
    rw [Nat.zero_sub]
    exact (Int.sub_zero (m : Int)).symm
  | succ n => rfl
@[norm_cast] protected theorem natCast_sub {m n : Nat} (h : n ≤ m) : ((m - n : Nat) : Int) = m - n := by
  rw [← subNatNat_eq_sub]
  unfold subNatNat
  rw [Nat.sub_eq_zero_of_le h]; rfl
theorem ofNat_sub {m n : Nat} (h : m ≤ n) : ((n - m : Nat) : Int) = n - m := Int.natCast_sub h
private theorem negOfNat_eq (n : Nat) : negOfNat n = -(n : Int) := rfl
/-! Multiplication -/
@[simp] protected theorem neg_mul (a b : Int) : -a * b = -(a * b) := by
  cases a with
  | ofNat m => cases m with
    | zero => show 0 * b = -(0 * b); rw [Int.zero_mul]; rfl
    | succ m => cases b with
      | ofNat n => rfl
      | negSucc n => rfl
  | negSucc m => cases b with
    | ofNat n =>
      show ((m + 1) * n : Nat) = -negOfNat ((m + 1) * n)
      rw [negOfNat_eq, Int.neg_neg]
    | negSucc n => rfl
@[simp] protected theorem mul_neg (a b : Int) : a * -b = -(a * b) := by
  rw [Int.mul_comm, Int.neg_mul, Int.mul_comm]
protected theorem neg_mul_neg (a b : Int) : -a * -b = a * b := by rw [Int.neg_mul, Int.mul_neg, Int.neg_neg]
protected theorem neg_eq_neg_one_mul (a : Int) : -a = -1 * a := by rw [Int.neg_mul, Int.one_mul]
private theorem succ_mul (n : Nat) (b : Int) : ((n : Int) + 1) * b = n * b + b := by
  refine casesNeg (p := fun b => ((n : Int) + 1) * b = n * b + b) (fun m => ?_) (fun m h => ?_) b
  · exact congrArg ofNat (Nat.add_one_mul n m)
  · rw [Int.mul_neg, Int.mul_neg, h, Int.neg_add]
protected theorem mul_add (a b c : Int) : a * (b + c) = a * b + a * c := by
  refine casesNeg (p := fun a => a * (b + c) = a * b + a * c) (fun n => ?_) (fun n h => ?_) a
  · induction n with
    | zero => show 0 * _ = 0 * _ + 0 * _; rw [Int.zero_mul, Int.zero_mul, Int.zero_mul]; rfl
    | succ n ih =>
      rw [natCast_add_one, succ_mul, succ_mul, succ_mul, ih, Int.add_assoc, Int.add_assoc, Int.add_left_comm (n * c)]
  · rw [Int.neg_mul, Int.neg_mul, Int.neg_mul, h, Int.neg_add]
protected theorem add_mul (a b c : Int) : (a + b) * c = a * c + b * c := by
  rw [Int.mul_comm, Int.mul_add, Int.mul_comm c, Int.mul_comm c]
protected theorem mul_sub (a b c : Int) : a * (b - c) = a * b - a * c := by
  rw [Int.sub_eq_add_neg, Int.mul_add, Int.mul_neg]; rfl
protected theorem sub_mul (a b c : Int) : (a - b) * c = a * c - b * c := by
  rw [Int.mul_comm, Int.mul_sub, Int.mul_comm c, Int.mul_comm c]
protected theorem mul_assoc (a b c : Int) : a * b * c = a * (b * c) := by
  refine casesNeg (p := fun a => a * b * c = a * (b * c)) (fun n => ?_) (fun n h => ?_) a
  · induction n with
    | zero => show 0 * b * c = 0 * _; rw [Int.zero_mul, Int.zero_mul, Int.zero_mul]
    | succ n ih => rw [natCast_add_one, succ_mul, succ_mul, Int.add_mul, ih]
  · rw [Int.neg_mul, Int.neg_mul, Int.neg_mul, h]
protected theorem mul_left_comm (a b c : Int) : a * (b * c) = b * (a * c) := by
  rw [← Int.mul_assoc, Int.mul_comm a, Int.mul_assoc]
protected theorem mul_right_comm (a b c : Int) : a * b * c = a * c * b := by
  rw [Int.mul_assoc, Int.mul_comm b, ← Int.mul_assoc]
protected theorem two_mul (a : Int) : 2 * a = a + a := by
  show (1 + 1) * a = a + a
  rw [Int.add_mul, Int.one_mul]
protected theorem mul_eq_zero {a b : Int} : a * b = 0 ↔ a = 0 ∨ b = 0 := by
  constructor
  · intro h
    cases a with
    | ofNat m => cases b with
      | ofNat n =>
        have k : m * n = 0 := Int.ofNat.inj h
        exact (Nat.mul_eq_zero.mp k).imp (congrArg ofNat) (congrArg ofNat)
      | negSucc n =>
        have k : -((m * (n + 1) : Nat) : Int) = -0 := h
        have l := Nat.mul_eq_zero.mp (Int.ofNat.inj (Int.neg_inj.mp k))
        exact .inl (congrArg ofNat (l.resolve_right (Nat.succ_ne_zero n)))
    | negSucc m => cases b with
      | ofNat n =>
        have k : -(((m + 1) * n : Nat) : Int) = -0 := h
        have l := Nat.mul_eq_zero.mp (Int.ofNat.inj (Int.neg_inj.mp k))
        exact .inr (congrArg ofNat (l.resolve_left (Nat.succ_ne_zero m)))
      | negSucc n =>
        have k : (m + 1) * (n + 1) = 0 := Int.ofNat.inj h
        exact absurd (Nat.mul_eq_zero.mp k) (fun h => h.elim (Nat.succ_ne_zero m) (Nat.succ_ne_zero n))
  · intro h
    cases h with
    | inl h => rw [h, Int.zero_mul]
    | inr h => rw [h, Int.mul_zero]
/-! Powers -/
@[simp] protected theorem pow_zero (b : Int) : b ^ 0 = 1 := rfl
protected theorem pow_succ (b : Int) (e : Nat) : b ^ (e + 1) = b ^ e * b := rfl
@[norm_cast] theorem natCast_pow (b n : Nat) : ((b ^ n : Nat) : Int) = (b : Int) ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.pow_succ, Int.natCast_mul, ih, Int.pow_succ]
/-! Order -/
protected theorem sub_nonneg_of_le {a b : Int} (h : b ≤ a) : 0 ≤ a - b := by
  show NonNeg (a - b - 0)
  rw [Int.sub_zero]; exact h
protected theorem le_of_sub_nonneg {a b : Int} (h : 0 ≤ a - b) : b ≤ a := by
  have h : NonNeg (a - b - 0) := h
  rw [Int.sub_zero] at h; exact h
protected theorem sub_nonneg {a b : Int} : 0 ≤ a - b ↔ b ≤ a := ⟨Int.le_of_sub_nonneg, Int.sub_nonneg_of_le⟩
protected theorem add_le_add_left {a b : Int} (h : a ≤ b) (c : Int) : c + a ≤ c + b := by
  apply Int.le_of_sub_nonneg
  rw [← Int.sub_sub, Int.add_comm c, Int.add_sub_cancel]
  exact Int.sub_nonneg_of_le h
protected theorem add_le_add_right {a b : Int} (h : a ≤ b) (c : Int) : a + c ≤ b + c := by
  rw [Int.add_comm a, Int.add_comm b]; exact Int.add_le_add_left h c
protected theorem add_le_add {a b c d : Int} (h : a ≤ b) (k : c ≤ d) : a + c ≤ b + d :=
  Int.le_trans (Int.add_le_add_right h c) (Int.add_le_add_left k b)
protected theorem le_of_add_le_add_left {a b c : Int} (h : a + b ≤ a + c) : b ≤ c := by
  have k := Int.add_le_add_left h (-a)
  rw [← Int.add_assoc, ← Int.add_assoc, Int.add_left_neg, Int.zero_add, Int.zero_add] at k; exact k
protected theorem le_of_add_le_add_right {a b c : Int} (h : a + b ≤ c + b) : a ≤ c := by
  rw [Int.add_comm a, Int.add_comm c] at h; exact Int.le_of_add_le_add_left h
@[simp] protected theorem add_le_add_iff_left {b c : Int} (a : Int) : a + b ≤ a + c ↔ b ≤ c :=
  ⟨Int.le_of_add_le_add_left, fun h => Int.add_le_add_left h a⟩
@[simp] protected theorem add_le_add_iff_right {a b : Int} (c : Int) : a + c ≤ b + c ↔ a ≤ b :=
  ⟨Int.le_of_add_le_add_right, fun h => Int.add_le_add_right h c⟩
protected theorem neg_le_neg {a b : Int} (h : a ≤ b) : -b ≤ -a := by
  have k := Int.add_le_add_right h (-a + -b)
  rw [← Int.add_assoc, Int.add_right_neg, Int.zero_add, Int.add_left_comm, Int.add_right_neg, Int.add_zero] at k
  exact k
protected theorem le_of_neg_le_neg {a b : Int} (h : -b ≤ -a) : a ≤ b := by
  have k := Int.neg_le_neg h
  rw [Int.neg_neg, Int.neg_neg] at k; exact k
protected theorem neg_le_neg_iff {a b : Int} : -a ≤ -b ↔ b ≤ a := ⟨Int.le_of_neg_le_neg, Int.neg_le_neg⟩
theorem lt_iff_add_one_le {a b : Int} : a < b ↔ a + 1 ≤ b := Iff.rfl
theorem add_one_le_iff {a b : Int} : a + 1 ≤ b ↔ a < b := Iff.rfl
theorem add_one_le_of_lt {a b : Int} (h : a < b) : a + 1 ≤ b := h
theorem lt_of_add_one_le {a b : Int} (h : a + 1 ≤ b) : a < b := h
theorem lt_add_one_iff {a b : Int} : a < b + 1 ↔ a ≤ b := Int.add_le_add_iff_right 1
theorem lt_add_one_of_le {a b : Int} (h : a ≤ b) : a < b + 1 := lt_add_one_iff.mpr h
theorem le_of_lt_add_one {a b : Int} (h : a < b + 1) : a ≤ b := lt_add_one_iff.mp h
protected theorem ne_of_gt {a b : Int} (h : b < a) : a ≠ b := fun e => Int.lt_irrefl b (e ▸ h)
protected theorem lt_or_gt_of_ne {a b : Int} (h : a ≠ b) : a < b ∨ a > b :=
  (Int.lt_trichotomy a b).elim .inl fun k => .inr (k.resolve_left h)
protected theorem eq_iff_le_and_ge {a b : Int} : a = b ↔ a ≤ b ∧ b ≤ a :=
  ⟨fun h => ⟨Int.le_of_eq h, Int.le_of_eq h.symm⟩, fun h => Int.le_antisymm h.1 h.2⟩
protected theorem mul_nonneg {a b : Int} (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a * b := by
  obtain ⟨m, rfl⟩ := eq_ofNat_of_zero_le ha
  obtain ⟨n, rfl⟩ := eq_ofNat_of_zero_le hb
  exact natCast_nonneg (m * n)
protected theorem mul_le_mul_of_nonneg_left {a b c : Int} (h : a ≤ b) (hc : 0 ≤ c) : c * a ≤ c * b := by
  apply Int.le_of_sub_nonneg
  rw [← Int.mul_sub]
  exact Int.mul_nonneg hc (Int.sub_nonneg_of_le h)
protected theorem mul_le_mul_of_nonneg_right {a b c : Int} (h : a ≤ b) (hc : 0 ≤ c) : a * c ≤ b * c := by
  rw [Int.mul_comm a, Int.mul_comm b]; exact Int.mul_le_mul_of_nonneg_left h hc
protected theorem mul_le_mul_of_nonpos_left {a b c : Int} (ha : a ≤ 0) (h : c ≤ b) : a * b ≤ a * c := by
  apply Int.le_of_neg_le_neg
  rw [← Int.neg_mul, ← Int.neg_mul]
  exact Int.mul_le_mul_of_nonneg_left h (Int.neg_le_neg ha)
protected theorem mul_pos {a b : Int} (ha : 0 < a) (hb : 0 < b) : 0 < a * b := by
  obtain ⟨m, rfl⟩ := eq_ofNat_of_zero_le (Int.le_of_lt ha)
  obtain ⟨n, rfl⟩ := eq_ofNat_of_zero_le (Int.le_of_lt hb)
  exact ofNat_pos.mpr (Nat.mul_pos (ofNat_pos.mp ha) (ofNat_pos.mp hb))
protected theorem pow_pos {a : Int} {n : Nat} (h : 0 < a) : 0 < a ^ n := by
  induction n with
  | zero => exact ofNat_pos.mpr Nat.one_pos
  | succ n ih => exact Int.mul_pos ih h
end Int
