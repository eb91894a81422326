prelude
import Init.Nat.Basic
/-!
Well-founded recursion: accessibility, `WellFounded.fix`, and the relations that Lean's elaborator combines measures with.
-/
set_option linter.unusedVariables false
universe u v w
inductive Acc {α : Sort u} (r : α → α → Prop) : α → Prop where
  | intro (x : α) (h : (y : α) → r y x → Acc r y) : Acc r x
theorem Acc.inv {α : Sort u} {r : α → α → Prop} {x y : α} (h₁ : Acc r x) (h₂ : r y x) : Acc r y := by
  cases h₁ with
  | intro _ h => exact h y h₂
inductive WellFounded {α : Sort u} (r : α → α → Prop) : Prop where
  | intro (h : ∀ a, Acc r a) : WellFounded r
class WellFoundedRelation (α : Sort u) where
  rel : α → α → Prop
  wf : WellFounded rel
namespace WellFounded
theorem apply {α : Sort u} {r : α → α → Prop} (wf : WellFounded r) (a : α) : Acc r a := by
  cases wf with
  | intro h => exact h a
section
variable {α : Sort u} {r : α → α → Prop}
noncomputable def recursion (hwf : WellFounded r) {C : α → Sort v} (a : α) (h : ∀ x, (∀ y, r y x → C y) → C x) : C a :=
  Acc.rec (motive := fun x _ => C x) (fun x₁ _ ih => h x₁ ih) (apply hwf a)
theorem induction (hwf : WellFounded r) {C : α → Prop} (a : α) (h : ∀ x, (∀ y, r y x → C y) → C x) : C a :=
  recursion hwf a h
variable {C : α → Sort v} (F : ∀ x, (∀ y, r y x → C y) → C x)
noncomputable def fixF (x : α) (a : Acc r x) : C x :=
  Acc.rec (motive := fun x _ => C x) (fun x₁ _ ih => F x₁ ih) a
theorem fixF_eq (x : α) (acx : Acc r x) : fixF F x acx = F x (fun (y : α) (p : r y x) => fixF F y (Acc.inv acx p)) := by
  cases acx with
  | intro x r => rfl
end
variable {α : Sort u} {C : α → Sort v} {r : α → α → Prop}
noncomputable def fix (hwf : WellFounded r) (F : ∀ x, (∀ y, r y x → C y) → C x) (x : α) : C x :=
  fixF F x (apply hwf x)
theorem fix_eq (hwf : WellFounded r) (F : ∀ x, (∀ y, r y x → C y) → C x) (x : α) :
    fix hwf F x = F x (fun y _ => fix hwf F y) := fixF_eq F x (apply hwf x)
end WellFounded
/-- Marks the parameters of a function by well-founded recursion while Lean preprocesses it. -/
@[implicit_reducible] def wfParam {α : Sort u} (a : α) : α := a
@[reducible] def emptyWf {α : Sort u} : WellFoundedRelation α where
  rel := fun _ _ => False
  wf := ⟨fun a => Acc.intro a fun _ h => h.elim⟩
namespace Subrelation
variable {α : Sort u} {r q : α → α → Prop}
theorem accessible {a : α} (h₁ : ∀ {x y}, q x y → r x y) (ac : Acc r a) : Acc q a := by
  induction ac with
  | intro x _ ih => exact Acc.intro x fun y h => ih y (h₁ h)
theorem wf (h₁ : ∀ {x y}, q x y → r x y) (h₂ : WellFounded r) : WellFounded q :=
  ⟨fun a => accessible @h₁ (h₂.apply a)⟩
end Subrelation
@[reducible] def InvImage {α : Sort u} {β : Sort v} (r : β → β → Prop) (f : α → β) : α → α → Prop :=
  fun a₁ a₂ => r (f a₁) (f a₂)
namespace InvImage
variable {α : Sort u} {β : Sort v} {r : β → β → Prop}
theorem accAux (f : α → β) {b : β} (ac : Acc r b) : (x : α) → f x = b → Acc (InvImage r f) x := by
  induction ac with
  | intro x acx ih =>
    intro z e
    apply Acc.intro
    intro y lt
    subst x
    exact ih (f y) lt y rfl
theorem accessible {a : α} (f : α → β) (ac : Acc r (f a)) : Acc (InvImage r f) a := accAux f ac a rfl
theorem wf (f : α → β) (h : WellFounded r) : WellFounded (InvImage r f) := ⟨fun a => accessible f (h.apply (f a))⟩
end InvImage
@[reducible] def invImage {α : Sort u} {β : Sort v} (f : α → β) (h : WellFoundedRelation β) : WellFoundedRelation α where
  rel := InvImage h.rel f
  wf := InvImage.wf f h.wf
theorem Nat.lt_wfRel_acc (n : Nat) : Acc (fun a b : Nat => a < b) n := by
  induction n with
  | zero => exact Acc.intro 0 fun y h => absurd h (Nat.not_lt_zero y)
  | succ n ih =>
    refine Acc.intro _ fun y h => ?_
    cases Nat.lt_or_ge y n with
    | inl k => exact ih.inv k
    | inr k => exact Nat.le_antisymm (Nat.le_of_succ_le_succ h) k ▸ ih
@[reducible] protected def Nat.lt_wfRel : WellFoundedRelation Nat where
  rel := fun a b => a < b
  wf := ⟨Nat.lt_wfRel_acc⟩
@[elab_as_elim] protected noncomputable def Nat.strongRecOn {motive : Nat → Sort u} (n : Nat)
    (ind : ∀ n, (∀ m, m < n → motive m) → motive n) : motive n := Nat.lt_wfRel.wf.fix ind n
abbrev measure {α : Sort u} (f : α → Nat) : WellFoundedRelation α := invImage f Nat.lt_wfRel
abbrev sizeOfWFRel {α : Sort u} [SizeOf α] : WellFoundedRelation α := measure sizeOf
instance (priority := low) instWellFoundedRelationOfSizeOf {α : Sort u} [SizeOf α] : WellFoundedRelation α := sizeOfWFRel
/-- What recursion by a measure in the natural numbers is compiled to: unlike `WellFounded.fix`, the kernel evaluates it. -/
def WellFounded.Nat.eager (n : Nat) : Nat := if n.beq n = true then n else n
theorem WellFounded.Nat.eager_eq (n : Nat) : eager n = n := ite_self n
namespace WellFounded.Nat
variable {α : Sort u} {motive : α → Sort v} (h : α → Nat)
variable (F : (x : α) → ((y : α) → InvImage (fun a b : Nat => a < b) h y x → motive y) → motive x)
noncomputable def fix.go : (fuel : Nat) → (x : α) → h x < fuel → motive x
  | .zero, x, hfuel => absurd hfuel (Nat.not_lt_zero _)
  | .succ fuel, x, hfuel => F x fun y hy => fix.go fuel y (Nat.lt_of_lt_of_le hy (Nat.le_of_lt_succ hfuel))
noncomputable def fix (x : α) : motive x :=
  fix.go h F (eager (h x + 1)) x (eager_eq _ ▸ Nat.lt_succ_self _)
theorem fix.go_congr (x : α) (fuel₁ fuel₂ : Nat) (h₁ : h x < fuel₁) (h₂ : h x < fuel₂) :
    fix.go h F fuel₁ x h₁ = fix.go h F fuel₂ x h₂ := by
  induction fuel₁ generalizing x fuel₂ with
  | zero => exact absurd h₁ (Nat.not_lt_zero _)
  | succ fuel₁ ih =>
    cases fuel₂ with
    | zero => exact absurd h₂ (Nat.not_lt_zero _)
    | succ fuel₂ => exact congrArg (F x) (funext fun y => funext fun hy => ih y fuel₂ _ _)
theorem fix_eq (x : α) : fix h F x = F x (fun y _ => fix h F y) := by
  unfold fix
  have e : eager (h x + 1) = h x + 1 := eager_eq _
  rw [fix.go_congr h F x (eager (h x + 1)) (h x + 1) (eager_eq _ ▸ Nat.lt_succ_self _) (Nat.lt_succ_self _)]
  exact congrArg (F x) (funext fun y => funext fun hy => fix.go_congr h F y _ _ _ _)
end WellFounded.Nat
namespace Prod
variable {α : Type u} {β : Type v} (ra : α → α → Prop) (rb : β → β → Prop)
protected inductive Lex : α × β → α × β → Prop where
  | left {a₁} (b₁) {a₂} (b₂) (h : ra a₁ a₂) : Prod.Lex (a₁, b₁) (a₂, b₂)
  | right (a) {b₁ b₂} (h : rb b₁ b₂) : Prod.Lex (a, b₁) (a, b₂)
theorem lexAccessible {ra : α → α → Prop} {rb : β → β → Prop} {a : α} (aca : Acc ra a) (acb : (b : β) → Acc rb b) (b : β) :
    Acc (Prod.Lex ra rb) (a, b) := by
  induction aca generalizing b with
  | intro xa aca iha =>
    induction acb b with
    | intro xb acb ihb =>
      apply Acc.intro
      intro p lt
      cases lt with
      | left b₁ b₂ h => exact iha _ h _
      | right a h => exact ihb _ h
@[reducible] def lex (ha : WellFoundedRelation α) (hb : WellFoundedRelation β) : WellFoundedRelation (α × β) where
  rel := Prod.Lex ha.rel hb.rel
  wf := ⟨fun (a, b) => lexAccessible (ha.wf.apply a) hb.wf.apply b⟩
instance instWellFoundedRelation [ha : WellFoundedRelation α] [hb : WellFoundedRelation β] :
    WellFoundedRelation (α × β) := lex ha hb
end Prod
namespace PSigma
variable {α : Sort u} {β : α → Sort v}
protected inductive Lex (r : α → α → Prop) (s : ∀ a, β a → β a → Prop) : PSigma β → PSigma β → Prop where
  | left : ∀ {a₁ : α} (b₁ : β a₁) {a₂ : α} (b₂ : β a₂), r a₁ a₂ → PSigma.Lex r s ⟨a₁, b₁⟩ ⟨a₂, b₂⟩
  | right : ∀ (a : α) {b₁ b₂ : β a}, s a b₁ b₂ → PSigma.Lex r s ⟨a, b₁⟩ ⟨a, b₂⟩
theorem lexAccessible {r : α → α → Prop} {s : ∀ a, β a → β a → Prop} {a : α} (aca : Acc r a)
    (acb : (a : α) → WellFounded (s a)) (b : β a) : Acc (PSigma.Lex r s) ⟨a, b⟩ := by
  induction aca with
  | intro xa aca iha =>
    induction (acb xa).apply b with
    | intro xb acb ihb =>
      apply Acc.intro
      intro p lt
      cases lt with
      | left b₁ b₂ h => exact iha _ h _
      | right a h => exact ihb _ h
@[reducible] def lex (ha : WellFoundedRelation α) (hb : (a : α) → WellFoundedRelation (β a)) :
    WellFoundedRelation (PSigma β) where
  rel := PSigma.Lex ha.rel (fun a => (hb a).rel)
  wf := ⟨fun ⟨a, b⟩ => lexAccessible (ha.wf.apply a) (fun a => (hb a).wf) b⟩
instance instWellFoundedRelation [ha : WellFoundedRelation α] [hb : (a : α) → WellFoundedRelation (β a)] :
    WellFoundedRelation (PSigma β) := lex ha hb
end PSigma
