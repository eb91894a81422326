prelude
import Init.List.Basic
/-!
Arrays: the functions, defined on the list of elements. Stock Lean defines most of them by loops; the results are the same.
-/
set_option linter.unusedVariables false
universe u v w
namespace Array
variable {α : Type u} {β : Type v} {γ : Type w}
instance instEmptyCollection : EmptyCollection (Array α) := ⟨Array.empty⟩
instance instInhabited : Inhabited (Array α) where
  default := Array.empty
@[extern "lean_array_fget"] def getInternal (a : @& Array α) (i : @& Nat) (h : i < a.size) : α := a.toList.get ⟨i, h⟩
@[extern "lean_array_fget_borrowed"] def getInternalBorrowed (a : @& Array α) (i : @& Nat) (h : i < a.size) : α :=
  a.toList.get ⟨i, h⟩
@[inline] abbrev getD (a : Array α) (i : Nat) (v₀ : α) : α := dite (i < a.size) (fun h => a.getInternal i h) (fun _ => v₀)
@[extern "lean_array_get"] def get!Internal [Inhabited α] (a : @& Array α) (i : @& Nat) : α := Array.getD a i default
@[extern "lean_array_get_borrowed"] def get!InternalBorrowed [Inhabited α] (a : @& Array α) (i : @& Nat) : α :=
  Array.getD a i default
instance instGetElemNatLtSize : GetElem (Array α) Nat α fun xs i => i < xs.size where
  getElem xs i h := xs.getInternal i h
instance instGetElem?NatLtSize : GetElem? (Array α) Nat α fun xs i => i < xs.size where
  getElem? xs i := decidableGetElem? xs i
  getElem! xs i := xs.get!Internal i
def singleton (v : α) : Array α := #[v]
def isEmpty (xs : Array α) : Bool := xs.size = 0
@[extern "lean_array_fset"] def set (xs : Array α) (i : @& Nat) (v : α) (h : i < xs.size := by get_elem_tactic) : Array α :=
  ⟨xs.toList.set i v⟩
@[inline] def setIfInBounds (xs : Array α) (i : Nat) (v : α) : Array α := dite (i < xs.size) (fun h => xs.set i v h) fun _ => xs
@[extern "lean_array_set"] def set! (xs : Array α) (i : @& Nat) (v : α) : Array α := Array.setIfInBounds xs i v
@[extern "lean_array_pop"] def pop (xs : Array α) : Array α := ⟨xs.toList.dropLast⟩
@[extern "lean_mk_array"] def replicate {α : Type u} (n : Nat) (v : α) : Array α := ⟨List.replicate n v⟩
/-- The name that `Array.replicate` had until 2025. -/
def mkArray {α : Type u} (n : Nat) (v : α) : Array α := Array.replicate n v
def range (n : Nat) : Array Nat := ⟨List.range n⟩
protected def append (as bs : Array α) : Array α := ⟨as.toList ++ bs.toList⟩
instance instAppend : Append (Array α) := ⟨Array.append⟩
protected def appendList (as : Array α) (bs : List α) : Array α := ⟨as.toList ++ bs⟩
instance instHAppendList : HAppend (Array α) (List α) (Array α) := ⟨Array.appendList⟩
def extract (as : Array α) (start : Nat := 0) (stop : Nat := as.size) : Array α := ⟨as.toList.extract start stop⟩
def take (xs : Array α) (i : Nat) : Array α := extract xs 0 i
def drop (xs : Array α) (i : Nat) : Array α := extract xs i
def foldl {α : Type u} {β : Type v} (f : β → α → β) (init : β) (as : Array α) (start := 0) (stop := as.size) : β :=
  (as.toList.extract start stop).foldl f init
def foldr {α : Type u} {β : Type v} (f : α → β → β) (init : β) (as : Array α) (start := as.size) (stop := 0) : β :=
  (as.toList.extract stop start).foldr f init
def map {α : Type u} {β : Type v} (f : α → β) (as : Array α) : Array β := ⟨as.toList.map f⟩
def mapIdx {α : Type u} {β : Type v} (f : Nat → α → β) (as : Array α) : Array β :=
  ⟨(as.toList.zipIdx).map fun p => f p.2 p.1⟩
def filter (p : α → Bool) (as : Array α) (start := 0) (stop := as.size) : Array α := ⟨(as.toList.extract start stop).filter p⟩
def filterMap (f : α → Option β) (as : Array α) (start := 0) (stop := as.size) : Array β :=
  ⟨(as.toList.extract start stop).filterMap f⟩
def any (as : Array α) (p : α → Bool) (start := 0) (stop := as.size) : Bool := (as.toList.extract start stop).any p
def all (as : Array α) (p : α → Bool) (start := 0) (stop := as.size) : Bool := (as.toList.extract start stop).all p
def contains [BEq α] (as : Array α) (a : α) : Bool := as.any (a == ·)
def elem [BEq α] (a : α) (as : Array α) : Bool := as.contains a
def find? {α : Type u} (p : α → Bool) (as : Array α) : Option α := as.toList.find? p
def findIdx? {α : Type u} (p : α → Bool) (as : Array α) : Option Nat := as.toList.findIdx? p
def idxOf? [BEq α] (xs : Array α) (v : α) : Option Nat := xs.toList.idxOf? v
def reverse (as : Array α) : Array α := ⟨as.toList.reverse⟩
def zipWith (f : α → β → γ) (as : Array α) (bs : Array β) : Array γ := ⟨List.zipWith f as.toList bs.toList⟩
def zip (as : Array α) (bs : Array β) : Array (α × β) := zipWith Prod.mk as bs
def zipIdx (xs : Array α) (start := 0) : Array (α × Nat) := ⟨xs.toList.zipIdx start⟩
def back? (xs : Array α) : Option α := xs[xs.size - 1]?
def back! [Inhabited α] (xs : Array α) : α := xs[xs.size - 1]!
def sum {α} [Add α] [Zero α] (xs : Array α) : α := xs.foldr (· + ·) 0
def count [BEq α] (a : α) (as : Array α) : Nat := as.toList.count a
def countP (p : α → Bool) (as : Array α) (start := 0) (stop := as.size) : Nat := (as.toList.extract start stop).countP p
def flatMap (f : α → Array β) (as : Array α) : Array β := ⟨as.toList.flatMap fun a => (f a).toList⟩
def eraseIdx! (xs : Array α) (i : Nat) : Array α := if i < xs.size then ⟨xs.toList.eraseIdx i⟩ else xs
def eraseIdxIfInBounds (xs : Array α) (i : Nat) : Array α := ⟨xs.toList.eraseIdx i⟩
def insertIdx! (as : Array α) (i : Nat) (a : α) : Array α := if i ≤ as.size then ⟨as.toList.insertIdx i a⟩ else as
def swapIfInBounds (xs : Array α) (i j : @& Nat) : Array α :=
  if h₁ : i < xs.size then if h₂ : j < xs.size then ⟨(xs.toList.set i xs[j]).set j xs[i]⟩ else xs else xs
def swap (xs : Array α) (i j : @& Nat) (hi : i < xs.size := by get_elem_tactic) (hj : j < xs.size := by get_elem_tactic) :
    Array α := ⟨(xs.toList.set i xs[j]).set j xs[i]⟩
def isPrefixOf [BEq α] (as bs : Array α) : Bool := as.toList.isPrefixOf bs.toList
structure Mem (as : Array α) (a : α) : Prop where
  val : a ∈ as.toList
instance instMembership : Membership α (Array α) where
  mem as a := Mem as a
structure Perm (as bs : Array α) : Prop where
  of_toList_perm ::
  toList : as.toList.Perm bs.toList
instance instBEq [BEq α] : BEq (Array α) := ⟨fun a b => a.toList == b.toList⟩
@[simp] theorem size_toArray (as : List α) : as.toArray.size = as.length := rfl
@[simp] theorem length_toList {xs : Array α} : xs.toList.length = xs.size := rfl
@[simp] theorem toList_toArray (as : List α) : as.toArray.toList = as := rfl
@[simp] theorem size_push {xs : Array α} (v : α) : (xs.push v).size = xs.size + 1 := by
  show (List.concat xs.toList v).length = xs.toList.length + 1
  generalize xs.toList = l
  induction l with
  | nil => rfl
  | cons a l ih => exact congrArg Nat.succ ih
private theorem length_set' {l : List α} {i : Nat} {a : α} : (l.set i a).length = l.length := by
  induction l generalizing i with
  | nil => rfl
  | cons b l ih => cases i with
    | zero => rfl
    | succ i => exact congrArg Nat.succ ih
@[simp] theorem size_set {xs : Array α} {i : Nat} {v : α} (h : i < xs.size) : (xs.set i v h).size = xs.size := length_set'
@[simp] theorem size_setIfInBounds {xs : Array α} {i : Nat} {a : α} : (xs.setIfInBounds i a).size = xs.size := by
  unfold setIfInBounds
  split
  · exact length_set'
  · rfl
@[simp] theorem set!_eq_setIfInBounds {xs : Array α} {i : Nat} {v : α} : xs.set! i v = xs.setIfInBounds i v := rfl
@[simp] theorem size_map {f : α → β} {xs : Array α} : (xs.map f).size = xs.size := by
  show (List.map f xs.toList).length = xs.toList.length
  generalize xs.toList = l
  induction l with
  | nil => rfl
  | cons a l ih => exact congrArg Nat.succ ih
@[simp] theorem size_replicate {n : Nat} {v : α} : (replicate n v).size = n := by
  show (List.replicate n v).length = n
  induction n with
  | zero => rfl
  | succ n ih => exact congrArg Nat.succ ih
theorem ext' {xs ys : Array α} (h : xs.toList = ys.toList) : xs = ys := by
  cases xs; cases ys; cases h; rfl
end Array
