prelude
import Init.Int.Ring
/-!
Integers: absolute value, division with a remainder that is not negative, and divisibility.
-/
set_option linter.unusedVariables false
namespace Int
/-! Absolute value, and the nearest natural number -/
@[simp] theorem natAbs_natCast (n : Nat) : natAbs n = n := rfl
@[simp] theorem natAbs_neg (a : Int) : natAbs (-a) = natAbs a := by
  cases a with
  | ofNat n => cases n with
    | zero => rfl
    | succ n => rfl
  | negSucc n => rfl
theorem natAbs_of_nonneg {a : Int} (h : 0 ≤ a) : (natAbs a : Int) = a := by
  obtain ⟨n, rfl⟩ := eq_ofNat_of_zero_le h; rfl
theorem le_natAbs {a : Int} : a ≤ natAbs a := by
  cases a with
  | ofNat n => exact Int.le_refl _
  | negSucc n => exact Int.le_trans (Int.le_of_lt (negSucc_lt_zero n)) (natCast_nonneg _)
where
  negSucc_lt_zero (n : Nat) : negSucc n < 0 := Int.not_le.mp fun h => nomatch (h : NonNeg (negSucc n + -0))
theorem natAbs_eq_zero {a : Int} : natAbs a = 0 ↔ a = 0 := by
  cases a with
  | ofNat n => exact ⟨fun h => congrArg ofNat h, fun h => Int.ofNat.inj h⟩
  | negSucc n => exact ⟨fun h => absurd h (Nat.succ_ne_zero n), fun h => (nomatch h)⟩
theorem natAbs_pos {a : Int} : 0 < natAbs a ↔ a ≠ 0 := by rw [Nat.pos_iff_ne_zero]; exact not_congr natAbs_eq_zero
theorem negSucc_lt_zero (n : Nat) : negSucc n < 0 := le_natAbs.negSucc_lt_zero n
theorem toNat_eq_max (a : Int) : (toNat a : Int) = max a 0 := by
  rw [Int.max_def]
  cases a with
  | ofNat n =>
    split
    · rename_i h; exact Int.le_antisymm h (natCast_nonneg n)
    · rfl
  | negSucc n => rw [if_pos (Int.le_of_lt (negSucc_lt_zero n))]; rfl
@[simp] theorem toNat_zero : toNat 0 = 0 := rfl
theorem toNat_of_nonpos {a : Int} (h : a ≤ 0) : toNat a = 0 := by
  have k := toNat_eq_max a
  rw [Int.max_def, if_pos h] at k
  exact Int.ofNat.inj k
theorem self_le_toNat (a : Int) : a ≤ toNat a := by rw [toNat_eq_max]; exact Int.le_max_left a 0
/-! Division by zero, and by negative numbers -/
@[simp] protected theorem ediv_zero (a : Int) : a / 0 = 0 := by
  cases a with
  | ofNat n => exact congrArg ofNat (Nat.div_zero n)
  | negSucc n => rfl
@[simp] protected theorem ediv_neg (a b : Int) : a / -b = -(a / b) := by
  cases b with
  | ofNat n => cases n with
    | zero => exact (Int.ediv_zero a).trans (congrArg (fun c => -c) (Int.ediv_zero a)).symm
    | succ n => cases a with
      | ofNat m => rfl
      | negSucc m => rfl
  | negSucc n => cases a with
    | ofNat m => exact (Int.neg_neg _).symm
    | negSucc m => rfl
@[simp] theorem emod_neg (a b : Int) : a % -b = a % b := by
  cases a with
  | ofNat m => show ofNat (m % natAbs (-b)) = _; rw [natAbs_neg]; rfl
  | negSucc m => show subNatNat (natAbs (-b)) (m % natAbs (-b) + 1) = _; rw [natAbs_neg]; rfl
@[simp, norm_cast] theorem natCast_ediv (m n : Nat) : ((m / n : Nat) : Int) = m / n := rfl
@[simp, norm_cast] theorem natCast_emod (m n : Nat) : ((m % n : Nat) : Int) = m % n := rfl
@[simp] theorem emod_zero (a : Int) : a % 0 = a := by
  cases a with
  | ofNat m => exact congrArg ofNat (Nat.mod_zero m)
  | negSucc m => show subNatNat 0 (m % 0 + 1) = _; rw [Nat.mod_zero]; rfl
@[simp] theorem zero_ediv (b : Int) : 0 / b = 0 := by
  cases b with
  | ofNat n => exact congrArg ofNat (Nat.zero_div n)
  | negSucc n => show -((0 / (n + 1) : Nat) : Int) = 0; rw [Nat.zero_div]; rfl
@[simp] theorem zero_emod (b : Int) : 0 % b = 0 := congrArg ofNat (Nat.zero_mod (natAbs b))
/-! Quotient and remainder belong together -/
private theorem emod_natCast_add (a : Int) (n : Nat) : a % n + n * (a / n) = a := by
  cases a with
  | ofNat m => exact congrArg ofNat (Nat.mod_add_div m n)
  | negSucc m => cases n with
    | zero => show negSucc m % 0 + 0 * _ = _; rw [emod_zero, Int.zero_mul, Int.add_zero]
    | succ n =>
      show subNatNat (n + 1) (m % (n + 1) + 1) + ((n + 1 : Nat) : Int) * -(((m / (n + 1) : Nat) : Int) + 1) = _
      rw [subNatNat_eq_sub, Int.mul_neg, Int.mul_add, Int.mul_one, Int.sub_eq_add_neg, Int.neg_add, Int.add_comm,
        Int.add_assoc, ← Int.add_assoc (-((n + 1 : Nat) : Int)), Int.add_left_neg, Int.zero_add, ← Int.neg_add,
        ← Int.natCast_mul, ← Int.natCast_add, ← Nat.add_assoc, Nat.div_add_mod]
      rfl
theorem emod_add_mul_ediv (a b : Int) : a % b + b * (a / b) = a := by
  cases b with
  | ofNat n => exact emod_natCast_add a n
  | negSucc n =>
    show a % -((n + 1 : Nat) : Int) + -((n + 1 : Nat) : Int) * (a / -((n + 1 : Nat) : Int)) = a
    rw [emod_neg, Int.ediv_neg, Int.neg_mul_neg, emod_natCast_add]
theorem mul_ediv_add_emod (a b : Int) : b * (a / b) + a % b = a := by rw [Int.add_comm, emod_add_mul_ediv]
theorem emod_def (a b : Int) : a % b = a - b * (a / b) := by
  have h := congrArg (fun c => c - b * (a / b)) (emod_add_mul_ediv a b)
  rw [← h]; exact (Int.add_sub_cancel _ _).symm
private theorem emod_natCast_bounds (a : Int) {n : Nat} (h : 0 < n) : ∃ r : Nat, a % n = r ∧ r < n := by
  cases a with
  | ofNat m => exact ⟨m % n, rfl, Nat.mod_lt m h⟩
  | negSucc m =>
    refine ⟨n - (m % n + 1), ?_, Nat.sub_lt h (Nat.succ_pos _)⟩
    show subNatNat n (m % n + 1) = _
    rw [subNatNat_eq_sub, Int.natCast_sub (Nat.mod_lt m h)]
theorem emod_nonneg (a : Int) {b : Int} (h : b ≠ 0) : 0 ≤ a % b := by
  have p : ∀ n : Nat, 0 < n → 0 ≤ a % n := fun n h => by
    obtain ⟨r, e, _⟩ := emod_natCast_bounds a h
    rw [e]; exact natCast_nonneg r
  cases b with
  | ofNat n => exact p n (Nat.pos_of_ne_zero fun e => h (congrArg ofNat e))
  | negSucc n =>
    show 0 ≤ a % -((n + 1 : Nat) : Int)
    rw [emod_neg]; exact p (n + 1) (Nat.succ_pos n)
theorem emod_lt_of_pos (a : Int) {b : Int} (h : 0 < b) : a % b < b := by
  obtain ⟨n, rfl⟩ := eq_ofNat_of_zero_le (Int.le_of_lt h)
  obtain ⟨r, e, l⟩ := emod_natCast_bounds a (ofNat_pos.mp h)
  rw [e]; exact ofNat_lt.mpr l
theorem mul_ediv_self_le {x k : Int} (h : k ≠ 0) : k * (x / k) ≤ x := by
  have l := Int.add_le_add_right (emod_nonneg x h) (k * (x / k))
  rw [emod_add_mul_ediv, Int.zero_add] at l; exact l
theorem lt_mul_ediv_self_add {x k : Int} (h : 0 < k) : x < k * (x / k) + k := by
  have l : x % k + 1 ≤ k := emod_lt_of_pos x h
  have m := Int.add_le_add_left l (k * (x / k))
  rw [← Int.add_assoc, mul_ediv_add_emod] at m; exact m
protected theorem le_ediv_of_mul_le {a b c : Int} (h : 0 < c) (k : a * c ≤ b) : a ≤ b / c :=
  Int.not_lt.mp fun l => by
    have m := Int.mul_le_mul_of_nonneg_left (add_one_le_of_lt l) (Int.le_of_lt h)
    rw [Int.mul_add, Int.mul_one, Int.mul_comm c a] at m
    exact Int.not_le.mpr (lt_mul_ediv_self_add h) (Int.le_trans m k)
protected theorem mul_le_of_le_ediv {a b c : Int} (h : 0 < c) (k : a ≤ b / c) : a * c ≤ b := by
  have l := Int.mul_le_mul_of_nonneg_left k (Int.le_of_lt h)
  rw [Int.mul_comm c a] at l
  exact Int.le_trans l (mul_ediv_self_le (Int.ne_of_gt h))
protected theorem le_ediv_iff_mul_le {a b c : Int} (h : 0 < c) : a ≤ b / c ↔ a * c ≤ b :=
  ⟨Int.mul_le_of_le_ediv h, Int.le_ediv_of_mul_le h⟩
protected theorem ediv_lt_iff_lt_mul {a b c : Int} (h : 0 < c) : a / c < b ↔ a < b * c := by
  rw [← Int.not_le, ← Int.not_le, Int.le_ediv_iff_mul_le h]
theorem ediv_nonneg {a b : Int} (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a / b := by
  obtain ⟨m, rfl⟩ := eq_ofNat_of_zero_le ha
  obtain ⟨n, rfl⟩ := eq_ofNat_of_zero_le hb
  exact natCast_nonneg (m / n)
/-! Divisibility -/
@[simp] theorem mul_emod_right (a b : Int) : a * b % a = 0 := by
  have p : ∀ (n : Nat) (b : Int), n * b % n = 0 := fun n b => by
    cases b with
    | ofNat m => exact congrArg ofNat (Nat.mul_mod_right n m)
    | negSucc m => cases n with
      | zero => show 0 * _ % 0 = 0; rw [Int.zero_mul]; rfl
      | succ n =>
        show subNatNat (n + 1) (((n + 1) * m + n) % (n + 1) + 1) = 0
        rw [Nat.add_comm _ n, Nat.add_mul_mod_self_left, Nat.mod_eq_of_lt (Nat.lt_succ_self n), subNatNat_self]
  cases a with
  | ofNat n => exact p n b
  | negSucc n =>
    show -((n + 1 : Nat) : Int) * b % -((n + 1 : Nat) : Int) = 0
    rw [emod_neg, Int.neg_mul, ← Int.mul_neg, p]
@[simp] theorem mul_emod_left (a b : Int) : a * b % b = 0 := by rw [Int.mul_comm, mul_emod_right]
theorem emod_eq_zero_of_dvd {a b : Int} (h : a ∣ b) : b % a = 0 := by
  obtain ⟨c, e⟩ := h
  rw [e, mul_emod_right]
theorem dvd_of_emod_eq_zero {a b : Int} (h : b % a = 0) : a ∣ b :=
  ⟨b / a, by have k := emod_add_mul_ediv b a; rw [h, Int.zero_add] at k; exact k.symm⟩
theorem dvd_iff_emod_eq_zero {a b : Int} : a ∣ b ↔ b % a = 0 := ⟨emod_eq_zero_of_dvd, dvd_of_emod_eq_zero⟩
instance decidableDvd (a b : Int) : Decidable (a ∣ b) := decidable_of_decidable_of_iff dvd_iff_emod_eq_zero.symm
theorem emod_pos_of_not_dvd {a b : Int} (h : ¬ a ∣ b) : a = 0 ∨ 0 < b % a :=
  (Decidable.em (a = 0)).elim .inl fun k => .inr <| Int.lt_of_le_of_ne (emod_nonneg b k) fun e =>
    h (dvd_of_emod_eq_zero e.symm)
protected theorem mul_ediv_cancel' {a b : Int} (h : a ∣ b) : a * (b / a) = b := by
  have k := emod_add_mul_ediv b a
  rw [emod_eq_zero_of_dvd h, Int.zero_add] at k; exact k
protected theorem ediv_mul_cancel {a b : Int} (h : b ∣ a) : a / b * b = a := by
  rw [Int.mul_comm, Int.mul_ediv_cancel' h]
protected theorem mul_ediv_cancel_left {a : Int} (b : Int) (h : a ≠ 0) : a * b / a = b := by
  have k := Int.mul_ediv_cancel' (a := a) ⟨b, rfl⟩
  have l : a * (a * b / a - b) = 0 := by rw [Int.mul_sub, k, Int.sub_self]
  exact eq_of_sub_eq_zero ((Int.mul_eq_zero.mp l).resolve_left h)
protected theorem mul_ediv_cancel (a : Int) {b : Int} (h : b ≠ 0) : a * b / b = a := by
  rw [Int.mul_comm, Int.mul_ediv_cancel_left a h]
protected theorem dvd_refl (a : Int) : a ∣ a := ⟨1, (Int.mul_one a).symm⟩
protected theorem dvd_zero (a : Int) : a ∣ 0 := ⟨0, (Int.mul_zero a).symm⟩
protected theorem dvd_mul_right (a b : Int) : a ∣ a * b := ⟨b, rfl⟩
protected theorem dvd_mul_left (a b : Int) : b ∣ a * b := ⟨a, Int.mul_comm a b⟩
protected theorem dvd_trans {a b c : Int} (h : a ∣ b) (k : b ∣ c) : a ∣ c := by
  obtain ⟨d, e⟩ := h
  obtain ⟨f, g⟩ := k
  exact ⟨d * f, by rw [g, e, Int.mul_assoc]⟩
protected theorem dvd_add {a b c : Int} (h : a ∣ b) (k : a ∣ c) : a ∣ b + c := by
  obtain ⟨d, e⟩ := h
  obtain ⟨f, g⟩ := k
  exact ⟨d + f, by rw [e, g, Int.mul_add]⟩
theorem natCast_dvd_natCast {m n : Nat} : (m : Int) ∣ n ↔ m ∣ n := by
  rw [dvd_iff_emod_eq_zero, Nat.dvd_iff_mod_eq_zero]
  exact natCast_eq_zero
/-- The representative of `x` modulo `m` that is nearest to zero. -/
def bmod (x : Int) (m : Nat) : Int :=
  let r := x % m
  if r < (m + 1) / 2 then r else r - m
end Int
