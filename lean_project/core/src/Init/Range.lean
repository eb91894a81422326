prelude
import Init.List.Lemmas
import Init.Array.Basic
import Init.Break
/-!
`for` over ranges of numbers and over arrays, by the lists of what they run through.
-/
set_option linter.unusedVariables false
universe u v
structure Std.Legacy.Range where
  start : Nat := 0
  stop : Nat
  step : Nat := 1
  step_pos : 0 < step
namespace Std.Legacy.Range
@[simp] def size (r : Range) : Nat := (r.stop - r.start + r.step - 1) / r.step
instance : Membership Nat Range where
  mem r i := r.start ≤ i ∧ i < r.stop ∧ (i - r.start) % r.step = 0
instance {m : Type u → Type v} [Monad m] : ForIn m Range Nat where
  forIn r init f := forIn (List.range' r.start r.size r.step) init f
end Std.Legacy.Range
instance Array.instForIn {α : Type u} {m : Type u → Type v} [Monad m] : ForIn m (Array α) α where
  forIn as init f := forIn as.toList init f
