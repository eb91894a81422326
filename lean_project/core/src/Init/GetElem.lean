prelude
import Init.Quote
/-!
Indexing: `xs[i]` with a proof that i is in bounds, `xs[i]?`, and `xs[i]!`; panics are the default value.
-/
set_option linter.unusedVariables false
universe u v w
@[never_extract, inline] def panicCore {α : Sort u} [Inhabited α] (msg : String) : α := default
@[never_extract, extern "lean_panic_fn"] def panic {α : Sort u} [Inhabited α] (msg : String) : α := default
def mkPanicMessage (modName : String) (line col : Nat) (msg : String) : String := msg
def mkPanicMessageWithDecl (modName declName : String) (line col : Nat) (msg : String) : String := msg
@[never_extract] def panicWithPos {α : Sort u} [Inhabited α] (modName : String) (line col : Nat) (msg : String) : α :=
  panic (mkPanicMessage modName line col msg)
@[never_extract] def panicWithPosWithDecl {α : Sort u} [Inhabited α] (modName declName : String) (line col : Nat)
    (msg : String) : α := panic (mkPanicMessageWithDecl modName declName line col msg)
class GetElem (coll : Type u) (idx : Type v) (elem : outParam (Type w)) (valid : outParam (coll → idx → Prop)) where
  getElem (xs : coll) (i : idx) (h : valid xs i) : elem
export GetElem (getElem)
abbrev decidableGetElem? {coll : Type u} {idx : Type v} {elem : Type w} {valid : coll → idx → Prop}
    [GetElem coll idx elem valid] (xs : coll) (i : idx) [Decidable (valid xs i)] : Option elem :=
  if h : valid xs i then some (getElem xs i h) else none
@[never_extract] def outOfBounds {α : Type u} [Inhabited α] : α := panic "index out of bounds"
class GetElem? (coll : Type u) (idx : Type v) (elem : outParam (Type w)) (valid : outParam (coll → idx → Prop))
    extends GetElem coll idx elem valid where
  getElem? : coll → idx → Option elem
  getElem! [Inhabited elem] (xs : coll) (i : idx) : elem := match getElem? xs i with
    | some e => e
    | none => outOfBounds
export GetElem? (getElem? getElem!)
@[simp] theorem outOfBounds_eq_default {α : Type u} [Inhabited α] : (outOfBounds : α) = default := rfl
/-- Which occurrences of a pattern `rw` and `conv` look at. -/
inductive Lean.Meta.Occurrences where
  | all
  | pos (idxs : List Nat)
  | neg (idxs : List Nat)
instance : Coe (List Nat) Lean.Meta.Occurrences := ⟨.pos⟩
