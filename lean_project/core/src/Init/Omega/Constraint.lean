prelude
import Init.Omega.LinearCombo
/-!
Bounds on linear combinations, and the steps that `omega` derives bounds from bounds by.
-/
set_option linter.unusedVariables false
namespace Lean.Omega
abbrev LowerBound : Type := Option Int
abbrev UpperBound : Type := Option Int
abbrev LowerBound.sat (b : LowerBound) (t : Int) : Bool := b.all fun x => decide (x ≤ t)
abbrev UpperBound.sat (b : UpperBound) (t : Int) : Bool := b.all fun y => decide (t ≤ y)
/-- The integers from `lowerBound` to `upperBound`, where these are given. -/
structure Constraint where
  lowerBound : LowerBound
  upperBound : UpperBound
/-! One bound at a time -/
private theorem lower {b : LowerBound} {t : Int} : LowerBound.sat b t = true ↔ ∀ x, b = some x → x ≤ t := by
  cases b with
  | none => exact ⟨fun _ _ h => (nomatch h), fun _ => rfl⟩
  | some a => exact ⟨fun h x e => Option.some.inj e ▸ of_decide_eq_true h, fun h => decide_eq_true (h a rfl)⟩
private theorem upper {b : UpperBound} {t : Int} : UpperBound.sat b t = true ↔ ∀ y, b = some y → t ≤ y := by
  cases b with
  | none => exact ⟨fun _ _ h => (nomatch h), fun _ => rfl⟩
  | some a => exact ⟨fun h x e => Option.some.inj e ▸ of_decide_eq_true h, fun h => decide_eq_true (h a rfl)⟩
private theorem of_map {b : Option Int} {f : Int → Int} {x : Int} (h : b.map f = some x) : ∃ a, b = some a ∧ x = f a := by
  cases b with
  | none => nomatch h
  | some a => exact ⟨a, rfl, (Option.some.inj h).symm⟩
/-- A bound for the sum, where both summands have one. -/
private def plus : Option Int → Option Int → Option Int
  | some a, some b => some (a + b)
  | _, _ => none
private theorem of_plus {b c : Option Int} {x : Int} (h : plus b c = some x) : ∃ a d, b = some a ∧ c = some d ∧ x = a + d := by
  cases b with
  | none => nomatch h
  | some a => cases c with
    | none => nomatch h
    | some d => exact ⟨a, d, rfl, rfl, (Option.some.inj h).symm⟩
/-- The one bound, or both joined by `f`. -/
private def both (f : Int → Int → Int) : Option Int → Option Int → Option Int
  | some a, some b => some (f a b)
  | some a, none => some a
  | none, b => b
namespace Constraint
def sat (c : Constraint) (t : Int) : Bool := c.lowerBound.sat t && c.upperBound.sat t
def map (c : Constraint) (f : Int → Int) : Constraint := ⟨c.lowerBound.map f, c.upperBound.map f⟩
def flip (c : Constraint) : Constraint := ⟨c.upperBound, c.lowerBound⟩
def neg (c : Constraint) : Constraint := c.flip.map fun x => -x
def trivial : Constraint := ⟨none, none⟩
def impossible : Constraint := ⟨some 1, some 0⟩
def exact (r : Int) : Constraint := ⟨some r, some r⟩
def isImpossible : Constraint → Bool
  | ⟨some x, some y⟩ => decide (y < x)
  | _ => false
def scale (k : Int) (c : Constraint) : Constraint :=
  if k = 0 then
    if c.isImpossible then c else ⟨some 0, some 0⟩
  else if 0 < k then c.map (k * ·) else c.flip.map (k * ·)
def add (x y : Constraint) : Constraint := ⟨plus x.lowerBound y.lowerBound, plus x.upperBound y.upperBound⟩
def combo (a : Int) (x : Constraint) (b : Int) (y : Constraint) : Constraint := add (scale a x) (scale b y)
def combine (x y : Constraint) : Constraint := ⟨both max x.lowerBound y.lowerBound, both min x.upperBound y.upperBound⟩
/-- The bounds of the quotient, where the bounded value is a multiple of `k`. -/
def div (c : Constraint) (k : Nat) : Constraint := ⟨c.lowerBound.map fun x => -(-x / k), c.upperBound.map fun y => y / k⟩
abbrev sat' (c : Constraint) (x y : Coeffs) : Bool := c.sat (Coeffs.dot x y)
theorem sat_iff {c : Constraint} {t : Int} :
    c.sat t = true ↔ (∀ x, c.lowerBound = some x → x ≤ t) ∧ (∀ y, c.upperBound = some y → t ≤ y) := by
  show (c.lowerBound.sat t && c.upperBound.sat t) = true ↔ _
  rw [Bool.and_eq_true, lower, upper]
theorem exact_sat {r t : Int} : (exact r).sat t = true ↔ r = t :=
  sat_iff.trans ⟨fun h => Int.le_antisymm (h.1 r rfl) (h.2 r rfl),
    fun h => ⟨fun _ e => Int.le_of_eq ((Option.some.inj e).symm.trans h), fun _ e => Int.le_of_eq (h.symm.trans (Option.some.inj e))⟩⟩
theorem not_sat_of_isImpossible {c : Constraint} (h : isImpossible c = true) {t : Int} : ¬ c.sat t = true := fun k => by
  rw [sat_iff] at k
  obtain ⟨l, u⟩ := c
  cases l with
  | none => nomatch h
  | some l => cases u with
    | none => nomatch h
    | some u => exact Int.not_le.mpr (of_decide_eq_true h) (Int.le_trans (k.1 l rfl) (k.2 u rfl))
theorem not_sat'_of_isImpossible {c : Constraint} (h : isImpossible c = true) {x y : Coeffs} : ¬ c.sat' x y = true :=
  not_sat_of_isImpossible h
theorem neg_sat {c : Constraint} {t : Int} (h : c.sat t = true) : c.neg.sat (-t) = true := by
  rw [sat_iff] at h ⊢
  refine ⟨fun x e => ?_, fun y e => ?_⟩
  · obtain ⟨a, d, rfl⟩ := of_map e; exact Int.neg_le_neg (h.2 a d)
  · obtain ⟨a, d, rfl⟩ := of_map e; exact Int.neg_le_neg (h.1 a d)
theorem scale_sat {c : Constraint} {t : Int} (k : Int) (h : c.sat t = true) : (scale k c).sat (k * t) = true := by
  unfold scale
  split
  · rename_i z
    split
    · rename_i i; exact absurd h (not_sat_of_isImpossible i)
    · rw [z, Int.zero_mul]; rfl
  · rw [sat_iff] at h
    split
    · rename_i z p
      rw [sat_iff]
      refine ⟨fun x e => ?_, fun y e => ?_⟩
      · obtain ⟨a, d, rfl⟩ := of_map e; exact Int.mul_le_mul_of_nonneg_left (h.1 a d) (Int.le_of_lt p)
      · obtain ⟨a, d, rfl⟩ := of_map e; exact Int.mul_le_mul_of_nonneg_left (h.2 a d) (Int.le_of_lt p)
    · rename_i z p
      have p := Int.not_lt.mp p
      rw [sat_iff]
      refine ⟨fun x e => ?_, fun y e => ?_⟩
      · obtain ⟨a, d, rfl⟩ := of_map e; exact Int.mul_le_mul_of_nonpos_left p (h.2 a d)
      · obtain ⟨a, d, rfl⟩ := of_map e; exact Int.mul_le_mul_of_nonpos_left p (h.1 a d)
theorem add_sat {c d : Constraint} {s t : Int} (h : c.sat s = true) (k : d.sat t = true) : (add c d).sat (s + t) = true := by
  rw [sat_iff] at h k ⊢
  refine ⟨fun x e => ?_, fun y e => ?_⟩
  · obtain ⟨a, b, i, j, rfl⟩ := of_plus e; exact Int.add_le_add (h.1 a i) (k.1 b j)
  · obtain ⟨a, b, i, j, rfl⟩ := of_plus e; exact Int.add_le_add (h.2 a i) (k.2 b j)
theorem combine_sat {c d : Constraint} {t : Int} (h : c.sat t = true) (k : d.sat t = true) : (c.combine d).sat t = true := by
  rw [sat_iff] at h k ⊢
  obtain ⟨l, u⟩ := c
  obtain ⟨m, v⟩ := d
  refine ⟨fun x e => ?_, fun y e => ?_⟩
  · cases l with
    | none => exact k.1 x e
    | some a => cases m with
      | none => exact h.1 x e
      | some b =>
        rw [← Option.some.inj e, Int.max_def]
        split
        · exact k.1 b rfl
        · exact h.1 a rfl
  · cases u with
    | none => exact k.2 y e
    | some a => cases v with
      | none => exact h.2 y e
      | some b =>
        rw [← Option.some.inj e, Int.min_def]
        split
        · exact h.2 a rfl
        · exact k.2 b rfl
theorem div_sat {c : Constraint} {k : Nat} {t : Int} (p : 0 < k) (h : c.sat (k * t) = true) : (c.div k).sat t = true := by
  have p : 0 < (k : Int) := Int.ofNat_pos.mpr p
  rw [sat_iff] at h ⊢
  refine ⟨fun x e => ?_, fun y e => ?_⟩
  · obtain ⟨a, d, rfl⟩ := of_map e
    apply Int.le_of_neg_le_neg
    rw [Int.neg_neg]
    apply Int.le_ediv_of_mul_le p
    rw [Int.neg_mul, Int.mul_comm]
    exact Int.neg_le_neg (h.1 a d)
  · obtain ⟨a, d, rfl⟩ := of_map e
    apply Int.le_ediv_of_mul_le p
    rw [Int.mul_comm]
    exact h.2 a d
theorem combine_sat' {s t : Constraint} {x y : Coeffs} (ws : s.sat' x y = true) (wt : t.sat' x y = true) :
    (s.combine t).sat' x y = true := combine_sat ws wt
theorem addInequality_sat {c : Int} {x y : Coeffs} (w : c + Coeffs.dot x y ≥ 0) :
    sat' { lowerBound := some (-c), upperBound := none } x y = true := by
  refine sat_iff.mpr ⟨fun a e => ?_, fun a e => (nomatch e)⟩
  rw [← Option.some.inj e]
  apply Int.le_of_sub_nonneg
  rw [Int.sub_neg, Int.add_comm]; exact w
theorem addEquality_sat {c : Int} {x y : Coeffs} (w : c + Coeffs.dot x y = 0) :
    sat' { lowerBound := some (-c), upperBound := some (-c) } x y = true :=
  exact_sat.mpr (Int.neg_eq_of_add_eq_zero w)
end Constraint
/-! Normal forms: a positive leading coefficient, and coefficients without a common divisor. -/
def normalize : Constraint × Coeffs → Constraint × Coeffs
  | (s, x) =>
    if Coeffs.gcd x = 0 then
      if s.sat 0 then (.trivial, x) else (.impossible, x)
    else if Coeffs.gcd x = 1 then (s, x)
    else (s.div (Coeffs.gcd x), Coeffs.sdiv x (Coeffs.gcd x))
def positivize : Constraint × Coeffs → Constraint × Coeffs
  | (s, x) => if 0 ≤ x.leading then (s, x) else (s.neg, Coeffs.smul x (-1))
def tidy (p : Constraint × Coeffs) : Constraint × Coeffs := normalize (positivize p)
abbrev tidyConstraint (s : Constraint) (x : Coeffs) : Constraint := (tidy (s, x)).1
abbrev tidyCoeffs (s : Constraint) (x : Coeffs) : Coeffs := (tidy (s, x)).2
theorem normalize_sat {p : Constraint × Coeffs} {v : Coeffs} (w : p.1.sat' p.2 v = true) :
    (normalize p).1.sat' (normalize p).2 v = true := by
  obtain ⟨s, x⟩ := p
  unfold normalize
  dsimp only
  split
  · rename_i z
    have w : s.sat (IntList.dot x v) = true := w
    rw [IntList.dot_of_left_zero (IntList.eq_zero_of_gcd_eq_zero z)] at w
    rw [if_pos w]; rfl
  · rename_i z
    split
    · exact w
    · apply Constraint.div_sat (Nat.pos_of_ne_zero z)
      rw [IntList.mul_dot_sdiv fun _ m => IntList.gcd_dvd m]; exact w
theorem positivize_sat {p : Constraint × Coeffs} {v : Coeffs} (w : p.1.sat' p.2 v = true) :
    (positivize p).1.sat' (positivize p).2 v = true := by
  obtain ⟨s, x⟩ := p
  unfold positivize
  dsimp only
  split
  · exact w
  · show s.neg.sat (IntList.dot (IntList.smul x (-1)) v) = true
    rw [IntList.dot_smul_left, ← Int.neg_eq_neg_one_mul]
    exact Constraint.neg_sat w
theorem tidy_sat {s : Constraint} {x v : Coeffs} (w : s.sat' x v = true) :
    (tidyConstraint s x).sat' (tidyCoeffs s x) v = true := normalize_sat (positivize_sat (p := (s, x)) w)
theorem combo_sat' (s t : Constraint) (a : Int) (x : Coeffs) (b : Int) (y v : Coeffs) (wx : s.sat' x v = true)
    (wy : t.sat' y v = true) : (Constraint.combo a s b t).sat' (Coeffs.combo a x b y) v = true := by
  show Constraint.sat _ (IntList.dot (IntList.combo a x b y) v) = true
  rw [IntList.dot_combo_left]
  exact Constraint.add_sat (Constraint.scale_sat a wx) (Constraint.scale_sat b wy)
/-! An equation without a coefficient of 1 is solved with a new variable. -/
abbrev bmod_div_term (m : Nat) (a b : Coeffs) : Int := Coeffs.bmod_dot_sub_dot_bmod m a b / m
def bmod_coeffs (m i : Nat) (x : Coeffs) : Coeffs := Coeffs.set (Coeffs.bmod x m) i m
theorem bmod_sat (m : Nat) (r : Int) (i : Nat) (x v : Coeffs) (h : x.length ≤ i) (p : Coeffs.get v i = bmod_div_term m x v)
    (w : (Constraint.exact r).sat' x v = true) : (Constraint.exact (Int.bmod r m)).sat' (bmod_coeffs m i x) v = true := by
  have w : r = Coeffs.dot x v := Constraint.exact_sat.mp w
  have p : IntList.get v i = Coeffs.bmod_dot_sub_dot_bmod m x v / m := p
  refine Constraint.exact_sat.mpr ?_
  have l : (IntList.bmod x m).length ≤ i := IntList.length_bmod x m ▸ h
  show _ = IntList.dot (IntList.set (IntList.bmod x m) i m) v
  rw [IntList.dot_set_of_length_le l, p, Int.mul_ediv_cancel' (Coeffs.dvd_bmod_dot_sub_dot_bmod m x v), w, Int.add_comm]
  exact (Int.sub_add_cancel _ _).symm
end Lean.Omega
