prelude
import Init.List.Append
/-!
`for` over a list.
-/
set_option linter.unusedVariables false
universe u v w x
namespace List
variable {α : Type u} {β : Type v} {γ : Type w}
@[inline] protected def forIn' {α : Type u} {β : Type v} {m : Type v → Type w} [Monad m] (as : List α) (init : β)
    (f : (a : α) → a ∈ as → β → m (ForInStep β)) : m β :=
  loop as init ⟨[], rfl⟩
where
  loop : (as' : List α) → (b : β) → Exists (fun bs => bs ++ as' = as) → m β
  | [], b, _ => pure b
  | a :: as', b, h =>
    have here : a ∈ as := h.elim fun bs e => e ▸ mem_append_right bs (Mem.head as')
    have rest : Exists (fun bs => bs ++ as' = as) := h.elim fun bs e => ⟨bs ++ [a], by rw [← e, ← append_cons]⟩
    bind (f a here b) fun
      | ForInStep.done b => pure b
      | ForInStep.yield b => loop as' b rest
instance instForIn'InferInstanceMembershipOfMonad {m : Type v → Type w} [Monad m] :
    ForIn' m (List α) α inferInstance where
  forIn' := List.forIn'
end List
instance instForInOfForIn' {m : Type u → Type v} {ρ : Type w} {α : Type x} {d : Membership α ρ} [ForIn' m ρ α d] :
    ForIn m ρ α where
  forIn x b f := forIn' x b fun a _ => f a
