prelude
import Init.Int.Basic
/-!
Integers: the laws of addition and order, from those of the natural numbers.
-/
set_option linter.unusedVariables false
namespace Int
theorem ofNat_zero : ((0 : Nat) : Int) = 0 := rfl
theorem ofNat_one : ((1 : Nat) : Int) = 1 := rfl
theorem ofNat_add (n m : Nat) : ((n + m : Nat) : Int) = n + m := rfl
theorem ofNat_mul (n m : Nat) : ((n * m : Nat) : Int) = n * m := rfl
@[simp] theorem ofNat_eq_coe (n : Nat) : Int.ofNat n = n := rfl
theorem ofNat_inj {m n : Nat} : ((m : Nat) : Int) = n ↔ m = n := ⟨fun h => Int.ofNat.inj h, fun h => congrArg _ h⟩
@[simp] protected theorem add_zero (a : Int) : a + 0 = a := by
  cases a with
  | ofNat n => rfl
  | negSucc n => rfl
protected theorem add_comm (a b : Int) : a + b = b + a := by
  cases a with
  | ofNat n => cases b with
    | ofNat m => exact congrArg ofNat (Nat.add_comm n m)
    | negSucc m => rfl
  | negSucc n => cases b with
    | ofNat m => rfl
    | negSucc m => exact congrArg (fun k => negSucc (Nat.succ k)) (Nat.add_comm n m)
@[simp] protected theorem zero_add (a : Int) : 0 + a = a := by rw [Int.add_comm, Int.add_zero]
@[simp] protected theorem neg_zero : -(0 : Int) = 0 := rfl
@[simp] protected theorem neg_neg (a : Int) : -(-a) = a := by
  cases a with
  | ofNat n => cases n with
    | zero => rfl
    | succ n => rfl
  | negSucc n => rfl
protected theorem sub_eq_add_neg {a b : Int} : a - b = a + -b := rfl
@[simp] protected theorem sub_zero (a : Int) : a - 0 = a := Int.add_zero a
theorem subNatNat_self (n : Nat) : subNatNat n n = 0 := by
  unfold subNatNat
  rw [Nat.sub_self]
  rfl
protected theorem add_right_neg (a : Int) : a + -a = 0 := by
  cases a with
  | ofNat n => cases n with
    | zero => rfl
    | succ n => exact subNatNat_self (n + 1)
  | negSucc n => exact subNatNat_self (n + 1)
protected theorem add_left_neg (a : Int) : -a + a = 0 := by rw [Int.add_comm, Int.add_right_neg]
@[simp] protected theorem sub_self (a : Int) : a - a = 0 := Int.add_right_neg a
protected theorem mul_comm (a b : Int) : a * b = b * a := by
  cases a with
  | ofNat n => cases b with
    | ofNat m => exact congrArg ofNat (Nat.mul_comm n m)
    | negSucc m => exact congrArg negOfNat (Nat.mul_comm n (m + 1))
  | negSucc n => cases b with
    | ofNat m => exact congrArg negOfNat (Nat.mul_comm (n + 1) m)
    | negSucc m => exact congrArg ofNat (Nat.mul_comm (n + 1) (m + 1))
@[simp] protected theorem mul_zero (a : Int) : a * 0 = 0 := by
  cases a with
  | ofNat n => rfl
  | negSucc n => rfl
@[simp] protected theorem zero_mul (a : Int) : 0 * a = 0 := by rw [Int.mul_comm, Int.mul_zero]
@[simp] protected theorem mul_one (a : Int) : a * 1 = a := by
  cases a with
  | ofNat n => exact congrArg ofNat (Nat.mul_one n)
  | negSucc n => exact congrArg negOfNat (Nat.mul_one (n + 1))
@[simp] protected theorem one_mul (a : Int) : 1 * a = a := by rw [Int.mul_comm, Int.mul_one]
/-! Order -/
theorem ofNat_le {m n : Nat} : (m : Int) ≤ n ↔ m ≤ n := by
  show NonNeg (ofNat n + -ofNat m) ↔ m ≤ n
  cases m with
  | zero => exact ⟨fun _ => Nat.zero_le n, fun _ => NonNeg.mk n⟩
  | succ m =>
    show NonNeg (subNatNat n (m + 1)) ↔ _
    unfold subNatNat
    split
    · rename_i h; exact ⟨fun _ => Nat.le_of_sub_eq_zero h, fun _ => NonNeg.mk _⟩
    · rename_i k h
      exact ⟨fun h => (nomatch h), fun l => by rw [Nat.sub_eq_zero_of_le l] at h; nomatch h⟩
theorem ofNat_lt {n m : Nat} : (n : Int) < m ↔ n < m := ofNat_le (m := n + 1)
theorem ofNat_nonneg (n : Nat) : 0 ≤ (n : Int) := ofNat_le.mpr (Nat.zero_le n)
@[simp] protected theorem le_refl (a : Int) : a ≤ a := by
  show NonNeg (a - a)
  rw [Int.sub_self]
  exact NonNeg.mk 0
protected theorem le_of_eq {a b : Int} (h : a = b) : a ≤ b := h ▸ Int.le_refl a
protected theorem le_def {a b : Int} : a ≤ b ↔ NonNeg (b - a) := Iff.rfl
@[simp] theorem toNat_natCast (n : Nat) : toNat n = n := rfl
theorem toNat_of_nonneg {a : Int} (h : 0 ≤ a) : (toNat a : Int) = a := by
  cases a with
  | ofNat n => rfl
  | negSucc n =>
    have k : NonNeg (negSucc n + -0) := h
    rw [Int.neg_zero, Int.add_zero] at k
    nomatch k
end Int
