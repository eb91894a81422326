prelude
import Init.List.Lemmas
import Init.Array.Basic
import Init.Break
import Init.Omega
/-!
`for` over ranges of numbers and over arrays, by the lists of what they run through.
-/
set_option linter.unusedVariables false
universe u v
theorem List.mem_range' {m s step n : Nat} : m ∈ List.range' s n step ↔ ∃ i, i < n ∧ m = s + step * i := by
  induction n generalizing s with
  | zero => exact ⟨fun h => (nomatch h), fun ⟨i, h, _⟩ => absurd h (Nat.not_lt_zero i)⟩
  | succ n ih =>
    show m ∈ s :: List.range' (s + step) n step ↔ _
    rw [List.mem_cons, ih]
    constructor
    · intro h
      rcases h with e | ⟨i, h, e⟩
      · exact ⟨0, by omega, by omega⟩
      · exact ⟨i + 1, by omega, by rw [e, Nat.mul_add_one]; omega⟩
    · intro ⟨i, h, e⟩
      cases i with
      | zero => exact .inl e
      | succ i => exact .inr ⟨i, by omega, by rw [e, Nat.mul_add_one]; omega⟩
structure Std.Legacy.Range where
  start : Nat := 0
  stop : Nat
  step : Nat := 1
  step_pos : 0 < step
namespace Std.Legacy.Range
@[simp] def size (r : Range) : Nat := (r.stop - r.start + r.step - 1) / r.step
instance : Membership Nat Range where
  mem r i := r.start ≤ i ∧ i < r.stop ∧ (i - r.start) % r.step = 0
theorem mem_of_mem_range' {r : Range} {x : Nat} (h : x ∈ List.range' r.start r.size r.step) : x ∈ r := by
  obtain ⟨i, h, e⟩ := List.mem_range'.mp h
  have k := (Nat.le_div_iff_mul_le r.step_pos).mp (Nat.succ_le_of_lt h)
  rw [Nat.succ_mul, Nat.mul_comm] at k
  have p := r.step_pos
  refine ⟨by omega, by omega, ?_⟩
  rw [e, Nat.add_sub_cancel_left, Nat.mul_mod_right]
instance {m : Type u → Type v} [Monad m] : ForIn' m Range Nat inferInstance where
  forIn' r init f := forIn' (List.range' r.start r.size r.step) init fun x h => f x (mem_of_mem_range' h)
instance {m : Type u → Type v} [Monad m] : ForIn m Range Nat where
  forIn r init f := forIn (List.range' r.start r.size r.step) init f
end Std.Legacy.Range
theorem Membership.get_elem_helper {i n : Nat} {r : Std.Legacy.Range} (h₁ : i ∈ r) (h₂ : r.stop = n) : i < n := h₂ ▸ h₁.2.1
instance Array.instForIn' {α : Type u} {m : Type u → Type v} [Monad m] : ForIn' m (Array α) α inferInstance where
  forIn' as init f := forIn' as.toList init fun x h => f x ⟨h⟩
instance Array.instForIn {α : Type u} {m : Type u → Type v} [Monad m] : ForIn m (Array α) α where
  forIn as init f := forIn as.toList init f
