prelude
import Init.List.Indexing
/-!
Lists: sortedness and permutations.
-/
set_option linter.unusedVariables false
universe u v w x
namespace List
variable {α : Type u} {β : Type v} {γ : Type w}
@[simp] theorem pairwise_cons {R : α → α → Prop} {a : α} {l : List α} :
    Pairwise R (a :: l) ↔ (∀ a', a' ∈ l → R a a') ∧ Pairwise R l :=
  ⟨fun h => by cases h with | cons h k => exact ⟨h, k⟩, fun ⟨h, k⟩ => Pairwise.cons h k⟩
attribute [simp] Pairwise.nil
theorem Pairwise.imp {R S : α → α → Prop} (H : ∀ {a b}, R a b → S a b) {l : List α} (h : Pairwise R l) : Pairwise S l := by
  induction h with
  | nil => exact Pairwise.nil
  | cons h _ ih => exact Pairwise.cons (fun a k => H (h a k)) ih
instance instDecidablePairwise {R : α → α → Prop} [DecidableRel R] : (l : List α) → Decidable (Pairwise R l)
  | [] => isTrue Pairwise.nil
  | a :: l => match decidableBAll (R a) l, instDecidablePairwise l with
    | isTrue h, isTrue k => isTrue (.cons h k)
    | isFalse h, _ => isFalse fun p => h (pairwise_cons.mp p).1
    | _, isFalse k => isFalse fun p => k (pairwise_cons.mp p).2
theorem pairwise_singleton (R : α → α → Prop) (a : α) : Pairwise R [a] := Pairwise.cons (fun _ h => nomatch h) Pairwise.nil
theorem pairwise_append {R : α → α → Prop} {l₁ l₂ : List α} :
    (l₁ ++ l₂).Pairwise R ↔ l₁.Pairwise R ∧ l₂.Pairwise R ∧ ∀ a, a ∈ l₁ → ∀ b, b ∈ l₂ → R a b := by
  induction l₁ with
  | nil => exact ⟨fun h => ⟨Pairwise.nil, h, fun _ k => nomatch k⟩, fun h => h.2.1⟩
  | cons a l ih =>
    rw [cons_append, pairwise_cons, pairwise_cons, ih]
    constructor
    · intro ⟨h, k, l', m⟩
      refine ⟨⟨fun x hx => h x (mem_append_left _ hx), k⟩, l', fun x hx y hy => ?_⟩
      cases hx with
      | head => exact h y (mem_append_right _ hy)
      | tail _ hx => exact m x hx y hy
    · intro ⟨⟨h, k⟩, l', m⟩
      refine ⟨fun x hx => ?_, k, l', fun x hx y hy => m x (Mem.tail _ hx) y hy⟩
      cases mem_append.mp hx with
      | inl hx => exact h x hx
      | inr hx => exact m a (Mem.head _) x hx
theorem nodup_nil : @Nodup α [] := Pairwise.nil
@[simp] theorem nodup_cons {a : α} {l : List α} : Nodup (a :: l) ↔ ¬ a ∈ l ∧ Nodup l :=
  pairwise_cons.trans (and_congr ⟨fun h k => h a k rfl, fun h x k e => h (e ▸ k)⟩ Iff.rfl)
@[simp] protected theorem Perm.refl (l : List α) : Perm l l := by
  induction l with
  | nil => exact Perm.nil
  | cons a l ih => exact Perm.cons a ih
protected theorem Perm.rfl {l : List α} : Perm l l := Perm.refl l
protected theorem Perm.of_eq {l₁ l₂ : List α} (h : l₁ = l₂) : Perm l₁ l₂ := h ▸ Perm.refl l₁
protected theorem Perm.symm {l₁ l₂ : List α} (h : Perm l₁ l₂) : Perm l₂ l₁ := by
  induction h with
  | nil => exact Perm.nil
  | cons x _ ih => exact Perm.cons x ih
  | swap x y l => exact Perm.swap y x l
  | trans _ _ ih₁ ih₂ => exact Perm.trans ih₂ ih₁
theorem perm_comm {l₁ l₂ : List α} : Perm l₁ l₂ ↔ Perm l₂ l₁ := ⟨Perm.symm, Perm.symm⟩
theorem Perm.length_eq {l₁ l₂ : List α} (h : Perm l₁ l₂) : l₁.length = l₂.length := by
  induction h with
  | nil => rfl
  | cons x _ ih => exact congrArg Nat.succ ih
  | swap x y l => rfl
  | trans _ _ ih₁ ih₂ => exact ih₁.trans ih₂
theorem Perm.mem_iff {a : α} {l₁ l₂ : List α} (h : Perm l₁ l₂) : a ∈ l₁ ↔ a ∈ l₂ := by
  induction h with
  | nil => exact Iff.rfl
  | cons x _ ih => rw [mem_cons, mem_cons, ih]
  | swap x y l => rw [mem_cons, mem_cons, mem_cons, mem_cons, ← or_assoc, ← or_assoc, or_comm (a := a = y)]
  | trans _ _ ih₁ ih₂ => exact ih₁.trans ih₂
theorem Perm.append_left {t₁ t₂ : List α} (l : List α) (h : Perm t₁ t₂) : Perm (l ++ t₁) (l ++ t₂) := by
  induction l with
  | nil => exact h
  | cons a l ih => exact Perm.cons a ih
theorem Perm.append_right {l₁ l₂ : List α} (t₁ : List α) (h : Perm l₁ l₂) : Perm (l₁ ++ t₁) (l₂ ++ t₁) := by
  induction h with
  | nil => exact Perm.refl _
  | cons x _ ih => exact Perm.cons x ih
  | swap x y l => exact Perm.swap x y _
  | trans _ _ ih₁ ih₂ => exact Perm.trans ih₁ ih₂
theorem Perm.append {l₁ l₂ t₁ t₂ : List α} (p₁ : Perm l₁ l₂) (p₂ : Perm t₁ t₂) : Perm (l₁ ++ t₁) (l₂ ++ t₂) :=
  (p₁.append_right t₁).trans (p₂.append_left l₂)
theorem perm_middle {a : α} {l₁ l₂ : List α} : Perm (l₁ ++ a :: l₂) (a :: (l₁ ++ l₂)) := by
  induction l₁ with
  | nil => exact Perm.refl _
  | cons b l ih => exact (Perm.cons b ih).trans (Perm.swap a b _)
theorem perm_append_comm {l₁ l₂ : List α} : Perm (l₁ ++ l₂) (l₂ ++ l₁) := by
  induction l₁ with
  | nil => rw [append_nil]; exact Perm.refl _
  | cons a l ih => exact (Perm.cons a ih).trans perm_middle.symm
theorem reverse_perm (l : List α) : Perm l.reverse l := by
  induction l with
  | nil => exact Perm.nil
  | cons a l ih =>
    rw [reverse_cons]
    exact perm_append_comm.trans (Perm.cons a ih)
end List
