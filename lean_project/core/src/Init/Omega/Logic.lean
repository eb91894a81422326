prelude
import Init.Option
import Init.Int.DivMod
import Init.Nat.Bits
/-!
What Lean's `omega` takes its hypotheses apart with: propositional logic, and the order of `Nat`, `Int` and `Fin`, all cast
to `Int`. Names, arguments and statements are those that the compiled tactic refers to.
-/
set_option linter.unusedVariables false
universe u v
theorem le_of_le_of_eq {α : Type u} {a b c : α} [LE α] (h₁ : a ≤ b) (h₂ : b = c) : a ≤ c := h₂ ▸ h₁
theorem le_of_eq_of_le {α : Type u} {a b c : α} [LE α] (h₁ : a = b) (h₂ : b ≤ c) : a ≤ c := h₁ ▸ h₂
theorem Decidable.not_or_of_imp {a b : Prop} [Decidable a] (h : a → b) : ¬a ∨ b :=
  (Decidable.em a).elim (fun x => .inr (h x)) .inl
noncomputable def Exists.choose {α : Sort u} {p : α → Prop} (h : ∃ x, p x) : α := Classical.choose h
theorem Exists.choose_spec {α : Sort u} {p : α → Prop} (h : ∃ x, p x) : p h.choose := Classical.choose_spec h
theorem Nat.emod_pos_of_not_dvd {a b : Nat} (h : ¬ a ∣ b) : 0 < b % a :=
  Nat.pos_of_ne_zero fun e => h (Nat.dvd_of_mod_eq_zero e)
theorem Nat.shiftLeft_eq (a b : Nat) : a <<< b = a * 2 ^ b := by
  induction b generalizing a with
  | zero => exact (Nat.mul_one a).symm
  | succ b ih =>
    show (2 * a) <<< b = _
    rw [ih, Nat.pow_succ, Nat.mul_comm 2 a, Nat.mul_assoc, Nat.mul_comm 2]
theorem Nat.div_div_eq_div_mul (m n k : Nat) : m / n / k = m / (n * k) := by
  cases Nat.eq_zero_or_pos n with
  | inl e => rw [e, Nat.div_zero, Nat.zero_div, Nat.zero_mul, Nat.div_zero]
  | inr hn => cases Nat.eq_zero_or_pos k with
    | inl e => rw [e, Nat.div_zero, Nat.mul_zero, Nat.div_zero]
    | inr hk =>
      have p : ∀ x, x ≤ m / n / k ↔ x ≤ m / (n * k) := fun x => by
        rw [Nat.le_div_iff_mul_le hk, Nat.le_div_iff_mul_le hn, Nat.le_div_iff_mul_le (Nat.mul_pos hn hk),
          Nat.mul_assoc, Nat.mul_comm k]
      exact Nat.le_antisymm ((p _).mp (Nat.le_refl _)) ((p _).mpr (Nat.le_refl _))
theorem Nat.shiftRight_eq_div_pow (a b : Nat) : a >>> b = a / 2 ^ b := by
  induction b with
  | zero => exact (Nat.div_one a).symm
  | succ b ih =>
    show (a >>> b) / 2 = _
    rw [ih, Nat.div_div_eq_div_mul, Nat.pow_succ]
/-! `Fin` -/
theorem BitVec.isLt {w : Nat} (x : BitVec w) : x.toNat < 2 ^ w := x.toFin.isLt
namespace Fin
variable {n : Nat} {a b : Fin n}
theorem val_congr (h : a = b) : a.val = b.val := h ▸ rfl
theorem val_le_of_le (h : a ≤ b) : a.val ≤ b.val := h
theorem val_le_of_ge (h : a ≥ b) : b.val ≤ a.val := h
theorem val_add_one_le_of_lt (h : a < b) : a.val + 1 ≤ b.val := h
theorem val_add_one_le_of_gt (h : a > b) : b.val + 1 ≤ a.val := h
end Fin
namespace Lean.Omega
theorem and_not_not_of_not_or {p q : Prop} (h : ¬(p ∨ q)) : ¬p ∧ ¬q := not_or.mp h
theorem Decidable.or_not_not_of_not_and {p q : Prop} [Decidable p] [Decidable q] (h : ¬(p ∧ q)) : ¬p ∨ ¬q :=
  Decidable.not_and_iff_or_not.mp h
theorem Decidable.and_or_not_and_not_of_iff {p q : Prop} [Decidable q] (h : p ↔ q) : (p ∧ q) ∨ (¬p ∧ ¬q) :=
  (Decidable.em q).elim (fun y => .inl ⟨h.mpr y, y⟩) (fun n => .inr ⟨fun x => n (h.mp x), n⟩)
theorem Decidable.and_not_or_not_and_of_not_iff {a b : Prop} [Decidable a] [Decidable b] (h : ¬(a ↔ b)) :
    a ∧ ¬b ∨ ¬a ∧ b :=
  (Decidable.em a).elim (fun x => .inl ⟨x, fun y => h (iff_of_true x y)⟩)
    (fun n => .inr ⟨n, Decidable.byContradiction fun m => h (iff_of_false n m)⟩)
theorem Decidable.and_not_of_not_imp {a b : Prop} [Decidable a] (h : ¬(a → b)) : a ∧ ¬b :=
  Decidable.not_imp_iff_and_not.mp h
theorem ite_disjunction {α : Type u} {P : Prop} [Decidable P] {a b : α} :
    (P ∧ (if P then a else b) = a) ∨ (¬P ∧ (if P then a else b) = b) :=
  (Decidable.em P).elim (fun h => .inl ⟨h, if_pos h⟩) (fun h => .inr ⟨h, if_neg h⟩)
namespace Int
/-! Casts -/
theorem natCast_ofNat {x : Nat} : @Nat.cast Int instNatCastInt (OfNat.ofNat x) = OfNat.ofNat x := rfl
theorem ofNat_pow (a b : Nat) : ((a ^ b : Nat) : Int) = (a : Int) ^ b := Int.natCast_pow a b
theorem ofNat_pos_of_pos {a : Nat} (h : 0 < a) : 0 < (a : Int) := Int.ofNat_pos.mpr h
theorem pos_pow_of_pos (a : Int) (b : Nat) (h : 0 < a) : 0 < a ^ b := Int.pow_pos h
theorem ofNat_lt_of_lt {x y : Nat} (h : x < y) : (x : Int) < (y : Int) := Int.ofNat_lt.mpr h
theorem ofNat_le_of_le {x y : Nat} (h : x ≤ y) : (x : Int) ≤ (y : Int) := Int.ofNat_le.mpr h
theorem ofNat_congr {a b : Nat} (h : a = b) : (a : Int) = (b : Int) := congrArg _ h
theorem ofNat_shiftLeft_eq {x y : Nat} : ((x <<< y : Nat) : Int) = (x : Int) * (2 ^ y : Nat) :=
  congrArg _ (Nat.shiftLeft_eq x y)
theorem ofNat_shiftRight_eq_div_pow {x y : Nat} : ((x >>> y : Nat) : Int) = (x : Int) / (2 ^ y : Nat) :=
  congrArg _ (Nat.shiftRight_eq_div_pow x y)
theorem emod_ofNat_nonneg {x : Nat} {y : Int} : 0 ≤ (x : Int) % y := Int.natCast_nonneg _
theorem ofNat_mul_nonneg {a b : Nat} : 0 ≤ (a : Int) * b := Int.natCast_nonneg (a * b)
theorem ofNat_sub_dichotomy {a b : Nat} :
    b ≤ a ∧ ((a - b : Nat) : Int) = a - b ∨ a < b ∧ ((a - b : Nat) : Int) = 0 :=
  (Nat.lt_or_ge a b).elim (fun h => .inr ⟨h, congrArg _ (Nat.sub_eq_zero_of_le (Nat.le_of_lt h))⟩)
    (fun h => .inl ⟨h, Int.natCast_sub h⟩)
theorem ofNat_sub_sub {a b c : Nat} : ((a - b - c : Nat) : Int) = ((a - (b + c) : Nat) : Int) :=
  congrArg _ (Nat.sub_sub a b c)
theorem ofNat_min (a b : Nat) : ((min a b : Nat) : Int) = min (a : Int) (b : Int) := by
  rw [Nat.min_def, Int.min_def]
  split
  · rename_i h; rw [if_pos (Int.ofNat_le.mpr h)]
  · rename_i h; rw [if_neg fun k => h (Int.ofNat_le.mp k)]
theorem ofNat_max (a b : Nat) : ((max a b : Nat) : Int) = max (a : Int) (b : Int) := by
  rw [Nat.max_def, Int.max_def]
  split
  · rename_i h; rw [if_pos (Int.ofNat_le.mpr h)]
  · rename_i h; rw [if_neg fun k => h (Int.ofNat_le.mp k)]
theorem ofNat_natAbs (a : Int) : (a.natAbs : Int) = if 0 ≤ a then a else -a := by
  cases a with
  | ofNat n => exact (if_pos (Int.natCast_nonneg n)).symm
  | negSucc n => exact (if_neg (Int.not_le.mpr (Int.negSucc_lt_zero n))).symm
theorem neg_le_natAbs {a : Int} : -a ≤ a.natAbs := Int.natAbs_neg a ▸ Int.le_natAbs
theorem ofNat_fst_mk {β : Type v} {x : Nat} {y : β} : ((Prod.mk x y).fst : Int) = (x : Int) := rfl
theorem ofNat_snd_mk {α : Type u} {x : α} {y : Nat} : ((Prod.mk x y).snd : Int) = (y : Int) := rfl
/-! Order, and both sides of equations -/
theorem lt_of_not_le {x y : Int} (h : ¬ x ≤ y) : y < x := Int.not_le.mp h
theorem le_of_not_lt {x y : Int} (h : ¬ x < y) : y ≤ x := Int.not_lt.mp h
theorem lt_of_gt {x y : Int} (h : x > y) : y < x := h
theorem le_of_ge {x y : Int} (h : x ≥ y) : y ≤ x := h
theorem add_congr {a b c d : Int} (h₁ : a = b) (h₂ : c = d) : a + c = b + d := h₁ ▸ h₂ ▸ rfl
theorem sub_congr {a b c d : Int} (h₁ : a = b) (h₂ : c = d) : a - c = b - d := h₁ ▸ h₂ ▸ rfl
theorem mul_congr {a b c d : Int} (h₁ : a = b) (h₂ : c = d) : a * c = b * d := h₁ ▸ h₂ ▸ rfl
theorem neg_congr {a b : Int} (h : a = b) : -a = -b := h ▸ rfl
end Int
namespace Nat
theorem lt_of_gt {x y : Nat} (h : x > y) : y < x := h
theorem le_of_ge {x y : Nat} (h : x ≥ y) : y ≤ x := h
end Nat
namespace Fin
variable {n : Nat}
protected theorem lt_of_not_le {i j : Fin n} (h : ¬ i ≤ j) : j < i := Nat.not_le.mp h
protected theorem le_of_not_lt {i j : Fin n} (h : ¬ i < j) : j ≤ i := Nat.not_lt.mp h
protected theorem lt_or_gt_of_ne {i j : Fin n} (h : i ≠ j) : i < j ∨ i > j :=
  Nat.lt_or_gt_of_ne fun e => h (Fin.eq_of_val_eq e)
end Fin
namespace Prod
variable {α : Type u} {β : Type v} {r : α → α → Prop} {s : β → β → Prop} {p q : α × β}
theorem fst_mk {α : Type u} {x : α} {β : Type v} {y : β} : (Prod.mk x y).fst = x := rfl
theorem snd_mk {α : Type u} {x : α} {β : Type v} {y : β} : (Prod.mk x y).snd = y := rfl
theorem of_lex (w : Prod.Lex r s p q) : r p.fst q.fst ∨ p.fst = q.fst ∧ s p.snd q.snd := by
  cases w with
  | left b₁ b₂ h => exact .inl h
  | right a h => exact .inr ⟨rfl, h⟩
theorem of_not_lex [DecidableEq α] (w : ¬ Prod.Lex r s p q) :
    ¬ r p.fst q.fst ∧ (p.fst ≠ q.fst ∨ ¬ s p.snd q.snd) := by
  obtain ⟨a, b⟩ := p
  obtain ⟨c, d⟩ := q
  refine ⟨fun h => w (.left b d h), (Decidable.em (a = c)).elim (fun e => .inr fun h => w ?_) .inl⟩
  cases e; exact .right a h
end Prod
end Lean.Omega
