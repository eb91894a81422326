prelude
import Init.GetElem
/-!
Lists: the functions.
-/
set_option linter.unusedVariables false
universe u v w x
instance List.instInhabited {α : Type u} : Inhabited (List α) := ⟨[]⟩
namespace List
variable {α : Type u} {β : Type v} {γ : Type w}
protected def append : List α → List α → List α
  | nil, bs => bs
  | cons a as, bs => cons a (List.append as bs)
instance instAppend : Append (List α) := ⟨List.append⟩
@[inline] def singleton (a : α) : List α := [a]
def map (f : α → β) : List α → List β
  | [] => []
  | a :: as => f a :: map f as
def filter (p : α → Bool) : List α → List α
  | [] => []
  | a :: as => match p a with
    | true => a :: filter p as
    | false => filter p as
def filterMap (f : α → Option β) : List α → List β
  | [] => []
  | a :: as => match f a with
    | none => filterMap f as
    | some b => b :: filterMap f as
def foldr (f : α → β → β) (init : β) : List α → β
  | [] => init
  | a :: as => f a (foldr f init as)
def foldl {α : Type u} {β : Type v} (f : α → β → α) : (init : α) → List β → α
  | a, [] => a
  | a, b :: l => foldl f (f a b) l
def reverseAux : List α → List α → List α
  | [], r => r
  | a :: l, r => reverseAux l (a :: r)
def reverse (as : List α) : List α := reverseAux as []
def flatten : List (List α) → List α
  | [] => []
  | l :: L => l ++ flatten L
def flatMap {α : Type u} {β : Type v} (b : α → List β) (as : List α) : List β := flatten (map b as)
def replicate : (n : Nat) → (a : α) → List α
  | 0, _ => []
  | n + 1, a => a :: replicate n a
inductive Mem (a : α) : List α → Prop where
  | head (as : List α) : Mem a (a :: as)
  | tail (b : α) {as : List α} : Mem a as → Mem a (b :: as)
instance instMembership : Membership α (List α) := ⟨fun l a => Mem a l⟩
instance instEmptyCollection : EmptyCollection (List α) := ⟨[]⟩
protected def Subset (l₁ l₂ : List α) := ∀ ⦃a : α⦄, a ∈ l₁ → a ∈ l₂
instance instHasSubset : HasSubset (List α) := ⟨List.Subset⟩
def isEmpty : List α → Bool
  | [] => true
  | _ :: _ => false
def elem [BEq α] (a : α) : (l : List α) → Bool
  | [] => false
  | b :: bs => match a == b with
    | true => true
    | false => elem a bs
@[inline] def contains [BEq α] (as : List α) (a : α) : Bool := elem a as
def take : (n : Nat) → (xs : List α) → List α
  | 0, _ => []
  | _ + 1, [] => []
  | n + 1, a :: as => a :: take n as
def drop : (n : Nat) → (xs : List α) → List α
  | 0, xs => xs
  | _ + 1, [] => []
  | n + 1, _ :: as => drop n as
@[inline] def extract (l : List α) (start : Nat := 0) (stop : Nat := l.length) : List α := (l.drop start).take (stop - start)
def takeWhile (p : α → Bool) : (xs : List α) → List α
  | [] => []
  | a :: as => match p a with
    | true => a :: takeWhile p as
    | false => []
def dropWhile (p : α → Bool) : List α → List α
  | [] => []
  | a :: as => match p a with
    | true => dropWhile p as
    | false => a :: as
def find? (p : α → Bool) : List α → Option α
  | [] => none
  | a :: as => match p a with
    | true => some a
    | false => find? p as
def findSome? (f : α → Option β) : List α → Option β
  | [] => none
  | a :: as => match f a with
    | some b => some b
    | none => findSome? f as
def findIdx (p : α → Bool) (l : List α) : Nat := go l 0
where
  go : List α → Nat → Nat
  | [], n => n
  | a :: l, n => bif p a then n else go l (n + 1)
def findIdx? (p : α → Bool) (l : List α) : Option Nat := go l 0
where
  go : List α → Nat → Option Nat
  | [], _ => none
  | a :: l, i => if p a then some i else go l (i + 1)
def idxOf [BEq α] (a : α) : List α → Nat := findIdx (· == a)
def idxOf? [BEq α] (a : α) : List α → Option Nat := findIdx? (· == a)
def any : (l : List α) → (p : α → Bool) → Bool
  | [], _ => false
  | h :: t, p => p h || any t p
def all : List α → (α → Bool) → Bool
  | [], _ => true
  | h :: t, p => p h && all t p
def or (bs : List Bool) : Bool := bs.any id
def and (bs : List Bool) : Bool := bs.all id
def zipWith (f : α → β → γ) : (xs : List α) → (ys : List β) → List γ
  | x :: xs, y :: ys => f x y :: zipWith f xs ys
  | _, _ => []
def zip : List α → List β → List (Prod α β) := zipWith Prod.mk
def unzip : (l : List (α × β)) → List α × List β
  | [] => ([], [])
  | (a, b) :: t => match unzip t with | (as, bs) => (a :: as, b :: bs)
def sum {α} [Add α] [Zero α] : List α → α := foldr (· + ·) 0
def range (n : Nat) : List Nat := loop n []
where
  loop : Nat → List Nat → List Nat
  | 0, ns => ns
  | n + 1, ns => loop n (n :: ns)
def range' : (start len : Nat) → (step : Nat := 1) → List Nat
  | _, 0, _ => []
  | s, n + 1, step => s :: range' (s + step) n step
def zipIdx : (l : List α) → (n : Nat := 0) → List (α × Nat)
  | [], _ => nil
  | x :: xs, n => (x, n) :: zipIdx xs (n + 1)
def head? : List α → Option α
  | [] => none
  | a :: _ => some a
def headD (as : List α) (fallback : α) : α := match as with
  | [] => fallback
  | a :: _ => a
def head : (as : List α) → as ≠ [] → α
  | a :: _, _ => a
def head! [Inhabited α] : List α → α
  | [] => panic! "empty list"
  | a :: _ => a
def tail : List α → List α
  | [] => []
  | _ :: as => as
def tail? : List α → Option (List α)
  | [] => none
  | _ :: as => some as
def tail! : List α → List α
  | [] => panic! "empty list"
  | _ :: as => as
def getLast : ∀ (as : List α), as ≠ [] → α
  | [], h => absurd rfl h
  | [a], _ => a
  | _ :: b :: as, _ => getLast (b :: as) (fun h => List.noConfusion rfl (heq_of_eq h))
def getLast? : List α → Option α
  | [] => none
  | a :: as => some (getLast (a :: as) (fun h => List.noConfusion rfl (heq_of_eq h)))
def getLastD : (as : List α) → (fallback : α) → α
  | [], a₀ => a₀
  | a :: as, _ => getLast (a :: as) (fun h => List.noConfusion rfl (heq_of_eq h))
def getLast! [Inhabited α] : List α → α
  | [] => panic! "empty list"
  | a :: as => getLast (a :: as) (fun h => List.noConfusion rfl (heq_of_eq h))
def dropLast : List α → List α
  | [] => []
  | [_] => []
  | x :: y :: xs => x :: dropLast (y :: xs)
def get : (as : List α) → Fin as.length → α
  | cons a _, ⟨0, _⟩ => a
  | cons _ as, ⟨Nat.succ i, h⟩ => get as ⟨i, Nat.le_of_succ_le_succ h⟩
def get?Internal : (as : List α) → (i : Nat) → Option α
  | a :: _, 0 => some a
  | _ :: as, n + 1 => get?Internal as n
  | [], _ => none
def get!Internal [Inhabited α] : (as : List α) → (i : Nat) → α
  | a :: _, 0 => a
  | _ :: as, n + 1 => get!Internal as n
  | [], _ => panic! "invalid index"
def getD (as : List α) (i : Nat) (fallback : α) : α := (get?Internal as i).getD fallback
instance instGetElemNatLtLength : GetElem (List α) Nat α fun as i => i < as.length where
  getElem as i h := as.get ⟨i, h⟩
instance instGetElem?NatLtLength : GetElem? (List α) Nat α fun as i => i < as.length where
  getElem? as i := as.get?Internal i
  getElem! as i := as.get!Internal i
def set : (l : List α) → (n : Nat) → (a : α) → List α
  | _ :: as, 0, b => b :: as
  | a :: as, n + 1, b => a :: set as n b
  | [], _, _ => []
def modifyHead (f : α → α) : List α → List α
  | [] => []
  | a :: as => f a :: as
def modifyTailIdx (l : List α) (i : Nat) (f : List α → List α) : List α := go i l
where
  go : Nat → List α → List α
  | 0, l => f l
  | _ + 1, [] => []
  | i + 1, a :: l => a :: go i l
def modify (l : List α) (i : Nat) (f : α → α) : List α := l.modifyTailIdx i (modifyHead f)
def insertIdx (xs : List α) (i : Nat) (a : α) : List α := xs.modifyTailIdx i (cons a)
def eraseIdx : (l : List α) → (i : Nat) → List α
  | [], _ => []
  | _ :: as, 0 => as
  | a :: as, n + 1 => a :: eraseIdx as n
protected def erase {α} [BEq α] : List α → α → List α
  | [], _ => []
  | a :: as, b => match a == b with
    | true => as
    | false => a :: List.erase as b
def eraseP (p : α → Bool) : List α → List α
  | [] => []
  | a :: as => bif p a then as else a :: eraseP p as
@[inline] def insert [BEq α] (a : α) (l : List α) : List α := if l.elem a then l else a :: l
protected def beq [BEq α] : List α → List α → Bool
  | [], [] => true
  | a :: as, b :: bs => a == b && List.beq as bs
  | _, _ => false
instance instBEq [BEq α] : BEq (List α) := ⟨List.beq⟩
def countP (p : α → Bool) (l : List α) : Nat := go l 0
where
  go : List α → Nat → Nat
  | [], acc => acc
  | x :: xs, acc => bif p x then go xs (acc + 1) else go xs acc
def count [BEq α] (a : α) : List α → Nat := countP (· == a)
def isPrefixOf [BEq α] : List α → List α → Bool
  | [], _ => true
  | _, [] => false
  | a :: as, b :: bs => a == b && isPrefixOf as bs
def isSuffixOf [BEq α] (l₁ l₂ : List α) : Bool := isPrefixOf l₁.reverse l₂.reverse
def isPerm [BEq α] : List α → List α → Bool
  | [], l₂ => l₂.isEmpty
  | a :: l₁, l₂ => l₂.contains a && l₁.isPerm (l₂.erase a)
def IsPrefix (l₁ l₂ : List α) : Prop := Exists fun t => l₁ ++ t = l₂
def IsSuffix (l₁ l₂ : List α) : Prop := Exists fun t => t ++ l₁ = l₂
def IsInfix (l₁ l₂ : List α) : Prop := Exists fun s => Exists fun t => s ++ l₁ ++ t = l₂
inductive Sublist {α : Type u} : List α → List α → Prop where
  | slnil : Sublist [] []
  | cons (a : α) : Sublist l₁ l₂ → Sublist l₁ (a :: l₂)
  | cons₂ (a : α) : Sublist l₁ l₂ → Sublist (a :: l₁) (a :: l₂)
inductive Perm : List α → List α → Prop where
  | nil : Perm [] []
  | cons (x : α) {l₁ l₂ : List α} : Perm l₁ l₂ → Perm (x :: l₁) (x :: l₂)
  | swap (x y : α) (l : List α) : Perm (y :: x :: l) (x :: y :: l)
  | trans {l₁ l₂ l₃ : List α} : Perm l₁ l₂ → Perm l₂ l₃ → Perm l₁ l₃
inductive Pairwise (R : α → α → Prop) : List α → Prop where
  | nil : Pairwise R []
  | cons : ∀ {a : α} {l : List α}, (∀ a', a' ∈ l → R a a') → Pairwise R l → Pairwise R (a :: l)
def Nodup : List α → Prop := Pairwise (· ≠ ·)
def eraseDupsBy.loop (r : α → α → Bool) : List α → List α → List α
  | [], bs => bs.reverse
  | a :: as, bs => match bs.any (r a) with
    | true => eraseDupsBy.loop r as bs
    | false => eraseDupsBy.loop r as (a :: bs)
def eraseDupsBy (r : α → α → Bool) (as : List α) : List α := eraseDupsBy.loop r as []
def eraseDups {α} [BEq α] (as : List α) : List α := eraseDupsBy (· == ·) as
def partition (p : α → Bool) (as : List α) : List α × List α := loop as ([], [])
where
  loop : List α → List α × List α → List α × List α
  | [], (bs, cs) => (bs.reverse, cs.reverse)
  | a :: as, (bs, cs) => match p a with
    | true => loop as (a :: bs, cs)
    | false => loop as (bs, a :: cs)
def lookup [BEq α] : α → List (α × β) → Option β
  | _, [] => none
  | a, (k, b) :: as => match a == k with
    | true => some b
    | false => lookup a as
def intersperse (sep : α) : (l : List α) → List α
  | [] => []
  | [x] => [x]
  | x :: y :: l => x :: sep :: intersperse sep (y :: l)
def intercalate (sep : List α) (xs : List (List α)) : List α := (intersperse sep xs).flatten
def max? [Max α] : List α → Option α
  | [] => none
  | a :: as => some (as.foldl max a)
def min? [Min α] : List α → Option α
  | [] => none
  | a :: as => some (as.foldl min a)
def splitAt (n : Nat) (l : List α) : List α × List α := go l n []
where
  go : List α → Nat → List α → List α × List α
  | [], _, _ => (l, [])
  | x :: xs, n + 1, acc => go xs n (x :: acc)
  | xs, _, acc => (acc.reverse, xs)
def merge (xs ys : List α) (le : α → α → Bool := by exact fun a b => a ≤ b) : List α :=
  match xs, ys with
  | [], ys => ys
  | xs, [] => xs
  | x :: xs, y :: ys => if le x y then x :: merge xs (y :: ys) le else y :: merge (x :: xs) ys le
termination_by xs.length + ys.length
decreasing_by
  · exact Nat.add_lt_add_right (Nat.lt_succ_self _) _
  · exact Nat.add_lt_add_left (Nat.lt_succ_self _) _
end List
