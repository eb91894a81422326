prelude
import Init.WF
import Init.Nat.Sub
/-!
Division, remainder and divisibility of natural numbers.

`Nat.div` and `Nat.mod` are functions that Lean's kernel computes by itself, so what they are defined to be here must be, and
is, what stock Lean's are: the quotient and the remainder, and for the divisor zero the quotient 0 and the remainder n.
-/
set_option linter.unusedVariables false
theorem Nat.div_rec_lemma {x y : Nat} (h : 0 < y ∧ y ≤ x) : x - y < x :=
  Nat.sub_lt (Nat.lt_of_lt_of_le h.1 h.2) h.1
theorem Nat.div_rec_fuel_lemma {x y fuel : Nat} (hy : 0 < y) (hle : y ≤ x) (hfuel : x < fuel + 1) : x - y < fuel :=
  Nat.lt_of_lt_of_le (Nat.div_rec_lemma ⟨hy, hle⟩) (Nat.le_of_lt_succ hfuel)
def Nat.div.go (y : Nat) (hy : 0 < y) : (fuel x : Nat) → (hfuel : x < fuel) → Nat
  | 0, x, hfuel => absurd hfuel (Nat.not_lt_zero _)
  | fuel + 1, x, hfuel =>
    if h : y ≤ x then Nat.div.go y hy fuel (x - y) (Nat.div_rec_fuel_lemma hy h hfuel) + 1 else 0
@[extern "lean_nat_div"] protected def Nat.div (x y : @& Nat) : Nat :=
  if hy : 0 < y then Nat.div.go y hy (x + 1) x (Nat.lt_succ_self _) else 0
instance Nat.instDivNat : Div Nat := ⟨Nat.div⟩
theorem Nat.div.go_fuel (y : Nat) (hy : 0 < y) (f₁ f₂ x : Nat) (h₁ : x < f₁) (h₂ : x < f₂) :
    Nat.div.go y hy f₁ x h₁ = Nat.div.go y hy f₂ x h₂ := by
  induction f₁ generalizing f₂ x with
  | zero => exact absurd h₁ (Nat.not_lt_zero _)
  | succ f₁ ih =>
    cases f₂ with
    | zero => exact absurd h₂ (Nat.not_lt_zero _)
    | succ f₂ =>
      unfold Nat.div.go
      split
      · exact congrArg (· + 1) (ih _ _ _ _)
      · rfl
theorem Nat.div_eq (x y : Nat) : x / y = if 0 < y ∧ y ≤ x then (x - y) / y + 1 else 0 := by
  show Nat.div x y = if 0 < y ∧ y ≤ x then Nat.div (x - y) y + 1 else 0
  by_cases hy : 0 < y
  · by_cases h : y ≤ x
    · rw [if_pos ⟨hy, h⟩]
      unfold Nat.div
      rw [dif_pos hy, dif_pos hy, Nat.div.go, dif_pos h]
      exact congrArg (· + 1) (Nat.div.go_fuel ..)
    · rw [if_neg (fun k => h k.2)]
      unfold Nat.div
      rw [dif_pos hy, Nat.div.go, dif_neg h]
  · rw [if_neg (fun k => hy k.1)]
    unfold Nat.div
    rw [dif_neg hy]
def Nat.modCore.go (y : Nat) (hy : 0 < y) : (fuel x : Nat) → (hfuel : x < fuel) → Nat
  | 0, x, hfuel => absurd hfuel (Nat.not_lt_zero _)
  | fuel + 1, x, hfuel =>
    if h : y ≤ x then Nat.modCore.go y hy fuel (x - y) (Nat.div_rec_fuel_lemma hy h hfuel) else x
@[extern "lean_nat_mod"] protected noncomputable def Nat.modCore (x y : Nat) : Nat :=
  if hy : 0 < y then Nat.modCore.go y hy (x + 1) x (Nat.lt_succ_self _) else x
@[extern "lean_nat_mod"] protected def Nat.mod : @& Nat → @& Nat → Nat
  | 0, _ => 0
  | n@(_ + 1), m => if m ≤ n then Nat.modCore n m else n
instance Nat.instModNat : Mod Nat := ⟨Nat.mod⟩
theorem Nat.modCore.go_fuel (y : Nat) (hy : 0 < y) (f₁ f₂ x : Nat) (h₁ : x < f₁) (h₂ : x < f₂) :
    Nat.modCore.go y hy f₁ x h₁ = Nat.modCore.go y hy f₂ x h₂ := by
  induction f₁ generalizing f₂ x with
  | zero => exact absurd h₁ (Nat.not_lt_zero _)
  | succ f₁ ih =>
    cases f₂ with
    | zero => exact absurd h₂ (Nat.not_lt_zero _)
    | succ f₂ =>
      unfold Nat.modCore.go
      split
      · exact ih _ _ _ _
      · rfl
theorem Nat.modCore_eq (x y : Nat) : Nat.modCore x y = if 0 < y ∧ y ≤ x then Nat.modCore (x - y) y else x := by
  by_cases hy : 0 < y
  · by_cases h : y ≤ x
    · rw [if_pos ⟨hy, h⟩]
      unfold Nat.modCore
      rw [dif_pos hy, dif_pos hy, Nat.modCore.go, dif_pos h]
      exact Nat.modCore.go_fuel ..
    · rw [if_neg (fun k => h k.2)]
      unfold Nat.modCore
      rw [dif_pos hy, Nat.modCore.go, dif_neg h]
  · rw [if_neg (fun k => hy k.1)]
    unfold Nat.modCore
    rw [dif_neg hy]
theorem Nat.modCore_eq_mod (x y : Nat) : Nat.modCore x y = x % y := by
  show Nat.modCore x y = Nat.mod x y
  cases x with
  | zero =>
    rw [Nat.modCore_eq]
    split
    · rename_i h; exact absurd (Nat.lt_of_lt_of_le h.1 h.2) (Nat.lt_irrefl 0)
    · rfl
  | succ n =>
    show _ = if y ≤ n + 1 then Nat.modCore (n + 1) y else n + 1
    split
    · rfl
    · rename_i h
      rw [Nat.modCore_eq, if_neg (fun k => h k.2)]
theorem Nat.mod_eq (x y : Nat) : x % y = if 0 < y ∧ y ≤ x then (x - y) % y else x := by
  rw [← Nat.modCore_eq_mod, ← Nat.modCore_eq_mod, ← Nat.modCore_eq]
@[simp] theorem Nat.div_zero (n : Nat) : n / 0 = 0 := by
  rw [Nat.div_eq, if_neg (fun k => Nat.lt_irrefl 0 k.1)]
@[simp] theorem Nat.mod_zero (n : Nat) : n % 0 = n := by
  rw [Nat.mod_eq, if_neg (fun k => Nat.lt_irrefl 0 k.1)]
theorem Nat.div_eq_of_lt {a b : Nat} (h : a < b) : a / b = 0 := by
  rw [Nat.div_eq, if_neg (fun k => Nat.not_le_of_lt h k.2)]
theorem Nat.mod_eq_of_lt {a b : Nat} (h : a < b) : a % b = a := by
  rw [Nat.mod_eq, if_neg (fun k => Nat.not_le_of_lt h k.2)]
theorem Nat.div_eq_sub_div {b a : Nat} (h₁ : 0 < b) (h₂ : b ≤ a) : a / b = (a - b) / b + 1 := by
  rw [Nat.div_eq a, if_pos ⟨h₁, h₂⟩]
theorem Nat.mod_eq_sub_mod {a b : Nat} (h : a ≥ b) : a % b = (a - b) % b := by
  cases Nat.eq_zero_or_pos b with
  | inl e => rw [e]; rfl
  | inr k => rw [Nat.mod_eq a, if_pos ⟨k, h⟩]
theorem Nat.mod_lt (x : Nat) {y : Nat} (h : y > 0) : x % y < y := by
  induction x using Nat.strongRecOn with
  | _ x ih =>
    rw [Nat.mod_eq]
    split
    · rename_i k; exact ih _ (Nat.div_rec_lemma k)
    · rename_i k; exact Nat.not_le.mp fun e => k ⟨h, e⟩
theorem Nat.div_add_mod (m k : Nat) : k * (m / k) + m % k = m := by
  induction m using Nat.strongRecOn with
  | _ m ih =>
    rw [Nat.div_eq, Nat.mod_eq]
    split
    · rename_i h
      rw [Nat.mul_add_one, Nat.add_right_comm, ih _ (Nat.div_rec_lemma h), Nat.sub_add_cancel h.2]
    · rw [Nat.mul_zero, Nat.zero_add]
theorem Nat.mod_add_div (m k : Nat) : m % k + k * (m / k) = m := by rw [Nat.add_comm, Nat.div_add_mod]
theorem Nat.mod_le (x y : Nat) : x % y ≤ x := by
  have h := Nat.mod_add_div x y
  exact Nat.le.intro h
@[simp] theorem Nat.zero_div (b : Nat) : 0 / b = 0 := by
  rw [Nat.div_eq, if_neg (fun k => Nat.lt_irrefl 0 (Nat.lt_of_lt_of_le k.1 k.2))]
@[simp] theorem Nat.zero_mod (b : Nat) : 0 % b = 0 := by
  rw [Nat.mod_eq, if_neg (fun k => Nat.lt_irrefl 0 (Nat.lt_of_lt_of_le k.1 k.2))]
@[simp] theorem Nat.mod_self (n : Nat) : n % n = 0 := by
  rw [Nat.mod_eq_sub_mod (Nat.le_refl n), Nat.sub_self, Nat.zero_mod]
theorem Nat.mod_one (x : Nat) : x % 1 = 0 := Nat.eq_zero_of_le_zero (Nat.le_of_lt_succ (Nat.mod_lt x Nat.zero_lt_one))
@[simp] theorem Nat.div_one (n : Nat) : n / 1 = n := by
  have h := Nat.div_add_mod n 1
  rw [Nat.mod_one, Nat.one_mul, Nat.add_zero] at h; exact h
@[simp] theorem Nat.add_mod_right (x z : Nat) : (x + z) % z = x % z := by
  rw [Nat.mod_eq_sub_mod (Nat.le_add_left z x), Nat.add_sub_cancel]
@[simp] theorem Nat.add_mod_left (x z : Nat) : (x + z) % x = z % x := by rw [Nat.add_comm, Nat.add_mod_right]
@[simp] theorem Nat.add_mul_mod_self_left (x y z : Nat) : (x + y * z) % y = x % y := by
  induction z with
  | zero => rfl
  | succ z ih => rw [Nat.mul_add_one, ← Nat.add_assoc, Nat.add_mod_right, ih]
@[simp] theorem Nat.add_mul_mod_self_right (x y z : Nat) : (x + y * z) % z = x % z := by
  rw [Nat.mul_comm, Nat.add_mul_mod_self_left]
@[simp] theorem Nat.mul_mod_right (m n : Nat) : (m * n) % m = 0 := by
  have h := Nat.add_mul_mod_self_left 0 m n
  rw [Nat.zero_add, Nat.zero_mod] at h; exact h
@[simp] theorem Nat.mul_mod_left (m n : Nat) : (m * n) % n = 0 := by rw [Nat.mul_comm, Nat.mul_mod_right]
@[simp] theorem Nat.mod_mod (a n : Nat) : (a % n) % n = a % n := by
  cases Nat.eq_zero_or_pos n with
  | inl e => rw [e, Nat.mod_zero]
  | inr h => exact Nat.mod_eq_of_lt (Nat.mod_lt a h)
@[simp] theorem Nat.mod_add_mod (m n k : Nat) : (m % n + k) % n = (m + k) % n := by
  have h := Nat.add_mul_mod_self_left (m % n + k) n (m / n)
  rw [Nat.add_right_comm, Nat.mod_add_div] at h; exact h.symm
@[simp] theorem Nat.add_mod_mod (m n k : Nat) : (m + n % k) % k = (m + n) % k := by
  rw [Nat.add_comm, Nat.mod_add_mod, Nat.add_comm]
theorem Nat.add_mod (a b n : Nat) : (a + b) % n = ((a % n) + (b % n)) % n := by rw [Nat.add_mod_mod, Nat.mod_add_mod]
theorem Nat.add_div_right (x : Nat) {z : Nat} (h : 0 < z) : (x + z) / z = x / z + 1 := by
  rw [Nat.div_eq_sub_div h (Nat.le_add_left z x), Nat.add_sub_cancel]
theorem Nat.add_mul_div_left (x z : Nat) {y : Nat} (h : 0 < y) : (x + y * z) / y = x / y + z := by
  induction z with
  | zero => rfl
  | succ z ih => rw [Nat.mul_add_one, ← Nat.add_assoc, Nat.add_div_right _ h, ih, Nat.add_assoc]
protected theorem Nat.mul_div_cancel (m : Nat) {n : Nat} (h : 0 < n) : m * n / n = m := by
  have k := Nat.add_mul_div_left 0 m h
  rw [Nat.zero_add, Nat.zero_div, Nat.zero_add, Nat.mul_comm] at k; exact k
protected theorem Nat.mul_div_cancel_left (m : Nat) {n : Nat} (h : 0 < n) : n * m / n = m := by
  rw [Nat.mul_comm, Nat.mul_div_cancel m h]
protected theorem Nat.div_self {n : Nat} (h : 0 < n) : n / n = 1 := by
  have k := Nat.mul_div_cancel 1 h
  rw [Nat.one_mul] at k; exact k
theorem Nat.div_mul_le_self (m n : Nat) : m / n * n ≤ m := by
  rw [Nat.mul_comm]; exact Nat.le.intro (Nat.div_add_mod m n)
theorem Nat.mul_div_le (m n : Nat) : n * (m / n) ≤ m := Nat.le.intro (Nat.div_add_mod m n)
theorem Nat.div_le_self (n k : Nat) : n / k ≤ n := by
  cases Nat.eq_zero_or_pos k with
  | inl e => rw [e, Nat.div_zero]; exact Nat.zero_le n
  | inr h => exact Nat.le_trans (Nat.le_mul_of_pos_right _ h) (Nat.div_mul_le_self n k)
theorem Nat.lt_mul_div_succ (a : Nat) {b : Nat} (h : 0 < b) : a < b * (a / b + 1) := by
  rw [Nat.mul_add_one]
  have k := Nat.add_lt_add_left (Nat.mod_lt a h) (b * (a / b))
  rw [Nat.div_add_mod] at k; exact k
theorem Nat.le_div_iff_mul_le {k x y : Nat} (h : 0 < k) : x ≤ y / k ↔ x * k ≤ y :=
  ⟨fun e => Nat.le_trans (Nat.mul_le_mul_right k e) (Nat.div_mul_le_self y k),
   fun e => Nat.not_lt.mp fun l => by
    have a := Nat.lt_mul_div_succ y h
    have b := Nat.mul_le_mul_left k (Nat.succ_le_of_lt l)
    have c := Nat.lt_of_lt_of_le a b
    rw [Nat.mul_comm] at c
    exact Nat.not_le_of_lt c e⟩
theorem Nat.div_lt_iff_lt_mul {k x y : Nat} (h : 0 < k) : x / k < y ↔ x < y * k := by
  rw [← Nat.not_le, ← Nat.not_le, Nat.le_div_iff_mul_le h]
theorem Nat.div_lt_self {n k : Nat} (hn : 0 < n) (hk : 1 < k) : n / k < n := by
  rw [Nat.div_lt_iff_lt_mul (Nat.lt_trans Nat.zero_lt_one hk)]
  have h := Nat.mul_lt_mul_of_pos_left hk hn
  rw [Nat.mul_one] at h; exact h
theorem Nat.div_le_div_right {m n k : Nat} (h : m ≤ n) : m / k ≤ n / k := by
  cases Nat.eq_zero_or_pos k with
  | inl e => rw [e, Nat.div_zero, Nat.div_zero]; exact Nat.le_refl 0
  | inr p => exact (Nat.le_div_iff_mul_le p).mpr (Nat.le_trans (Nat.div_mul_le_self m k) h)
theorem Nat.mod_two_eq_zero_or_one (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := by
  have h : n % 2 < 2 := Nat.mod_lt n (by decide)
  cases Nat.eq_or_lt_of_le (Nat.le_of_lt_succ h) with
  | inl e => exact .inr e
  | inr l => exact .inl (Nat.lt_one_iff.mp l)
/-! Divisibility -/
instance Nat.instDvdNat : Dvd Nat := ⟨fun a b => ∃ c, b = a * c⟩
protected theorem Nat.dvd_refl (a : Nat) : a ∣ a := ⟨1, (Nat.mul_one a).symm⟩
protected theorem Nat.dvd_zero (a : Nat) : a ∣ 0 := ⟨0, rfl⟩
protected theorem Nat.one_dvd (n : Nat) : 1 ∣ n := ⟨n, (Nat.one_mul n).symm⟩
protected theorem Nat.dvd_mul_left (a b : Nat) : a ∣ b * a := ⟨b, Nat.mul_comm b a⟩
protected theorem Nat.dvd_mul_right (a b : Nat) : a ∣ a * b := ⟨b, rfl⟩
protected theorem Nat.dvd_trans {a b c : Nat} (h₁ : a ∣ b) (h₂ : b ∣ c) : a ∣ c := by
  obtain ⟨d, e⟩ := h₁
  obtain ⟨f, g⟩ := h₂
  exact ⟨d * f, by rw [g, e, Nat.mul_assoc]⟩
protected theorem Nat.dvd_add {m n k : Nat} (h₁ : k ∣ m) (h₂ : k ∣ n) : k ∣ m + n := by
  obtain ⟨d, e⟩ := h₁
  obtain ⟨f, g⟩ := h₂
  exact ⟨d + f, by rw [e, g, Nat.mul_add]⟩
theorem Nat.dvd_of_mod_eq_zero {k n : Nat} (h : n % k = 0) : k ∣ n :=
  ⟨n / k, by have := Nat.div_add_mod n k; rw [h, Nat.add_zero] at this; exact this.symm⟩
theorem Nat.mod_eq_zero_of_dvd {k n : Nat} (h : k ∣ n) : n % k = 0 := by
  obtain ⟨c, e⟩ := h
  rw [e, Nat.mul_mod_right]
theorem Nat.dvd_iff_mod_eq_zero {k n : Nat} : k ∣ n ↔ n % k = 0 := ⟨Nat.mod_eq_zero_of_dvd, Nat.dvd_of_mod_eq_zero⟩
instance Nat.decidable_dvd : @DecidableRel Nat Nat (fun a b => a ∣ b) := fun a b =>
  decidable_of_decidable_of_iff (Nat.dvd_iff_mod_eq_zero (k := a) (n := b)).symm
theorem Nat.le_of_dvd {m n : Nat} (h : 0 < n) (k : m ∣ n) : m ≤ n := by
  obtain ⟨c, e⟩ := k
  cases c with
  | zero => rw [e] at h; exact absurd h (Nat.lt_irrefl 0)
  | succ c => rw [e, Nat.mul_add_one]; exact Nat.le_add_left m _
/-! Greatest common divisor, logarithm, bits: only what the kernel computes, under its meaning. -/
@[extern "lean_nat_gcd"] def Nat.gcd (m n : @& Nat) : Nat :=
  if h : m = 0 then n else Nat.gcd (n % m) m
termination_by m
decreasing_by exact Nat.mod_lt n (Nat.pos_of_ne_zero h)
private theorem Nat.gcd_dvd_both (m n : Nat) : Nat.gcd m n ∣ m ∧ Nat.gcd m n ∣ n := by
  induction m using Nat.strongRecOn generalizing n with
  | _ m ih =>
    rw [Nat.gcd]
    split
    · rename_i h; rw [h]; exact ⟨Nat.dvd_zero n, Nat.dvd_refl n⟩
    · rename_i h
      obtain ⟨k, l⟩ := ih _ (Nat.mod_lt n (Nat.pos_of_ne_zero h)) m
      have d := Nat.dvd_add (Nat.dvd_trans l (Nat.dvd_mul_right m (n / m))) k
      rw [Nat.div_add_mod] at d
      exact ⟨l, d⟩
theorem Nat.gcd_dvd_left (m n : Nat) : Nat.gcd m n ∣ m := (Nat.gcd_dvd_both m n).1
theorem Nat.gcd_dvd_right (m n : Nat) : Nat.gcd m n ∣ n := (Nat.gcd_dvd_both m n).2
@[extern "lean_nat_log2"] def Nat.log2 (n : @& Nat) : Nat :=
  if h : n ≥ 2 then Nat.log2 (n / 2) + 1 else 0
termination_by n
decreasing_by exact Nat.div_lt_self (Nat.lt_of_lt_of_le (by decide) h) (by decide)
