prelude
import Init.Omega.Logic
import Init.List.Lemmas
/-!
Coefficients of linear combinations, as Lean's `omega` writes them into its proofs: lists of integers that go on with zeros.
The kernel evaluates these functions in every such proof, so they are plain recursions.
-/
set_option linter.unusedVariables false
namespace Lean.Omega
abbrev IntList := List Int
namespace IntList
def get : IntList → Nat → Int
  | [], _ => 0
  | x :: _, 0 => x
  | _ :: xs, i + 1 => get xs i
def set : IntList → Nat → Int → IntList
  | [], 0, y => [y]
  | [], i + 1, y => 0 :: set [] i y
  | _ :: xs, 0, y => y :: xs
  | x :: xs, i + 1, y => x :: set xs i y
/-- The first coefficient that is not zero. -/
def leading : IntList → Int
  | [] => 0
  | x :: xs => if x = 0 then leading xs else x
def neg : IntList → IntList
  | [] => []
  | x :: xs => -x :: neg xs
def add : IntList → IntList → IntList
  | [], ys => ys
  | x :: xs, [] => x :: xs
  | x :: xs, y :: ys => (x + y) :: add xs ys
def sub : IntList → IntList → IntList
  | [], ys => neg ys
  | x :: xs, [] => x :: xs
  | x :: xs, y :: ys => (x - y) :: sub xs ys
def smul : IntList → Int → IntList
  | [], _ => []
  | x :: xs, i => (i * x) :: smul xs i
/-- `a * xs + b * ys`. -/
def combo (a : Int) : IntList → Int → IntList → IntList
  | [], b, ys => smul ys b
  | x :: xs, b, [] => smul (x :: xs) a
  | x :: xs, b, y :: ys => (a * x + b * y) :: combo a xs b ys
def dot : IntList → IntList → Int
  | x :: xs, y :: ys => x * y + dot xs ys
  | _, _ => 0
def sdiv : IntList → Int → IntList
  | [], _ => []
  | x :: xs, g => (x / g) :: sdiv xs g
def gcd : IntList → Nat
  | [] => 0
  | x :: xs => Nat.gcd x.natAbs (gcd xs)
def bmod : IntList → Nat → IntList
  | [], _ => []
  | x :: xs, m => Int.bmod x m :: bmod xs m
instance : Add IntList := ⟨add⟩
instance : Sub IntList := ⟨sub⟩
instance : Neg IntList := ⟨neg⟩
instance : HMul Int IntList IntList := ⟨fun i xs => smul xs i⟩
@[simp] theorem dot_nil_left (ys : IntList) : dot [] ys = 0 := rfl
@[simp] theorem dot_nil_right (xs : IntList) : dot xs [] = 0 := by cases xs <;> rfl
theorem dot_cons₂ (x : Int) (xs : IntList) (y : Int) (ys : IntList) : dot (x :: xs) (y :: ys) = x * y + dot xs ys := rfl
theorem dot_add_left (xs ys zs : IntList) : dot (add xs ys) zs = dot xs zs + dot ys zs := by
  induction xs generalizing ys zs with
  | nil => exact (Int.zero_add _).symm
  | cons x xs ih => cases ys with
    | nil => exact (Int.add_zero _).symm
    | cons y ys => cases zs with
      | nil => rfl
      | cons z zs =>
        show (x + y) * z + dot (add xs ys) zs = x * z + dot xs zs + (y * z + dot ys zs)
        rw [ih, Int.add_mul, Int.add_assoc, Int.add_assoc, Int.add_left_comm (y * z)]
theorem dot_neg_left (xs ys : IntList) : dot (neg xs) ys = -dot xs ys := by
  induction xs generalizing ys with
  | nil => rfl
  | cons x xs ih => cases ys with
    | nil => rfl
    | cons y ys =>
      show -x * y + dot (neg xs) ys = -(x * y + dot xs ys)
      rw [ih, Int.neg_mul, Int.neg_add]
theorem dot_sub_left (xs ys zs : IntList) : dot (sub xs ys) zs = dot xs zs - dot ys zs := by
  induction xs generalizing ys zs with
  | nil => rw [dot_nil_left, Int.zero_sub]; exact dot_neg_left ys zs
  | cons x xs ih => cases ys with
    | nil => exact (Int.sub_zero _).symm
    | cons y ys => cases zs with
      | nil => rfl
      | cons z zs =>
        show (x - y) * z + dot (sub xs ys) zs = x * z + dot xs zs - (y * z + dot ys zs)
        rw [ih, Int.sub_mul, Int.sub_eq_add_neg, Int.sub_eq_add_neg, Int.sub_eq_add_neg, Int.neg_add, Int.add_assoc,
          Int.add_assoc, Int.add_left_comm (-(y * z))]
theorem dot_smul_left (xs ys : IntList) (i : Int) : dot (smul xs i) ys = i * dot xs ys := by
  induction xs generalizing ys with
  | nil => exact (Int.mul_zero i).symm
  | cons x xs ih => cases ys with
    | nil => exact (Int.mul_zero i).symm
    | cons y ys =>
      show i * x * y + dot (smul xs i) ys = i * (x * y + dot xs ys)
      rw [ih, Int.mul_add, Int.mul_assoc]
theorem dot_combo_left (a : Int) (xs : IntList) (b : Int) (ys zs : IntList) :
    dot (combo a xs b ys) zs = a * dot xs zs + b * dot ys zs := by
  induction xs generalizing ys zs with
  | nil =>
    rw [dot_nil_left, Int.mul_zero, Int.zero_add]
    exact dot_smul_left ys zs b
  | cons x xs ih => cases ys with
    | nil =>
      rw [dot_nil_left, Int.mul_zero, Int.add_zero]
      exact dot_smul_left (x :: xs) zs a
    | cons y ys => cases zs with
      | nil => show 0 = a * 0 + b * 0; rw [Int.mul_zero, Int.mul_zero]; rfl
      | cons z zs =>
        show (a * x + b * y) * z + dot (combo a xs b ys) zs = a * (x * z + dot xs zs) + b * (y * z + dot ys zs)
        rw [ih, Int.add_mul, Int.mul_add, Int.mul_add, Int.mul_assoc, Int.mul_assoc, Int.add_assoc, Int.add_assoc,
          Int.add_left_comm (b * (y * z))]
theorem dot_of_left_zero {xs ys : IntList} (h : ∀ x, x ∈ xs → x = 0) : dot xs ys = 0 := by
  induction xs generalizing ys with
  | nil => rfl
  | cons x xs ih => cases ys with
    | nil => rfl
    | cons y ys =>
      rw [dot_cons₂, ih (fun x m => h x (.tail _ m)), h x (.head _), Int.zero_mul]; rfl
/-- One coordinate added where the coefficients were over. -/
theorem dot_set_of_length_le {xs : IntList} {i : Nat} (h : xs.length ≤ i) (z : Int) (ys : IntList) :
    dot (set xs i z) ys = dot xs ys + z * get ys i := by
  induction i generalizing xs ys with
  | zero => cases xs with
    | nil => cases ys with
      | nil => show 0 = 0 + z * 0; rw [Int.mul_zero]; rfl
      | cons y ys => show z * y + 0 = 0 + z * y; rw [Int.add_zero, Int.zero_add]
    | cons x xs => exact absurd h (Nat.not_succ_le_zero _)
  | succ i ih => cases xs with
    | nil => cases ys with
      | nil => show 0 = 0 + z * 0; rw [Int.mul_zero]; rfl
      | cons y ys =>
        show 0 * y + dot (set [] i z) ys = 0 + z * get ys i
        rw [ih (xs := []) (Nat.zero_le i), Int.zero_mul, dot_nil_left, Int.zero_add]
    | cons x xs => cases ys with
      | nil => show 0 = 0 + z * 0; rw [Int.mul_zero]; rfl
      | cons y ys =>
        show x * y + dot (set xs i z) ys = x * y + dot xs ys + z * get ys i
        rw [ih (Nat.le_of_succ_le_succ h), Int.add_assoc]
/-! Common divisors -/
theorem gcd_dvd {xs : IntList} {x : Int} (m : x ∈ xs) : (gcd xs : Int) ∣ x := by
  have p : ∀ {n : Nat} {a : Int}, n ∣ a.natAbs → (n : Int) ∣ a := fun {n a} h => by
    have k : (n : Int) ∣ (a.natAbs : Int) := Int.natCast_dvd_natCast.mpr h
    cases a with
    | ofNat i => exact k
    | negSucc i =>
      obtain ⟨c, e⟩ := k
      exact ⟨-c, by rw [Int.mul_neg, ← e]; rfl⟩
  apply p
  induction m with
  | head xs => exact Nat.gcd_dvd_left _ _
  | tail y _ ih => exact Nat.dvd_trans (Nat.gcd_dvd_right _ _) ih
theorem mul_dot_sdiv {xs : IntList} {g : Int} (h : ∀ x, x ∈ xs → g ∣ x) (ys : IntList) :
    g * dot (sdiv xs g) ys = dot xs ys := by
  induction xs generalizing ys with
  | nil => exact Int.mul_zero g
  | cons x xs ih => cases ys with
    | nil => exact Int.mul_zero g
    | cons y ys =>
      show g * (x / g * y + dot (sdiv xs g) ys) = x * y + dot xs ys
      rw [Int.mul_add, ih (fun x m => h x (.tail _ m)), ← Int.mul_assoc, Int.mul_ediv_cancel' (h x (.head _))]
theorem eq_zero_of_gcd_eq_zero {xs : IntList} (h : gcd xs = 0) (x : Int) (m : x ∈ xs) : x = 0 := by
  obtain ⟨c, e⟩ := gcd_dvd m
  rw [h] at e
  rw [e]; exact Int.zero_mul c
/-! Remainders nearest to zero -/
theorem exists_bmod (x : Int) (m : Nat) : ∃ q, Int.bmod x m = x - m * q := by
  unfold Int.bmod
  dsimp only
  split
  · exact ⟨x / m, Int.emod_def x m⟩
  · refine ⟨x / m + 1, ?_⟩
    rw [Int.emod_def, Int.mul_add, Int.mul_one, Int.sub_sub]
theorem exists_dot_bmod (m : Nat) (xs ys : IntList) : ∃ k, dot (bmod xs m) ys = dot xs ys - m * k := by
  induction xs generalizing ys with
  | nil => exact ⟨0, by rw [Int.mul_zero]; rfl⟩
  | cons x xs ih => cases ys with
    | nil => exact ⟨0, by rw [Int.mul_zero]; rfl⟩
    | cons y ys =>
      obtain ⟨k, e⟩ := ih ys
      obtain ⟨q, d⟩ := exists_bmod x m
      refine ⟨q * y + k, ?_⟩
      show Int.bmod x m * y + dot (bmod xs m) ys = x * y + dot xs ys - m * (q * y + k)
      rw [e, d, Int.sub_mul, Int.mul_add, Int.sub_eq_add_neg, Int.sub_eq_add_neg, Int.sub_eq_add_neg, Int.neg_add,
        Int.mul_assoc, Int.add_assoc, Int.add_assoc, Int.add_left_comm (-(m * (q * y)))]
theorem length_bmod (xs : IntList) (m : Nat) : (bmod xs m).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih => exact congrArg Nat.succ ih
end IntList
abbrev Coeffs := IntList
namespace Coeffs
abbrev toList (xs : Coeffs) : List Int := xs
abbrev ofList (xs : List Int) : Coeffs := xs
abbrev isZero (xs : Coeffs) : Prop := ∀ x, x ∈ xs → x = 0
abbrev set (xs : Coeffs) (i : Nat) (y : Int) : Coeffs := IntList.set xs i y
abbrev get (xs : Coeffs) (i : Nat) : Int := IntList.get xs i
abbrev gcd (xs : Coeffs) : Nat := IntList.gcd xs
abbrev smul (xs : Coeffs) (g : Int) : Coeffs := IntList.smul xs g
abbrev sdiv (xs : Coeffs) (g : Int) : Coeffs := IntList.sdiv xs g
abbrev dot (xs ys : Coeffs) : Int := IntList.dot xs ys
abbrev add (xs ys : Coeffs) : Coeffs := IntList.add xs ys
abbrev sub (xs ys : Coeffs) : Coeffs := IntList.sub xs ys
abbrev neg (xs : Coeffs) : Coeffs := IntList.neg xs
abbrev combo (a : Int) (xs : Coeffs) (b : Int) (ys : Coeffs) : Coeffs := IntList.combo a xs b ys
abbrev length (xs : Coeffs) : Nat := List.length xs
abbrev leading (xs : Coeffs) : Int := IntList.leading xs
abbrev bmod (x : Coeffs) (m : Nat) : Coeffs := IntList.bmod x m
/-- What the remainders' combination lacks to the combination's remainder: a multiple of `m`. -/
abbrev bmod_dot_sub_dot_bmod (m : Nat) (a b : Coeffs) : Int := Int.bmod (dot a b) m - dot (bmod a m) b
theorem dvd_bmod_dot_sub_dot_bmod (m : Nat) (xs ys : Coeffs) : (m : Int) ∣ bmod_dot_sub_dot_bmod m xs ys := by
  obtain ⟨k, e⟩ := IntList.exists_dot_bmod m xs ys
  obtain ⟨q, d⟩ := IntList.exists_bmod (dot xs ys) m
  refine ⟨k - q, ?_⟩
  show Int.bmod (IntList.dot xs ys) m - IntList.dot (IntList.bmod xs m) ys = _
  rw [e, d, Int.mul_sub, Int.sub_eq_add_neg, Int.neg_sub, Int.sub_eq_add_neg, Int.sub_eq_add_neg,
    Int.add_comm (IntList.dot xs ys), Int.add_assoc, Int.add_left_comm (IntList.dot xs ys), Int.add_right_neg,
    Int.add_zero, Int.add_comm]
  rfl
end Coeffs
end Lean.Omega
