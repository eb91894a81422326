prelude
import Init.Int.Lemmas
/-!
The order of the integers, by cases on the constructors.
-/
set_option linter.unusedVariables false
namespace Int
private theorem not_nonneg_negSucc {n : Nat} : ¬ NonNeg (negSucc n) := fun h => nomatch h
private theorem negSucc_le_ofNat (m n : Nat) : negSucc m ≤ ofNat n := NonNeg.mk _
private theorem not_ofNat_le_negSucc (m n : Nat) : ¬ ofNat m ≤ negSucc n := by
  cases m with
  | zero => exact not_nonneg_negSucc
  | succ m => exact not_nonneg_negSucc
private theorem negSucc_le_negSucc' {m n : Nat} : negSucc m ≤ negSucc n ↔ n ≤ m := by
  show NonNeg (subNatNat (m + 1) (n + 1)) ↔ n ≤ m
  unfold subNatNat
  rw [Nat.add_one_sub_add_one]
  split
  · rename_i h; exact ⟨fun _ => Nat.le_of_sub_eq_zero h, fun _ => NonNeg.mk _⟩
  · rename_i k h
    exact ⟨fun h => absurd h not_nonneg_negSucc, fun l => by rw [Nat.sub_eq_zero_of_le l] at h; nomatch h⟩
private theorem ofNat_le' {m n : Nat} : ofNat m ≤ ofNat n ↔ m ≤ n := ofNat_le
protected theorem le_total (a b : Int) : a ≤ b ∨ b ≤ a := by
  cases a with
  | ofNat m => cases b with
    | ofNat n => exact (Nat.le_total m n).imp ofNat_le'.mpr ofNat_le'.mpr
    | negSucc n => exact .inr (negSucc_le_ofNat n m)
  | negSucc m => cases b with
    | ofNat n => exact .inl (negSucc_le_ofNat m n)
    | negSucc n => exact (Nat.le_total n m).imp negSucc_le_negSucc'.mpr negSucc_le_negSucc'.mpr
protected theorem le_trans {a b c : Int} (h₁ : a ≤ b) (h₂ : b ≤ c) : a ≤ c := by
  cases a with
  | ofNat m => cases b with
    | ofNat n => cases c with
      | ofNat k => exact ofNat_le'.mpr (Nat.le_trans (ofNat_le'.mp h₁) (ofNat_le'.mp h₂))
      | negSucc k => exact absurd h₂ (not_ofNat_le_negSucc n k)
    | negSucc n => exact absurd h₁ (not_ofNat_le_negSucc m n)
  | negSucc m => cases c with
    | ofNat k => exact negSucc_le_ofNat m k
    | negSucc k => cases b with
      | ofNat n => exact absurd h₂ (not_ofNat_le_negSucc n k)
      | negSucc n =>
        exact negSucc_le_negSucc'.mpr (Nat.le_trans (negSucc_le_negSucc'.mp h₂) (negSucc_le_negSucc'.mp h₁))
protected theorem le_antisymm {a b : Int} (h₁ : a ≤ b) (h₂ : b ≤ a) : a = b := by
  cases a with
  | ofNat m => cases b with
    | ofNat n => exact congrArg ofNat (Nat.le_antisymm (ofNat_le'.mp h₁) (ofNat_le'.mp h₂))
    | negSucc n => exact absurd h₁ (not_ofNat_le_negSucc m n)
  | negSucc m => cases b with
    | ofNat n => exact absurd h₂ (not_ofNat_le_negSucc n m)
    | negSucc n => exact congrArg negSucc (Nat.le_antisymm (negSucc_le_negSucc'.mp h₂) (negSucc_le_negSucc'.mp h₁))
private theorem negSucc_add_one_le (n : Nat) (b : Int) : negSucc n + 1 ≤ b ↔ ¬ b ≤ negSucc n := by
  cases n with
  | zero =>
    show ofNat 0 ≤ b ↔ _
    cases b with
    | ofNat k => exact ⟨fun _ => not_ofNat_le_negSucc k 0, fun _ => ofNat_le'.mpr (Nat.zero_le k)⟩
    | negSucc k =>
      exact ⟨fun h => absurd h (not_ofNat_le_negSucc 0 k), fun h => absurd (negSucc_le_negSucc'.mpr (Nat.zero_le k)) h⟩
  | succ n =>
    show negSucc n ≤ b ↔ _
    cases b with
    | ofNat k => exact ⟨fun _ => not_ofNat_le_negSucc k (n + 1), fun _ => negSucc_le_ofNat n k⟩
    | negSucc k =>
      rw [negSucc_le_negSucc', negSucc_le_negSucc', Nat.not_le]
      exact Nat.lt_add_one_iff.symm
@[simp] protected theorem not_le {a b : Int} : ¬ a ≤ b ↔ b < a := by
  cases b with
  | ofNat n => cases a with
    | ofNat m =>
      show _ ↔ ofNat (n + 1) ≤ ofNat m
      rw [ofNat_le', ofNat_le', Nat.not_le]
      exact Iff.rfl
    | negSucc m =>
      show _ ↔ ofNat (n + 1) ≤ negSucc m
      exact ⟨fun h => absurd (negSucc_le_ofNat m n) h, fun h => absurd h (not_ofNat_le_negSucc _ m)⟩
  | negSucc n => exact (negSucc_add_one_le n a).symm
@[simp] protected theorem not_lt {a b : Int} : ¬ a < b ↔ b ≤ a := by
  rw [← Int.not_le, Classical.not_not]
protected theorem lt_irrefl (a : Int) : ¬ a < a := Int.not_lt.mpr (Int.le_refl a)
protected theorem lt_or_ge (a b : Int) : a < b ∨ a ≥ b :=
  (Decidable.em (b ≤ a)).elim .inr fun h => .inl (Int.not_le.mp h)
protected theorem le_of_lt {a b : Int} (h : a < b) : a ≤ b :=
  (Int.le_total a b).elim id fun k => absurd k (Int.not_le.mpr h)
protected theorem lt_of_lt_of_le {a b c : Int} (h : a < b) (k : b ≤ c) : a < c :=
  Int.not_le.mp fun l => Int.not_le.mpr h (Int.le_trans k l)
protected theorem lt_of_le_of_lt {a b c : Int} (h : a ≤ b) (k : b < c) : a < c :=
  Int.not_le.mp fun l => Int.not_le.mpr k (Int.le_trans l h)
protected theorem lt_trans {a b c : Int} (h : a < b) (k : b < c) : a < c := Int.lt_of_lt_of_le h (Int.le_of_lt k)
protected theorem ne_of_lt {a b : Int} (h : a < b) : a ≠ b := fun e => Int.lt_irrefl b (e ▸ h)
protected theorem lt_of_le_of_ne {a b : Int} (h : a ≤ b) (k : a ≠ b) : a < b :=
  Int.not_le.mp fun l => k (Int.le_antisymm h l)
protected theorem le_iff_lt_or_eq {a b : Int} : a ≤ b ↔ a < b ∨ a = b :=
  ⟨fun h => (Decidable.em (a = b)).elim .inr fun k => .inl (Int.lt_of_le_of_ne h k),
   fun h => h.elim Int.le_of_lt Int.le_of_eq⟩
protected theorem lt_iff_le_and_ne {a b : Int} : a < b ↔ a ≤ b ∧ a ≠ b :=
  ⟨fun h => ⟨Int.le_of_lt h, Int.ne_of_lt h⟩, fun h => Int.lt_of_le_of_ne h.1 h.2⟩
protected theorem lt_trichotomy (a b : Int) : a < b ∨ a = b ∨ b < a :=
  (Int.lt_or_ge a b).elim .inl fun h => .inr ((Int.le_iff_lt_or_eq.mp h).elim .inr fun e => .inl e.symm)
protected theorem le_of_not_le {a b : Int} (h : ¬ a ≤ b) : b ≤ a := Int.le_of_lt (Int.not_le.mp h)
protected theorem le_of_not_gt {a b : Int} (h : ¬ a > b) : a ≤ b := Int.not_lt.mp h
protected theorem lt_of_not_ge {a b : Int} (h : ¬ a ≥ b) : a < b := Int.not_le.mp h
protected theorem not_le_of_gt {a b : Int} (h : b < a) : ¬ a ≤ b := Int.not_le.mpr h
protected theorem max_def (n m : Int) : max n m = if n ≤ m then m else n := rfl
protected theorem min_def (n m : Int) : min n m = if n ≤ m then n else m := rfl
protected theorem le_max_left (a b : Int) : a ≤ max a b := by
  rw [Int.max_def]; split
  · assumption
  · exact Int.le_refl a
protected theorem le_max_right (a b : Int) : b ≤ max a b := by
  rw [Int.max_def]; split
  · exact Int.le_refl b
  · exact Int.le_of_not_le ‹_›
protected theorem min_le_left (a b : Int) : min a b ≤ a := by
  rw [Int.min_def]; split
  · exact Int.le_refl a
  · exact Int.le_of_not_le ‹_›
protected theorem min_le_right (a b : Int) : min a b ≤ b := by
  rw [Int.min_def]; split
  · assumption
  · exact Int.le_refl b
instance instTransLt : Trans (fun a b : Int => a < b) (fun a b : Int => a < b) (fun a b : Int => a < b) := ⟨Int.lt_trans⟩
instance instTransLe : Trans (fun a b : Int => a ≤ b) (fun a b : Int => a ≤ b) (fun a b : Int => a ≤ b) := ⟨Int.le_trans⟩
instance instTransLtLe : Trans (fun a b : Int => a < b) (fun a b : Int => a ≤ b) (fun a b : Int => a < b) :=
  ⟨Int.lt_of_lt_of_le⟩
instance instTransLeLt : Trans (fun a b : Int => a ≤ b) (fun a b : Int => a < b) (fun a b : Int => a < b) :=
  ⟨Int.lt_of_le_of_lt⟩
/-! Addition is associative: shown for differences of natural numbers, which all integers are. -/
private theorem exists_sub (a : Int) : ∃ m n, a = subNatNat m n := by
  cases a with
  | ofNat m => exact ⟨m, 0, by unfold subNatNat; rw [Nat.zero_sub]; rfl⟩
  | negSucc n => exact ⟨0, n + 1, rfl⟩
private theorem subNatNat_add_add (m n k : Nat) : subNatNat (m + k) (n + k) = subNatNat m n := by
  unfold subNatNat
  rw [Nat.add_sub_add_right, Nat.add_sub_add_right]
private theorem ofNat_add_subNatNat (k m n : Nat) : ofNat k + subNatNat m n = subNatNat (k + m) n := by
  cases Nat.le_total n m with
  | inl h =>
    obtain ⟨d, e⟩ := Nat.le.dest h
    rw [← e, Nat.add_comm n d, ← Nat.add_assoc]
    have l : ∀ x, subNatNat (x + n) n = ofNat x := fun x => by
      unfold subNatNat; rw [Nat.sub_eq_zero_of_le (Nat.le_add_left n x), Nat.add_sub_cancel]
    rw [l, l]; rfl
  | inr h =>
    obtain ⟨d, e⟩ := Nat.le.dest h
    rw [← e, Nat.add_comm m d, subNatNat_add_add k d m]
    have l : subNatNat m (d + m) = subNatNat 0 d := by
      have := subNatNat_add_add 0 d m
      rw [Nat.zero_add] at this; exact this
    rw [l]
    cases d with
    | zero =>
      show ofNat k = subNatNat k 0
      unfold subNatNat
      rw [Nat.zero_sub]; rfl
    | succ d => rfl
private theorem negSucc_add_subNatNat (k m n : Nat) : negSucc k + subNatNat m n = subNatNat m (n + (k + 1)) := by
  cases Nat.le_total n m with
  | inl h =>
    obtain ⟨d, e⟩ := Nat.le.dest h
    have l : ∀ x, subNatNat (x + n) n = ofNat x := fun x => by
      unfold subNatNat; rw [Nat.sub_eq_zero_of_le (Nat.le_add_left n x), Nat.add_sub_cancel]
    rw [← e, Nat.add_comm n d, Nat.add_comm n (k + 1), l, subNatNat_add_add]; rfl
  | inr h =>
    obtain ⟨d, e⟩ := Nat.le.dest h
    have l : ∀ x, subNatNat m (x + m) = subNatNat 0 x := fun x => by
      have := subNatNat_add_add 0 x m
      rw [Nat.zero_add] at this; exact this
    rw [← e, Nat.add_comm m d, Nat.add_right_comm, l, l]
    cases d with
    | zero => rw [Nat.zero_add]; rfl
    | succ d =>
      show negSucc (k + d + 1) = negSucc (d + 1 + k)
      rw [Nat.add_comm k d, Nat.add_right_comm]
protected theorem add_assoc (a b c : Int) : a + b + c = a + (b + c) := by
  obtain ⟨m, n, e⟩ := exists_sub c
  rw [e]
  cases a with
  | ofNat k => cases b with
    | ofNat l => rw [ofNat_add_subNatNat, ofNat_add_subNatNat, ← Nat.add_assoc]; exact ofNat_add_subNatNat (k + l) m n
    | negSucc l =>
      rw [negSucc_add_subNatNat, ofNat_add_subNatNat]
      show subNatNat k (l + 1) + subNatNat m n = _
      rw [Int.add_comm]
      obtain h | h := Nat.le_total n m
      · obtain ⟨d, e⟩ := Nat.le.dest h
        have z : ∀ x, subNatNat (x + n) n = ofNat x := fun x => by
          unfold subNatNat; rw [Nat.sub_eq_zero_of_le (Nat.le_add_left n x), Nat.add_sub_cancel]
        rw [← e, Nat.add_comm n d, z, ofNat_add_subNatNat, ← Nat.add_assoc, Nat.add_comm n (l + 1), subNatNat_add_add,
          Nat.add_comm k d]
      · obtain ⟨d, e⟩ := Nat.le.dest h
        have z : ∀ x, subNatNat m (x + m) = subNatNat 0 x := fun x => by
          have := subNatNat_add_add 0 x m
          rw [Nat.zero_add] at this; exact this
        rw [← e, Nat.add_comm m d, z, Nat.add_right_comm, subNatNat_add_add]
        cases d with
        | zero => rw [Nat.zero_add]; exact Int.zero_add _
        | succ d =>
          show negSucc d + subNatNat k (l + 1) = _
          rw [negSucc_add_subNatNat, Nat.add_comm (l + 1)]
  | negSucc k => cases b with
    | ofNat l =>
      rw [ofNat_add_subNatNat, negSucc_add_subNatNat]
      show subNatNat l (k + 1) + subNatNat m n = _
      rw [Int.add_comm]
      obtain h | h := Nat.le_total n m
      · obtain ⟨d, e⟩ := Nat.le.dest h
        have z : ∀ x, subNatNat (x + n) n = ofNat x := fun x => by
          unfold subNatNat; rw [Nat.sub_eq_zero_of_le (Nat.le_add_left n x), Nat.add_sub_cancel]
        rw [← e, Nat.add_comm n d, z, ofNat_add_subNatNat, ← Nat.add_assoc, Nat.add_comm n (k + 1), subNatNat_add_add,
          Nat.add_comm l d]
      · obtain ⟨d, e⟩ := Nat.le.dest h
        have z : ∀ x, subNatNat m (x + m) = subNatNat 0 x := fun x => by
          have := subNatNat_add_add 0 x m
          rw [Nat.zero_add] at this; exact this
        rw [← e, Nat.add_comm m d, z, Nat.add_right_comm, subNatNat_add_add]
        cases d with
        | zero => rw [Nat.zero_add]; exact Int.zero_add _
        | succ d =>
          show negSucc d + subNatNat l (k + 1) = _
          rw [negSucc_add_subNatNat, Nat.add_comm (k + 1)]
    | negSucc l =>
      rw [negSucc_add_subNatNat, negSucc_add_subNatNat]
      show negSucc (k + l + 1) + subNatNat m n = _
      rw [negSucc_add_subNatNat, Nat.add_assoc n (l + 1) (k + 1), show l + 1 + (k + 1) = k + l + 1 + 1 from by
        rw [Nat.add_right_comm, ← Nat.add_assoc, Nat.add_comm l k]]
protected theorem add_left_comm (a b c : Int) : a + (b + c) = b + (a + c) := by
  rw [← Int.add_assoc, Int.add_comm a, Int.add_assoc]
protected theorem add_right_comm (a b c : Int) : a + b + c = a + c + b := by
  rw [Int.add_assoc, Int.add_comm b, ← Int.add_assoc]
protected theorem add_left_cancel {a b c : Int} (h : a + b = a + c) : b = c := by
  have k : -a + (a + b) = -a + (a + c) := by rw [h]
  rw [← Int.add_assoc, ← Int.add_assoc, Int.add_left_neg, Int.zero_add, Int.zero_add] at k
  exact k
@[simp] protected theorem sub_add_cancel (a b : Int) : a - b + b = a := by
  rw [Int.sub_eq_add_neg, Int.add_assoc, Int.add_left_neg, Int.add_zero]
@[simp] protected theorem add_sub_cancel (a b : Int) : a + b - b = a := by
  rw [Int.sub_eq_add_neg, Int.add_assoc, Int.add_right_neg, Int.add_zero]
theorem eq_of_sub_eq_zero {a b : Int} (h : a - b = 0) : a = b := by
  have k := Int.sub_add_cancel a b
  rw [h, Int.zero_add] at k
  exact k.symm
theorem sub_eq_zero_of_eq {a b : Int} (h : a = b) : a - b = 0 := by rw [h, Int.sub_self]
end Int
