prelude
import Init.Logic
/-!
Classical logic from the axiom of choice (Diaconescu).
-/
set_option linter.unusedVariables false
universe u v
namespace Classical
noncomputable def indefiniteDescription {α : Sort u} (p : α → Prop) (h : ∃ x, p x) : Subtype p :=
  choice (h.elim fun w hw => ⟨⟨w, hw⟩⟩)
noncomputable def choose {α : Sort u} {p : α → Prop} (h : ∃ x, p x) : α := (indefiniteDescription p h).val
theorem choose_spec {α : Sort u} {p : α → Prop} (h : ∃ x, p x) : p (choose h) := (indefiniteDescription p h).property
theorem em (p : Prop) : p ∨ ¬p := by
  have hU : ∃ x : Prop, x = True ∨ p := ⟨True, Or.inl rfl⟩
  have hV : ∃ x : Prop, x = False ∨ p := ⟨False, Or.inl rfl⟩
  rcases choose_spec hU with hu | hp
  · rcases choose_spec hV with hv | hp
    · refine Or.inr (fun hp => ?_)
      have e : (fun x : Prop => x = True ∨ p) = (fun x : Prop => x = False ∨ p) :=
        funext fun x => propext ⟨fun _ => Or.inr hp, fun _ => Or.inr hp⟩
      have k : ∀ (q : Prop → Prop) (h : ∃ x, q x) (_ : (fun x : Prop => x = True ∨ p) = q), choose hU = choose h := by
        intro q h eq
        subst eq
        rfl
      have k2 := k _ hV e
      rw [hu, hv] at k2
      exact of_eq_true k2.symm
    · exact Or.inl hp
  · exact Or.inl hp
noncomputable def propDecidable (a : Prop) : Decidable a :=
  choice ((em a).elim (fun h => ⟨.isTrue h⟩) (fun h => ⟨.isFalse h⟩))
attribute [scoped instance low] propDecidable
theorem byContradiction {p : Prop} (h : ¬p → False) : p := (em p).elim id (fun n => (h n).elim)
theorem byCases {p q : Prop} (h : p → q) (k : ¬p → q) : q := (em p).elim h k
end Classical
