prelude
import Init.Native.Syntax
/-!
The classes behind notations (membership, sets, coercions), the operations of `Bool`, and functions.
-/
set_option linter.unusedVariables false
universe u v w w' u1 u2 u3
class Membership (α : outParam (Type u)) (γ : Type v) where
  mem : γ → α → Prop
class EmptyCollection (α : Type u) where
  emptyCollection : α
class HasSubset (α : Type u) where
  Subset : α → α → Prop
export HasSubset (Subset)
class HasSSubset (α : Type u) where
  SSubset : α → α → Prop
class Union (α : Type u) where
  union : α → α → α
class Inter (α : Type u) where
  inter : α → α → α
class SDiff (α : Type u) where
  sdiff : α → α → α
class Insert (α : outParam (Type u)) (γ : Type v) where
  insert : α → γ → γ
export Insert (insert)
class Singleton (α : outParam (Type u)) (β : Type v) where
  singleton : α → β
export Singleton (singleton)
class HasEquiv (α : Sort u) where
  Equiv : α → α → Sort v
@[reducible] def Ne {α : Sort u} (a b : α) : Prop := ¬(a = b)
@[macro_inline] def Bool.or (x y : Bool) : Bool :=
  match x with
  | true => true
  | false => y
@[macro_inline] def Bool.and (x y : Bool) : Bool :=
  match x with
  | true => y
  | false => false
@[inline] def Bool.not : Bool → Bool
  | true => false
  | false => true
export Bool (or and not)
@[macro_inline] def Bool.xor : Bool → Bool → Bool
  | true, true => false
  | true, false => true
  | false, y => y
export Bool (xor)
@[inline] def Function.comp {α : Sort u} {β : Sort v} {δ : Sort w} (f : β → δ) (g : α → β) : α → δ := fun x => f (g x)
@[inline] def flip {α : Sort u} {β : Sort v} {φ : Sort w} (f : α → β → φ) : β → α → φ := fun b a => f a b
abbrev List.toArray {α : Type u} (xs : List α) : Array α := ⟨xs⟩
@[extern "lean_mk_empty_array_with_capacity"] def Array.mkEmpty {α : Type u} (c : Nat) : Array α := ⟨[]⟩
def Array.empty {α : Type u} : Array α := Array.mkEmpty 0
def Array.emptyWithCapacity {α : Type u} (c : Nat) : Array α := ⟨[]⟩
def List.concat {α : Type u} : List α → α → List α
  | [], b => [b]
  | a :: as, b => a :: List.concat as b
def List.length {α : Type u} : List α → Nat
  | nil => 0
  | cons _ as => length as + 1
@[extern "lean_array_get_size"] def Array.size {α : Type u} (a : @& Array α) : Nat := a.toList.length
@[extern "lean_array_push"] def Array.push {α : Type u} (a : Array α) (v : α) : Array α := ⟨List.concat a.toList v⟩
opaque Lean.opaqueId {α : Sort u} (x : α) : α := x
/-! Coercions: the chain of classes that `↑` and missing types go through. -/
class Coe (α : semiOutParam (Sort u)) (β : Sort v) where
  coe : α → β
class CoeTC (α : Sort u) (β : Sort v) where
  coe : α → β
instance coeTCOfCoe {α β γ : Sort _} [Coe β γ] [CoeTC α β] : CoeTC α γ where
  coe a := Coe.coe (CoeTC.coe a : β)
instance coeTCOfCoe_1 {α β : Sort _} [Coe α β] : CoeTC α β where
  coe a := Coe.coe a
instance coeTCSelf {α : Sort _} : CoeTC α α where
  coe a := a
class CoeOut (α : Sort u) (β : semiOutParam (Sort v)) where
  coe : α → β
class CoeOTC (α : Sort u) (β : Sort v) where
  coe : α → β
instance coeOTCOfCoeOut {α β γ : Sort _} [CoeOut α β] [CoeOTC β γ] : CoeOTC α γ where
  coe a := CoeOTC.coe (CoeOut.coe a : β)
instance coeOTCOfCoeTC {α β : Sort _} [CoeTC α β] : CoeOTC α β where
  coe a := CoeTC.coe a
instance coeOTCSelf {α : Sort _} : CoeOTC α α where
  coe a := a
class CoeHead (α : Sort u) (β : semiOutParam (Sort v)) where
  coe : α → β
class CoeHTC (α : Sort u) (β : Sort v) where
  coe : α → β
instance coeHTCOfCoeHead {α β γ : Sort _} [CoeHead α β] [CoeOTC β γ] : CoeHTC α γ where
  coe a := CoeOTC.coe (CoeHead.coe a : β)
instance coeHTCOfCoeOTC {α β : Sort _} [CoeOTC α β] : CoeHTC α β where
  coe a := CoeOTC.coe a
instance coeHTCSelf {α : Sort _} : CoeHTC α α where
  coe a := a
class CoeTail (α : semiOutParam (Sort u)) (β : Sort v) where
  coe : α → β
class CoeHTCT (α : Sort u) (β : Sort v) where
  coe : α → β
instance coeHTCTOfCoeTail {α β γ : Sort _} [CoeTail β γ] [CoeHTC α β] : CoeHTCT α γ where
  coe a := CoeTail.coe (CoeHTC.coe a : β)
instance coeHTCTOfCoeHTC {α β : Sort _} [CoeHTC α β] : CoeHTCT α β where
  coe a := CoeHTC.coe a
instance coeHTCTSelf {α : Sort _} : CoeHTCT α α where
  coe a := a
class CoeDep (α : Sort u) (_ : α) (β : Sort v) where
  coe : β
class CoeT (α : Sort u) (_ : α) (β : Sort v) where
  coe : β
instance coeTOfCoeHTCT {α β : Sort _} {a : α} [CoeHTCT α β] : CoeT α a β where
  coe := CoeHTCT.coe a
instance coeTOfCoeDep {α β : Sort _} {a : α} [CoeDep α a β] : CoeT α a β where
  coe := CoeDep.coe a
class CoeFun (α : Sort u) (γ : outParam (α → Sort v)) where
  coe : (f : α) → γ f
class CoeSort (α : Sort u) (β : outParam (Sort v)) where
  coe : α → β
attribute [coe_decl] CoeTC.coe Coe.coe CoeOTC.coe CoeOut.coe CoeHTC.coe CoeHead.coe CoeHTCT.coe CoeTail.coe CoeT.coe
attribute [coe_decl] CoeDep.coe CoeFun.coe CoeSort.coe
@[reducible] instance boolToProp : Coe Bool Prop := ⟨fun b => b = true⟩
@[reducible] instance boolToSort : CoeSort Bool Prop := ⟨fun b => b = true⟩
instance optionCoe {α : Type u} : Coe α (Option α) := ⟨some⟩
instance subtypeCoe {α : Sort v} {p : α → Prop} : CoeOut (Subtype p) α := ⟨fun v => v.val⟩
@[reducible] instance (priority := 300) Zero.toOfNat0 {α : Type u} [Zero α] : OfNat α (nat_lit 0) where
  ofNat := Zero.zero
@[reducible] instance (priority := 200) Zero.ofOfNat0 {α : Type u} [OfNat α (nat_lit 0)] : Zero α where
  zero := 0
@[reducible] instance (priority := 300) One.toOfNat1 {α : Type u} [One α] : OfNat α (nat_lit 1) where
  ofNat := One.one
@[reducible] instance (priority := 200) One.ofOfNat1 {α : Type u} [OfNat α (nat_lit 1)] : One α where
  one := 1
class NatCast (R : Type u) where
  protected natCast : Nat → R
instance instNatCastNat : NatCast Nat := ⟨fun n => n⟩
@[coe, reducible, match_pattern] protected def Nat.cast {R : Type u} [NatCast R] : Nat → R := NatCast.natCast
instance {R : Type u} [NatCast R] : CoeTail Nat R := ⟨Nat.cast⟩
instance {R : Type u} [NatCast R] : CoeHTCT Nat R := ⟨Nat.cast⟩
class SizeOf (α : Sort u) where
  sizeOf : α → Nat
export SizeOf (sizeOf)
