prelude
import Init.Core
/-!
Propositional logic and equality, `Decidable`, `if`, and function extensionality.
-/
set_option linter.unusedVariables false
universe u v w w1 w2 u1 u2 u3
/-! logic -/
theorem trivial : True := True.intro
theorem id_eq {α : Sort u} (a : α) : id a = a := rfl

protected theorem Iff.refl (a : Prop) : a ↔ a := ⟨fun h => h, fun h => h⟩
protected theorem Iff.rfl {a : Prop} : a ↔ a := Iff.refl a
theorem Iff.symm {a b : Prop} (h : a ↔ b) : b ↔ a := ⟨h.mpr, h.mp⟩
theorem Iff.trans {a b c : Prop} (h : a ↔ b) (k : b ↔ c) : a ↔ c := ⟨fun x => k.mp (h.mp x), fun x => h.mpr (k.mpr x)⟩
theorem eq_self {α : Sort u} (a : α) : (a = a) = True := propext ⟨fun _ => trivial, fun _ => rfl⟩
theorem of_eq_true {p : Prop} (h : p = True) : p := h.symm ▸ trivial
theorem of_eq_false {p : Prop} (h : p = False) : ¬p := fun hp => False.elim (h ▸ hp)
theorem eq_true {p : Prop} (h : p) : p = True := propext ⟨fun _ => trivial, fun _ => h⟩
theorem eq_false {p : Prop} (h : ¬p) : p = False := propext ⟨fun hp => h hp, fun f => f.elim⟩
theorem eq_false' {p : Prop} (h : p → False) : p = False := eq_false h
theorem iff_self (p : Prop) : (p ↔ p) = True := eq_true Iff.rfl
theorem implies_congr {p₁ p₂ : Sort u} {q₁ q₂ : Sort v} (h₁ : p₁ = p₂) (h₂ : q₁ = q₂) : (p₁ → q₁) = (p₂ → q₂) := h₁ ▸ h₂ ▸ rfl
theorem implies_dep_congr_ctx {p₁ p₂ q₁ : Prop} (h₁ : p₁ = p₂) {q₂ : p₂ → Prop} (h₂ : (h : p₂) → q₁ = q₂ h) : (p₁ → q₁) = ((h : p₂) → q₂ h) :=
  propext ⟨fun hl hp2 => (h₂ hp2).mp (hl (h₁.mpr hp2)), fun hr hp1 => (h₂ (h₁.mp hp1)).mpr (hr (h₁.mp hp1))⟩
theorem implies_congr_ctx {p₁ p₂ q₁ q₂ : Prop} (h₁ : p₁ = p₂) (h₂ : p₂ → q₁ = q₂) : (p₁ → q₁) = (p₂ → q₂) := implies_dep_congr_ctx h₁ h₂
theorem forall_congr {α : Sort u} {p q : α → Prop} (h : ∀ a, p a = q a) : (∀ a, p a) = (∀ a, q a) :=
  propext ⟨fun H a => (h a).mp (H a), fun H a => (h a).mpr (H a)⟩
theorem Eq.propIntro {a b : Prop} (h₁ : a → b) (h₂ : b → a) : a = b := propext ⟨h₁, h₂⟩
theorem Ne.symm {α : Sort u} {a b : α} (h : a ≠ b) : b ≠ a := fun e => h e.symm
theorem Ne.irrefl {α : Sort u} {a : α} (h : a ≠ a) : False := h rfl
theorem false_of_ne {α : Sort u} {a : α} : a ≠ a → False := Ne.irrefl
theorem Or.elim {a b c : Prop} (h : a ∨ b) (l : a → c) (r : b → c) : c := by
  cases h with
  | inl h => exact l h
  | inr h => exact r h
theorem Or.resolve_left {a b : Prop} (h : a ∨ b) (n : ¬a) : b := h.elim (fun x => absurd x n) id
theorem Or.resolve_right {a b : Prop} (h : a ∨ b) (n : ¬b) : a := h.elim id (fun x => absurd x n)
theorem Exists.elim {α : Sort u} {p : α → Prop} {b : Prop} (h : ∃ x, p x) (k : ∀ a, p a → b) : b := by
  cases h with
  | intro w hw => exact k w hw
abbrev noConfusionTypeEnum {α : Sort u} {β : Sort v} [inst : DecidableEq β] (f : α → β) (P : Sort w) (x y : α) : Sort w :=
  (inst (f x) (f y)).casesOn (fun _ => P) (fun _ => P → P)
/-! Decidable -/
instance instDecidableTrue : Decidable True := .isTrue trivial
instance instDecidableFalse : Decidable False := .isFalse id
instance instDecidableAnd {p q : Prop} [dp : Decidable p] [dq : Decidable q] : Decidable (p ∧ q) :=
  match dp with
  | .isTrue hp => match dq with
    | .isTrue hq => .isTrue ⟨hp, hq⟩
    | .isFalse hq => .isFalse (fun h => hq h.right)
  | .isFalse hp => .isFalse (fun h => hp h.left)
instance instDecidableOr {p q : Prop} [dp : Decidable p] [dq : Decidable q] : Decidable (p ∨ q) :=
  match dp with
  | .isTrue hp => .isTrue (.inl hp)
  | .isFalse hp => match dq with
    | .isTrue hq => .isTrue (.inr hq)
    | .isFalse hq => .isFalse (fun h => h.elim hp hq)
instance instDecidableNot {p : Prop} [dp : Decidable p] : Decidable (¬p) :=
  match dp with
  | .isTrue hp => .isFalse (fun h => h hp)
  | .isFalse hp => .isTrue hp
instance instDecidableForall {p q : Prop} [dp : Decidable p] [dq : Decidable q] : Decidable (p → q) :=
  match dp with
  | .isTrue hp => match dq with
    | .isTrue hq => .isTrue (fun _ => hq)
    | .isFalse hq => .isFalse (fun h => hq (h hp))
  | .isFalse hp => .isTrue (fun h => absurd h hp)
instance instDecidableIff {p q : Prop} [dp : Decidable p] [dq : Decidable q] : Decidable (p ↔ q) :=
  match dp, dq with
  | .isTrue hp, .isTrue hq => .isTrue ⟨fun _ => hq, fun _ => hp⟩
  | .isTrue hp, .isFalse hq => .isFalse (fun h => hq (h.mp hp))
  | .isFalse hp, .isTrue hq => .isFalse (fun h => hp (h.mpr hq))
  | .isFalse hp, .isFalse hq => .isTrue ⟨fun h => absurd h hp, fun h => absurd h hq⟩
theorem decide_eq_true {p : Prop} [inst : Decidable p] : p → decide p = true := fun h =>
  match inst with
  | .isTrue _ => rfl
  | .isFalse n => absurd h n
theorem decide_eq_false {p : Prop} [inst : Decidable p] : ¬p → decide p = false := fun h =>
  match inst with
  | .isTrue k => absurd k h
  | .isFalse n => rfl
theorem Bool.noConf_tf (h : true = false) : False := by
  have h2 : (match true with | true => False | false => True) := h ▸ trivial
  exact h2
theorem of_decide_eq_true {p : Prop} [inst : Decidable p] : decide p = true → p := fun h =>
  match inst, h with
  | .isTrue k, _ => k
  | .isFalse _, h => (Bool.noConf_tf h.symm).elim
theorem of_decide_eq_false {p : Prop} [inst : Decidable p] : decide p = false → ¬p := fun h =>
  match inst, h with
  | .isTrue _, h => (Bool.noConf_tf h).elim
  | .isFalse n, _ => n
theorem of_decide_eq_self_eq_true {α : Sort u} [inst : DecidableEq α] (a : α) : decide (a = a) = true := decide_eq_true rfl
theorem eq_true_of_decide {p : Prop} [Decidable p] (h : decide p = true) : p = True := eq_true (of_decide_eq_true h)
theorem eq_false_of_decide {p : Prop} [Decidable p] (h : decide p = false) : p = False := eq_false (of_decide_eq_false h)
def Bool.decEq : (a b : Bool) → Decidable (a = b) := fun a b =>
  match a, b with
  | true, true => .isTrue rfl
  | false, false => .isTrue rfl
  | true, false => .isFalse Bool.noConf_tf
  | false, true => .isFalse (fun h => Bool.noConf_tf h.symm)
instance instDecidableEqBool : DecidableEq Bool := Bool.decEq
@[inline] instance (priority := 500) instBEqOfDecidableEq {α : Type u} [DecidableEq α] : BEq α := ⟨fun a b => decide (a = b)⟩
@[macro_inline] def bne {α : Type u} [BEq α] (a b : α) : Bool := !(a == b)
theorem if_pos {c : Prop} {h : Decidable c} (hc : c) {α : Sort u} {t e : α} : (ite c t e) = t :=
  match h with
  | .isTrue _ => rfl
  | .isFalse n => absurd hc n
theorem if_neg {c : Prop} {h : Decidable c} (hc : ¬c) {α : Sort u} {t e : α} : (ite c t e) = e :=
  match h with
  | .isTrue k => absurd k hc
  | .isFalse n => rfl
theorem dif_pos {c : Prop} {h : Decidable c} (hc : c) {α : Sort u} {t : c → α} {e : ¬c → α} : (dite c t e) = t hc :=
  match h with
  | .isTrue _ => rfl
  | .isFalse n => absurd hc n
theorem dif_neg {c : Prop} {h : Decidable c} (hc : ¬c) {α : Sort u} {t : c → α} {e : ¬c → α} : (dite c t e) = e hc :=
  match h with
  | .isTrue k => absurd k hc
  | .isFalse n => rfl
theorem Decidable.em' (p : Prop) [h : Decidable p] : p ∨ ¬p := match h with
  | .isTrue h => .inl h
  | .isFalse h => .inr h
theorem ite_eq_left {c : Prop} {h : Decidable c} (hc : c) {α : Sort u} {t e : α} : (ite c t e) = t := if_pos hc
theorem ite_eq_right {c : Prop} {h : Decidable c} (hc : ¬c) {α : Sort u} {t e : α} : (ite c t e) = e := if_neg hc
theorem dite_eq_left {c : Prop} {h : Decidable c} (hc : c) {α : Sort u} {t : c → α} {e : ¬c → α} : (dite c t e) = t hc := dif_pos hc
theorem dite_eq_right {c : Prop} {h : Decidable c} (hc : ¬c) {α : Sort u} {t : c → α} {e : ¬c → α} : (dite c t e) = e hc := dif_neg hc
theorem ite_eq_left_of_eq_true {α : Sort u} {c : Prop} {_ : Decidable c} (a b : α) (h : c = True) : (ite c a b) = a := if_pos (of_eq_true h)
theorem ite_eq_right_of_eq_false {α : Sort u} {c : Prop} {_ : Decidable c} (a b : α) (h : c = False) : (ite c a b) = b := if_neg (of_eq_false h)
theorem ite_congr {α : Sort u} {b c : Prop} {x y u' v' : α} {s : Decidable b} [Decidable c] (h₁ : b = c) (h₂ : c → x = u') (h₃ : ¬c → y = v') : ite b x y = ite c u' v' := by
  cases Decidable.em' c with
  | inl h => rw [if_pos h]; subst h₁; rw [if_pos h]; exact h₂ h
  | inr h => rw [if_neg h]; subst h₁; rw [if_neg h]; exact h₃ h
class Trans.{u', v', w', u₁, u₂, u₃} {α : Sort u₁} {β : Sort u₂} {γ : Sort u₃} (r : α → β → Sort u') (s : β → γ → Sort v') (t : outParam (α → γ → Sort w')) where
  trans {a : α} {b : β} {c : γ} : r a b → s b c → t a c
export Trans (trans)
instance {α : Sort u} {γ : Sort w} (r : α → γ → Sort v) : Trans Eq r r where
  trans h k := h ▸ k
instance {α : Sort u} {β : Sort w} (r : α → β → Sort v) : Trans r Eq r where
  trans h k := k ▸ h
theorem funext {α : Sort u} {β : α → Sort v} {f g : (x : α) → β x} (h : ∀ x, f x = g x) : f = g := by
  let eqv (f g : (x : α) → β x) := ∀ x, f x = g x
  let app (q : Quot eqv) (x : α) : β x := Quot.lift (fun f : (x : α) → β x => f x) (fun _ _ h => h x) q
  show app (Quot.mk eqv f) = app (Quot.mk eqv g)
  exact congrArg app (Quot.sound h)
class Subsingleton (α : Sort u) : Prop where
  intro ::
  allEq : (a b : α) → a = b
protected theorem Subsingleton.elim {α : Sort u} [h : Subsingleton α] : (a b : α) → a = b := h.allEq
protected theorem Subsingleton.helim {α β : Sort u} [h₁ : Subsingleton α] (h₂ : α = β) (a : α) (b : β) : HEq a b := by
  subst h₂
  exact heq_of_eq (Subsingleton.elim a b)
instance instSubsingletonProp (p : Prop) : Subsingleton p := ⟨fun _ _ => rfl⟩
instance instSubsingletonDecidable (p : Prop) : Subsingleton (Decidable p) := ⟨fun a b =>
  match a, b with
  | .isTrue _, .isTrue _ => rfl
  | .isFalse _, .isFalse _ => rfl
  | .isTrue h, .isFalse n => absurd h n
  | .isFalse n, .isTrue h => absurd h n⟩
theorem Lean.injEq_helper {P Q R : Prop} : (P → Q → R) → (P ∧ Q → R) := fun h k => h k.1 k.2
