prelude
import Init.SizeOf
/-!
What `simp` knows of propositions, booleans, equality and `if`, and the lemmas that it builds its own proofs with.
-/
set_option linter.unusedVariables false
universe u v w
attribute [simp] eq_self iff_self
theorem of_iff_true {a : Prop} (h : a ↔ True) : a := h.mpr trivial
theorem iff_of_true {a b : Prop} (ha : a) (hb : b) : a ↔ b := ⟨fun _ => hb, fun _ => ha⟩
theorem iff_of_false {a b : Prop} (ha : ¬a) (hb : ¬b) : a ↔ b := ⟨fun h => absurd h ha, fun h => absurd h hb⟩
theorem Eq.to_iff {a b : Prop} (h : a = b) : a ↔ b := h ▸ Iff.rfl
theorem iff_of_eq {a b : Prop} (h : a = b) : a ↔ b := h ▸ Iff.rfl
theorem iff_iff_eq {a b : Prop} : (a ↔ b) ↔ a = b := ⟨propext, iff_of_eq⟩
@[simp] theorem eq_iff_iff {a b : Prop} : (a = b) ↔ (a ↔ b) := iff_iff_eq.symm
theorem heq_self {α : Sort u} (a : α) : HEq a a = True := eq_true HEq.rfl
@[simp] theorem heq_eq_eq {α : Sort u} (a b : α) : HEq a b = (a = b) := propext ⟨eq_of_heq, heq_of_eq⟩
theorem let_congr {α : Sort u} {β : Sort v} {a a' : α} {b b' : α → β} (h₁ : a = a') (h₂ : ∀ x, b x = b' x) :
    (let x := a; b x) = (let x := a'; b' x) := h₁ ▸ (funext h₂ : b = b') ▸ rfl
theorem let_val_congr {α : Sort u} {β : Sort v} {a a' : α} (b : α → β) (h : a = a') :
    (let x := a; b x) = (let x := a'; b x) := h ▸ rfl
theorem let_body_congr {α : Sort u} {β : α → Sort v} {b b' : (a : α) → β a} (a : α) (h : ∀ x, b x = b' x) :
    (let x := a; b x) = (let x := a; b' x) := (funext h : b = b') ▸ rfl
theorem have_unused {α : Sort u} {β : Sort v} {a : α} {b : β} : (have x := a; b) = b := rfl
theorem have_congr {α : Sort u} {β : Sort v} {a a' : α} {f f' : α → β} (h₁ : a = a') (h₂ : ∀ x, f x = f' x) :
    f a = f' a' := h₁ ▸ h₂ a
theorem have_val_congr {α : Sort u} {β : Sort v} {a a' : α} {f : α → β} (h : a = a') : f a = f a' := h ▸ rfl
theorem have_body_congr_dep {α : Sort u} {β : α → Sort v} (a : α) {f f' : (x : α) → β x} (h : ∀ x, f x = f' x) :
    f a = f' a := h a
theorem have_body_congr {α : Sort u} {β : Sort v} (a : α) {f f' : α → β} (h : ∀ x, f x = f' x) : f a = f' a := h a
theorem have_congr' {α : Sort u} {β : Sort v} {a a' : α} {f f' : α → β} (h₁ : a = a') (h₂ : ∀ x, f x = f' x) :
    (have x := a; f x) = (have x := a'; f' x) := h₁ ▸ h₂ a
theorem have_val_congr' {α : Sort u} {β : Sort v} {a a' : α} {f : α → β} (h : a = a') :
    (have x := a; f x) = (have x := a'; f x) := h ▸ rfl
theorem have_body_congr' {α : Sort u} {β : Sort v} (a : α) {f f' : α → β} (h : ∀ x, f x = f' x) :
    (have x := a; f x) = (have x := a; f' x) := h a
theorem have_body_congr_dep' {α : Sort u} {β : α → Sort v} (a : α) {f f' : (x : α) → β x} (h : ∀ x, f x = f' x) :
    (have x := a; f x) = (have x := a; f' x) := h a
theorem ite_cond_congr {α : Sort u} {c c' : Prop} {s : Decidable c} {s' : Decidable c'} {a b : α} (h : c = c') :
    (ite c a b) = (ite c' a b) := by
  subst h
  exact congrArg (fun s => @ite α c s a b) (Subsingleton.elim s s')
theorem dite_congr {b c : Prop} {α : Sort u} {s : Decidable b} [Decidable c] {x : b → α} {u' : c → α} {y : ¬b → α}
    {v' : ¬c → α} (h₁ : b = c) (h₂ : (h : c) → x (h₁.mpr h) = u' h)
    (h₃ : (h : ¬c) → y (fun k => h (h₁ ▸ k)) = v' h) : dite b x y = dite c u' v' := by
  subst h₁
  cases Decidable.em' b with
  | inl h => rw [dif_pos h, dif_pos h]; exact h₂ h
  | inr h => rw [dif_neg h, dif_neg h]; exact h₃ h
theorem and_congr {a b c d : Prop} (h₁ : a ↔ c) (h₂ : b ↔ d) : a ∧ b ↔ c ∧ d :=
  ⟨fun h => ⟨h₁.mp h.1, h₂.mp h.2⟩, fun h => ⟨h₁.mpr h.1, h₂.mpr h.2⟩⟩
theorem or_congr {a b c d : Prop} (h₁ : a ↔ c) (h₂ : b ↔ d) : a ∨ b ↔ c ∨ d :=
  ⟨fun h => h.elim (fun x => .inl (h₁.mp x)) (fun x => .inr (h₂.mp x)),
   fun h => h.elim (fun x => .inl (h₁.mpr x)) (fun x => .inr (h₂.mpr x))⟩
theorem not_congr {a b : Prop} (h : a ↔ b) : ¬a ↔ ¬b := ⟨fun n k => n (h.mpr k), fun n k => n (h.mp k)⟩
theorem iff_congr {a b c d : Prop} (h₁ : a ↔ c) (h₂ : b ↔ d) : (a ↔ b) ↔ (c ↔ d) :=
  ⟨fun h => h₁.symm.trans (h.trans h₂), fun h => h₁.trans (h.trans h₂.symm)⟩
theorem and_congr_right {a b c : Prop} (h : a → (b ↔ c)) : a ∧ b ↔ a ∧ c :=
  ⟨fun ⟨x, y⟩ => ⟨x, (h x).mp y⟩, fun ⟨x, y⟩ => ⟨x, (h x).mpr y⟩⟩
theorem and_congr_left {a b c : Prop} (h : c → (a ↔ b)) : a ∧ c ↔ b ∧ c :=
  ⟨fun ⟨x, y⟩ => ⟨(h y).mp x, y⟩, fun ⟨x, y⟩ => ⟨(h y).mpr x, y⟩⟩
theorem and_congr_right_eq {a b c : Prop} (h : a → b = c) : (a ∧ b) = (a ∧ c) :=
  propext (and_congr_right fun k => iff_of_eq (h k))
theorem exists_congr {α : Sort u} {p q : α → Prop} (h : ∀ a, p a ↔ q a) : (∃ a, p a) ↔ ∃ a, q a :=
  ⟨fun ⟨a, k⟩ => ⟨a, (h a).mp k⟩, fun ⟨a, k⟩ => ⟨a, (h a).mpr k⟩⟩
theorem forall_congr' {α : Sort u} {p q : α → Prop} (h : ∀ a, p a ↔ q a) : (∀ a, p a) ↔ ∀ a, q a :=
  ⟨fun H a => (h a).mp (H a), fun H a => (h a).mpr (H a)⟩
theorem exists_imp {α : Sort u} {p : α → Prop} {b : Prop} : (∃ x, p x → b) → (∀ x, p x) → b :=
  fun ⟨x, h⟩ k => h (k x)
theorem and_comm {a b : Prop} : a ∧ b ↔ b ∧ a := ⟨fun ⟨x, y⟩ => ⟨y, x⟩, fun ⟨x, y⟩ => ⟨y, x⟩⟩
theorem And.comm {a b : Prop} : a ∧ b ↔ b ∧ a := and_comm
theorem And.symm {a b : Prop} : a ∧ b → b ∧ a := fun ⟨x, y⟩ => ⟨y, x⟩
theorem And.imp {a b c d : Prop} (f : a → c) (g : b → d) (h : a ∧ b) : c ∧ d := ⟨f h.1, g h.2⟩
theorem Or.imp {a b c d : Prop} (f : a → c) (g : b → d) (h : a ∨ b) : c ∨ d := h.elim (fun x => .inl (f x)) (fun x => .inr (g x))
theorem or_comm {a b : Prop} : a ∨ b ↔ b ∨ a := ⟨fun h => h.elim .inr .inl, fun h => h.elim .inr .inl⟩
theorem Or.comm {a b : Prop} : a ∨ b ↔ b ∨ a := or_comm
theorem Or.symm {a b : Prop} : a ∨ b → b ∨ a := fun h => h.elim .inr .inl
theorem and_assoc {a b c : Prop} : (a ∧ b) ∧ c ↔ a ∧ (b ∧ c) :=
  ⟨fun ⟨⟨x, y⟩, z⟩ => ⟨x, y, z⟩, fun ⟨x, y, z⟩ => ⟨⟨x, y⟩, z⟩⟩
theorem or_assoc {a b c : Prop} : (a ∨ b) ∨ c ↔ a ∨ (b ∨ c) :=
  ⟨fun h => h.elim (fun k => k.elim .inl (fun x => .inr (.inl x))) (fun x => .inr (.inr x)),
   fun h => h.elim (fun x => .inl (.inl x)) (fun k => k.elim (fun x => .inl (.inr x)) .inr)⟩
theorem and_left_comm {a b c : Prop} : a ∧ b ∧ c ↔ b ∧ a ∧ c :=
  ⟨fun ⟨x, y, z⟩ => ⟨y, x, z⟩, fun ⟨x, y, z⟩ => ⟨y, x, z⟩⟩
theorem and_or_left {a b c : Prop} : a ∧ (b ∨ c) ↔ (a ∧ b) ∨ (a ∧ c) :=
  ⟨fun ⟨x, h⟩ => h.elim (fun y => .inl ⟨x, y⟩) (fun y => .inr ⟨x, y⟩),
   fun h => h.elim (fun ⟨x, y⟩ => ⟨x, .inl y⟩) (fun ⟨x, y⟩ => ⟨x, .inr y⟩)⟩
theorem or_and_right {a b c : Prop} : (a ∨ b) ∧ c ↔ (a ∧ c) ∨ (b ∧ c) :=
  ⟨fun ⟨h, z⟩ => h.elim (fun y => .inl ⟨y, z⟩) (fun y => .inr ⟨y, z⟩),
   fun h => h.elim (fun ⟨x, y⟩ => ⟨.inl x, y⟩) (fun ⟨x, y⟩ => ⟨.inr x, y⟩)⟩
@[simp] theorem and_true (p : Prop) : (p ∧ True) = p := propext ⟨fun h => h.1, fun h => ⟨h, trivial⟩⟩
@[simp] theorem true_and (p : Prop) : (True ∧ p) = p := propext ⟨fun h => h.2, fun h => ⟨trivial, h⟩⟩
@[simp] theorem and_false (p : Prop) : (p ∧ False) = False := eq_false (fun h => h.2)
@[simp] theorem false_and (p : Prop) : (False ∧ p) = False := eq_false (fun h => h.1)
@[simp] theorem and_self (p : Prop) : (p ∧ p) = p := propext ⟨fun h => h.1, fun h => ⟨h, h⟩⟩
@[simp] theorem and_not_self {a : Prop} : ¬(a ∧ ¬a) := fun ⟨h, n⟩ => n h
@[simp] theorem not_and_self {a : Prop} : ¬(¬a ∧ a) := fun ⟨n, h⟩ => n h
@[simp] theorem and_imp {a b c : Prop} : (a ∧ b → c) ↔ (a → b → c) := ⟨fun h x y => h ⟨x, y⟩, fun h ⟨x, y⟩ => h x y⟩
@[simp] theorem not_and {a b : Prop} : ¬(a ∧ b) ↔ (a → ¬b) := and_imp
@[simp] theorem or_true (p : Prop) : (p ∨ True) = True := eq_true (.inr trivial)
@[simp] theorem true_or (p : Prop) : (True ∨ p) = True := eq_true (.inl trivial)
@[simp] theorem or_false (p : Prop) : (p ∨ False) = p := propext ⟨fun h => h.elim id False.elim, .inl⟩
@[simp] theorem false_or (p : Prop) : (False ∨ p) = p := propext ⟨fun h => h.elim False.elim id, .inr⟩
@[simp] theorem or_self (p : Prop) : (p ∨ p) = p := propext ⟨fun h => h.elim id id, .inl⟩
@[simp] theorem not_or {p q : Prop} : ¬(p ∨ q) ↔ ¬p ∧ ¬q :=
  ⟨fun h => ⟨fun x => h (.inl x), fun y => h (.inr y)⟩, fun ⟨a, b⟩ h => h.elim a b⟩
theorem or_imp {a b c : Prop} : (a ∨ b → c) ↔ (a → c) ∧ (b → c) :=
  ⟨fun h => ⟨fun x => h (.inl x), fun y => h (.inr y)⟩, fun ⟨f, g⟩ h => h.elim f g⟩
@[simp] theorem iff_true (p : Prop) : (p ↔ True) = p := propext ⟨fun h => h.mpr trivial, fun h => ⟨fun _ => trivial, fun _ => h⟩⟩
@[simp] theorem true_iff (p : Prop) : (True ↔ p) = p := propext ⟨fun h => h.mp trivial, fun h => ⟨fun _ => h, fun _ => trivial⟩⟩
@[simp] theorem iff_false (p : Prop) : (p ↔ False) = ¬p := propext ⟨fun h => h.mp, fun h => ⟨h, False.elim⟩⟩
@[simp] theorem false_iff (p : Prop) : (False ↔ p) = ¬p := propext ⟨fun h => h.mpr, fun h => ⟨False.elim, h⟩⟩
@[simp] theorem eq_true_eq_id : Eq True = id := funext fun p => propext ⟨fun h => h ▸ trivial, fun h => (eq_true h).symm⟩
@[simp] theorem not_true_eq_false : (¬ True) = False := eq_false (fun h => h trivial)
@[simp] theorem not_false_eq_true : (¬ False) = True := eq_true id
theorem not_true : ¬True ↔ False := iff_of_eq not_true_eq_false
theorem not_false : ¬False := id
theorem not_not_intro {p : Prop} (h : p) : ¬¬p := fun n => n h
theorem Classical.not_not {a : Prop} : ¬¬a ↔ a := ⟨fun h => Classical.byContradiction h, not_not_intro⟩
@[simp] theorem Decidable.not_not {p : Prop} [d : Decidable p] : ¬¬p ↔ p :=
  ⟨fun h => match d with
    | .isTrue k => k
    | .isFalse k => absurd k h, not_not_intro⟩
attribute [simp] Classical.not_not
theorem Decidable.em (p : Prop) [h : Decidable p] : p ∨ ¬p := Decidable.em' p
theorem Decidable.byContradiction {p : Prop} [dec : Decidable p] (h : ¬p → False) : p := Decidable.not_not.mp h
theorem Decidable.of_not_not {p : Prop} [dec : Decidable p] (h : ¬¬p) : p := Decidable.not_not.mp h
theorem Decidable.not_and_iff_or_not {p q : Prop} [Decidable p] [Decidable q] : ¬(p ∧ q) ↔ ¬p ∨ ¬q :=
  ⟨fun h => (Decidable.em p).elim (fun x => .inr fun y => h ⟨x, y⟩) .inl, fun h ⟨x, y⟩ => h.elim (fun n => n x) (fun n => n y)⟩
theorem Decidable.not_imp_iff_and_not {a b : Prop} [Decidable a] : ¬(a → b) ↔ a ∧ ¬b :=
  ⟨fun h => ⟨Decidable.byContradiction fun n => h fun x => absurd x n, fun y => h fun _ => y⟩, fun ⟨x, n⟩ h => n (h x)⟩
namespace Classical
@[simp] theorem not_imp {a b : Prop} : ¬(a → b) ↔ a ∧ ¬b :=
  ⟨fun h => ⟨byContradiction fun n => h fun x => absurd x n, fun y => h fun _ => y⟩, fun ⟨x, n⟩ h => n (h x)⟩
theorem not_and_iff_not_or_not {a b : Prop} : ¬(a ∧ b) ↔ ¬a ∨ ¬b :=
  ⟨fun h => (em a).elim (fun x => .inr fun y => h ⟨x, y⟩) .inl, fun h ⟨x, y⟩ => h.elim (fun n => n x) (fun n => n y)⟩
@[simp] theorem not_forall {α : Sort u} {p : α → Prop} : (¬∀ x, p x) ↔ ∃ x, ¬p x :=
  ⟨fun h => byContradiction fun n => h fun x => byContradiction fun k => n ⟨x, k⟩, fun ⟨x, k⟩ h => k (h x)⟩
theorem not_exists_not {α : Sort u} {p : α → Prop} : (¬∃ x, ¬p x) ↔ ∀ x, p x :=
  ⟨fun h x => byContradiction fun k => h ⟨x, k⟩, fun h ⟨x, k⟩ => k (h x)⟩
theorem or_iff_not_imp_left {a b : Prop} : a ∨ b ↔ (¬a → b) :=
  ⟨fun h n => h.resolve_left n, fun h => (em a).elim .inl fun n => .inr (h n)⟩
end Classical
@[simp] theorem not_exists {α : Sort u} {p : α → Prop} : (¬∃ x, p x) ↔ ∀ x, ¬p x :=
  ⟨fun h x k => h ⟨x, k⟩, fun h ⟨x, k⟩ => h x k⟩
@[simp] theorem exists_const {α : Sort u} {b : Prop} [i : Nonempty α] : (∃ _ : α, b) ↔ b :=
  ⟨fun ⟨_, h⟩ => h, fun h => by cases i with | intro a => exact ⟨a, h⟩⟩
@[simp] theorem exists_eq {α : Sort u} {a' : α} : ∃ a, a = a' := ⟨a', rfl⟩
@[simp] theorem exists_eq' {α : Sort u} {a' : α} : ∃ a, a' = a := ⟨a', rfl⟩
@[simp] theorem exists_eq_left {α : Sort u} {p : α → Prop} {a' : α} : (∃ a, a = a' ∧ p a) ↔ p a' :=
  ⟨fun ⟨_, e, h⟩ => e ▸ h, fun h => ⟨a', rfl, h⟩⟩
@[simp] theorem exists_eq_right {α : Sort u} {p : α → Prop} {a' : α} : (∃ a, p a ∧ a = a') ↔ p a' :=
  ⟨fun ⟨_, h, e⟩ => e ▸ h, fun h => ⟨a', h, rfl⟩⟩
@[simp] theorem exists_eq_left' {α : Sort u} {p : α → Prop} {a' : α} : (∃ a, a' = a ∧ p a) ↔ p a' :=
  ⟨fun ⟨_, e, h⟩ => e ▸ h, fun h => ⟨a', rfl, h⟩⟩
@[simp] theorem exists_and_left {α : Sort u} {p : α → Prop} {b : Prop} : (∃ x, b ∧ p x) ↔ b ∧ ∃ x, p x :=
  ⟨fun ⟨x, y, z⟩ => ⟨y, x, z⟩, fun ⟨y, x, z⟩ => ⟨x, y, z⟩⟩
@[simp] theorem exists_and_right {α : Sort u} {p : α → Prop} {b : Prop} : (∃ x, p x ∧ b) ↔ (∃ x, p x) ∧ b :=
  ⟨fun ⟨x, y, z⟩ => ⟨⟨x, y⟩, z⟩, fun ⟨⟨x, y⟩, z⟩ => ⟨x, y, z⟩⟩
@[simp] theorem exists_false {α : Sort u} : ¬∃ _ : α, False := fun ⟨_, h⟩ => h
theorem exists_or {α : Sort u} {p q : α → Prop} : (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ ∃ x, q x :=
  ⟨fun ⟨x, h⟩ => h.elim (fun k => .inl ⟨x, k⟩) (fun k => .inr ⟨x, k⟩),
   fun h => h.elim (fun ⟨x, k⟩ => ⟨x, .inl k⟩) (fun ⟨x, k⟩ => ⟨x, .inr k⟩)⟩
@[simp] theorem forall_eq {α : Sort u} {p : α → Prop} {a' : α} : (∀ a, a = a' → p a) ↔ p a' :=
  ⟨fun h => h a' rfl, fun h a e => e ▸ h⟩
@[simp] theorem forall_eq' {α : Sort u} {p : α → Prop} {a' : α} : (∀ a, a' = a → p a) ↔ p a' :=
  ⟨fun h => h a' rfl, fun h a e => e ▸ h⟩
@[simp] theorem forall_eq_or_imp {α : Sort u} {p q : α → Prop} {a' : α} :
    (∀ a, a = a' ∨ q a → p a) ↔ p a' ∧ ∀ a, q a → p a :=
  ⟨fun h => ⟨h a' (.inl rfl), fun a k => h a (.inr k)⟩, fun ⟨h, k⟩ a e => e.elim (fun e => e ▸ h) (k a)⟩
@[simp] theorem exists_eq_or_imp {α : Sort u} {p q : α → Prop} {a' : α} :
    (∃ a, (a = a' ∨ q a) ∧ p a) ↔ p a' ∨ ∃ a, q a ∧ p a :=
  ⟨fun ⟨a, h, k⟩ => h.elim (fun e => .inl (e ▸ k)) (fun q => .inr ⟨a, q, k⟩),
   fun h => h.elim (fun k => ⟨a', .inl rfl, k⟩) (fun ⟨a, q, k⟩ => ⟨a, .inr q, k⟩)⟩
theorem forall_and {α : Sort u} {p q : α → Prop} : (∀ x, p x ∧ q x) ↔ (∀ x, p x) ∧ ∀ x, q x :=
  ⟨fun h => ⟨fun x => (h x).1, fun x => (h x).2⟩, fun ⟨h, k⟩ x => ⟨h x, k x⟩⟩
@[simp] theorem exists_prop {b a : Prop} : (∃ _h : a, b) ↔ a ∧ b := ⟨fun ⟨x, y⟩ => ⟨x, y⟩, fun ⟨x, y⟩ => ⟨x, y⟩⟩
@[simp] theorem implies_true (α : Sort u) : (α → True) = True := eq_true fun _ => trivial
@[simp] theorem false_implies (p : Prop) : (False → p) = True := eq_true False.elim
@[simp] theorem true_implies (p : Prop) : (True → p) = p := propext ⟨fun h => h trivial, fun h _ => h⟩
@[simp] theorem imp_false {a : Prop} : (a → False) ↔ ¬a := Iff.rfl
@[simp] theorem imp_self {a : Prop} : (a → a) ↔ True := iff_of_true id trivial
@[simp] theorem forall_const {b : Prop} (α : Sort u) [i : Nonempty α] : (α → b) ↔ b :=
  ⟨fun h => by cases i with | intro a => exact h a, fun h _ => h⟩
@[simp] theorem ne_eq {α : Sort u} (a b : α) : (a ≠ b) = ¬(a = b) := rfl
theorem eq_comm {α : Sort u} {a b : α} : a = b ↔ b = a := ⟨Eq.symm, Eq.symm⟩
theorem ne_comm {α : Sort u} {a b : α} : a ≠ b ↔ b ≠ a := ⟨Ne.symm, Ne.symm⟩
theorem ne_of_apply_ne {α : Sort u} {β : Sort v} (f : α → β) {x y : α} : f x ≠ f y → x ≠ y := fun h e => h (e ▸ rfl)
@[simp] theorem ite_true {α : Sort u} (a b : α) : (if True then a else b) = a := rfl
@[simp] theorem ite_false {α : Sort u} (a b : α) : (if False then a else b) = b := rfl
@[simp] theorem dite_true {α : Sort u} {t : True → α} {e : ¬True → α} : (dite True t e) = t trivial := rfl
@[simp] theorem dite_false {α : Sort u} {t : False → α} {e : ¬False → α} : (dite False t e) = e not_false := rfl
@[simp] theorem ite_self {α : Sort u} {c : Prop} [h : Decidable c] (a : α) : (if c then a else a) = a := by
  cases h <;> rfl
theorem ite_cond_eq_true {α : Sort u} {c : Prop} {_ : Decidable c} (a b : α) (h : c = True) : (if c then a else b) = a :=
  if_pos (of_eq_true h)
theorem ite_cond_eq_false {α : Sort u} {c : Prop} {_ : Decidable c} (a b : α) (h : c = False) :
    (if c then a else b) = b := if_neg (of_eq_false h)
theorem dite_cond_eq_true {α : Sort u} {c : Prop} {_ : Decidable c} {t : c → α} {e : ¬c → α} (h : c = True) :
    (dite c t e) = t (of_eq_true h) := dif_pos (of_eq_true h)
theorem dite_cond_eq_false {α : Sort u} {c : Prop} {_ : Decidable c} {t : c → α} {e : ¬c → α} (h : c = False) :
    (dite c t e) = e (of_eq_false h) := dif_neg (of_eq_false h)
@[simp] theorem dite_eq_ite {α : Sort u} {P : Prop} [h : Decidable P] {a b : α} :
    (dite P (fun _ => a) (fun _ => b)) = ite P a b := by
  cases h <;> rfl
theorem apply_ite {α : Sort u} {β : Sort v} (f : α → β) (P : Prop) [h : Decidable P] (x y : α) :
    f (ite P x y) = ite P (f x) (f y) := by
  cases h <;> rfl
@[simp] theorem ite_not {α : Sort u} (p : Prop) [d : Decidable p] (x y : α) : (if ¬p then x else y) = if p then y else x := by
  cases d with
  | isTrue h => rw [if_neg (not_not_intro h), if_pos h]
  | isFalse h => rw [if_pos h, if_neg h]
@[simp] theorem ite_then_self {α : Sort u} {p : Prop} [d : Decidable p] {x y z : α} :
    (if p then (if p then x else y) else z) = if p then x else z := by
  cases d with
  | isTrue h => rw [if_pos h, if_pos h, if_pos h]
  | isFalse h => rw [if_neg h, if_neg h]
theorem ite_prop_iff_and {p q r : Prop} [d : Decidable p] : (if p then q else r) ↔ (p → q) ∧ (¬p → r) := by
  cases d with
  | isTrue h => rw [if_pos h]; exact ⟨fun k => ⟨fun _ => k, fun n => absurd h n⟩, fun k => k.1 h⟩
  | isFalse h => rw [if_neg h]; exact ⟨fun k => ⟨fun y => absurd y h, fun _ => k⟩, fun k => k.2 h⟩
@[simp] theorem ite_eq_left_iff {α : Sort u} {p : Prop} [d : Decidable p] {x y : α} :
    (if p then x else y) = x ↔ (¬p → y = x) := by
  cases d with
  | isTrue h => rw [if_pos h]; exact ⟨fun _ n => absurd h n, fun _ => rfl⟩
  | isFalse h => rw [if_neg h]; exact ⟨fun e _ => e, fun k => k h⟩
@[simp] theorem ite_eq_right_iff {α : Sort u} {p : Prop} [d : Decidable p] {x y : α} :
    (if p then x else y) = y ↔ (p → x = y) := by
  cases d with
  | isTrue h => rw [if_pos h]; exact ⟨fun e _ => e, fun k => k h⟩
  | isFalse h => rw [if_neg h]; exact ⟨fun _ n => absurd n h, fun _ => rfl⟩
/-- `e`, with a wish for the name of its variable: that of `binder`'s. -/
@[simp ↓] def binderNameHint {α : Sort u} {β : Sort v} {γ : Sort w} (v : α) (binder : β) (e : γ) : γ := e
-- Puts the condition of an `if` among the hypotheses when recursion below it is shown to end.
@[wf_preprocess] theorem ite_eq_dite {P : Prop} {α : Sort u} {a b : α} [Decidable P] :
    ite P a b = dite P (fun h => binderNameHint h () a) (fun h => binderNameHint h () b) := rfl
theorem decide_true (h : Decidable True) : @decide True h = true := decide_eq_true trivial
theorem decide_false (h : Decidable False) : @decide False h = false := decide_eq_false id
@[simp] theorem decide_true_eq_true : decide True = true := rfl
@[simp] theorem decide_false_eq_false : decide False = false := rfl
@[simp] theorem decide_eq_true_eq {p : Prop} [Decidable p] : (decide p = true) = p :=
  propext ⟨of_decide_eq_true, decide_eq_true⟩
theorem decide_eq_true_iff {p : Prop} [Decidable p] : decide p = true ↔ p := ⟨of_decide_eq_true, decide_eq_true⟩
@[simp] theorem decide_eq_false_iff_not {p : Prop} {_ : Decidable p} : (decide p = false) ↔ ¬p :=
  ⟨of_decide_eq_false, decide_eq_false⟩
theorem decide_eq_decide {p q : Prop} {_ : Decidable p} {_ : Decidable q} : decide p = decide q ↔ (p ↔ q) :=
  ⟨fun h => ⟨fun x => of_decide_eq_true (h ▸ decide_eq_true x), fun x => of_decide_eq_true (h.symm ▸ decide_eq_true x)⟩,
   fun h => by
    cases Decidable.em' p with
    | inl k => rw [decide_eq_true k, decide_eq_true (h.mp k)]
    | inr k => rw [decide_eq_false k, decide_eq_false (fun x => k (h.mpr x))]⟩
theorem decide_congr {p q : Prop} [Decidable p] [Decidable q] (h : p ↔ q) : decide p = decide q := decide_eq_decide.mpr h
@[inline] def decidable_of_decidable_of_iff {p q : Prop} [dp : Decidable p] (h : p ↔ q) : Decidable q :=
  match dp with
  | .isTrue hp => .isTrue (h.mp hp)
  | .isFalse hp => .isFalse (fun hq => hp (h.mpr hq))
@[inline] def decidable_of_iff {b : Prop} (a : Prop) (h : a ↔ b) [Decidable a] : Decidable b := decidable_of_decidable_of_iff h
theorem PUnit.eq_punit (a : PUnit) : a = PUnit.unit := rfl
theorem true_ne_false : True ≠ False := fun h => h ▸ trivial
theorem ne_false_of_self {p : Prop} : p → p ≠ False := fun h e => e ▸ h
theorem ne_true_of_not {p : Prop} : ¬p → p ≠ True := fun n e => n (e ▸ trivial)
theorem eq_false_intro {a : Prop} (h : ¬a) : a = False := eq_false h
theorem eq_true_intro {a : Prop} (h : a) : a = True := eq_true h
