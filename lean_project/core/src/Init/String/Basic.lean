prelude
import Init.Option
import Init.List.Lemmas
import Init.Array.Basic
import Init.Int.Basic
/-!
Characters and strings: the functions that programs about text use, and `toString`.
-/
set_option linter.unusedVariables false
universe u v w
protected def UInt32.lt (a b : UInt32) : Prop := a.toNat < b.toNat
protected def UInt32.le (a b : UInt32) : Prop := a.toNat ≤ b.toNat
instance instLTUInt32 : LT UInt32 := ⟨UInt32.lt⟩
instance instLEUInt32 : LE UInt32 := ⟨UInt32.le⟩
private theorem UInt32.toNat_inj' {a b : UInt32} (h : a.toNat = b.toNat) : a = b := by
  cases a with | _ a => cases b with | _ b => cases a with | _ a => cases b with | _ b =>
  exact congrArg (fun x => UInt32.ofBitVec (BitVec.ofFin x)) (Fin.eq_of_val_eq h)
instance instDecidableEqUInt32 : DecidableEq UInt32 := fun a b =>
  match decEq a.toNat b.toNat with
  | isTrue h => isTrue (UInt32.toNat_inj' h)
  | isFalse h => isFalse fun e => h (e ▸ rfl)
namespace Char
@[inline] def toNat (c : Char) : Nat := c.val.toNat
@[noinline, match_pattern] def ofNat (n : Nat) : Char :=
  dite (n.isValidChar) (fun h => ofNatAux n h) (fun _ => ofNatAux 0 (.inl (by decide)))
protected def lt (a b : Char) : Prop := a.val < b.val
protected def le (a b : Char) : Prop := a.val ≤ b.val
instance instLT : LT Char := ⟨Char.lt⟩
instance instLE : LE Char := ⟨Char.le⟩
instance instDecidableLt (a b : Char) : Decidable (a < b) := Nat.decLt a.toNat b.toNat
instance instDecidableLe (a b : Char) : Decidable (a ≤ b) := Nat.decLe a.toNat b.toNat
private theorem ext' {a b : Char} (h : a.val = b.val) : a = b := by
  cases a; cases b; cases h; rfl
instance instDecidableEqChar : DecidableEq Char := fun a b =>
  match decEq a.val b.val with
  | isTrue h => isTrue (Char.ext' h)
  | isFalse h => isFalse fun e => h (e ▸ rfl)
instance instInhabited : Inhabited Char := ⟨'A'⟩
def isWhitespace (c : Char) : Bool := c = ' ' || c = '\t' || c = '\r' || c = '\n'
def isUpper (c : Char) : Bool := 'A' ≤ c && c ≤ 'Z'
def isLower (c : Char) : Bool := 'a' ≤ c && c ≤ 'z'
def isAlpha (c : Char) : Bool := c.isUpper || c.isLower
def isDigit (c : Char) : Bool := '0' ≤ c && c ≤ '9'
def isAlphanum (c : Char) : Bool := c.isAlpha || c.isDigit
def toLower (c : Char) : Char := if 'A' ≤ c && c ≤ 'Z' then ofNat (c.toNat + 32) else c
def toUpper (c : Char) : Char := if 'a' ≤ c && c ≤ 'z' then ofNat (c.toNat - 32) else c
end Char
instance instDecidableEqString : DecidableEq String := fun a b =>
  match List.hasDecEq a.data b.data with
  | isTrue h => isTrue (by cases a; cases b; cases h; rfl)
  | isFalse h => isFalse fun e => h (e ▸ rfl)
instance instInhabitedString : Inhabited String := ⟨""⟩
def List.asString (s : List Char) : String := ⟨s⟩
namespace String
def ofList (cs : List Char) : String := ⟨cs⟩
def toList (s : String) : List Char := s.data
def length (s : String) : Nat := s.data.length
def push (s : String) (c : Char) : String := ⟨s.data ++ [c]⟩
protected def append (s t : String) : String := ⟨s.data ++ t.data⟩
instance instAppend : Append String := ⟨String.append⟩
def isEmpty (s : String) : Bool := s.data.isEmpty
def singleton (c : Char) : String := ⟨[c]⟩
def pushn (s : String) (c : Char) (n : Nat) : String := ⟨s.data ++ List.replicate n c⟩
def map (f : Char → Char) (s : String) : String := ⟨s.data.map f⟩
def any (s : String) (p : Char → Bool) : Bool := s.data.any p
def all (s : String) (p : Char → Bool) : Bool := s.data.all p
def contains (s : String) (c : Char) : Bool := s.data.any (· == c)
def foldl {α : Type u} (f : α → Char → α) (init : α) (s : String) : α := s.data.foldl f init
def foldr {α : Type u} (f : Char → α → α) (init : α) (s : String) : α := s.data.foldr f init
def toUpper (s : String) : String := s.map Char.toUpper
def toLower (s : String) : String := s.map Char.toLower
def join (l : List String) : String := l.foldl (fun r s => r ++ s) ""
def intercalate (s : String) : List String → String
  | [] => ""
  | a :: as => go a s as
where
  go (acc : String) (s : String) : List String → String
  | a :: as => go (acc ++ s ++ a) s as
  | [] => acc
theorem ext {s t : String} (h : s.data = t.data) : s = t := by
  cases s; cases t; cases h; rfl
@[simp] theorem length_append (s t : String) : (s ++ t).length = s.length + t.length := List.length_append
end String
/-! `toString` -/
class ToString (α : Type u) where
  toString : α → String
export ToString (toString)
namespace Nat
def digitChar (n : Nat) : Char :=
  if n = 0 then '0' else if n = 1 then '1' else if n = 2 then '2' else if n = 3 then '3' else if n = 4 then '4'
  else if n = 5 then '5' else if n = 6 then '6' else if n = 7 then '7' else if n = 8 then '8' else if n = 9 then '9'
  else if n = 0xa then 'a' else if n = 0xb then 'b' else if n = 0xc then 'c' else if n = 0xd then 'd'
  else if n = 0xe then 'e' else if n = 0xf then 'f' else '*'
def toDigitsCore (base : Nat) : Nat → Nat → List Char → List Char
  | 0, _, ds => ds
  | fuel + 1, n, ds =>
    let d := digitChar (n % base)
    let n' := n / base
    if n' = 0 then d :: ds else toDigitsCore base fuel n' (d :: ds)
def toDigits (base : Nat) (n : Nat) : List Char := toDigitsCore base (n + 1) n []
protected def repr (n : Nat) : String := String.ofList (toDigits 10 n)
end Nat
protected def Int.repr : Int → String
  | .ofNat m => Nat.repr m
  | .negSucc m => "-" ++ Nat.repr (m + 1)
instance : ToString String := ⟨fun s => s⟩
instance : ToString Char := ⟨fun c => String.singleton c⟩
instance : ToString Nat := ⟨Nat.repr⟩
instance : ToString Int := ⟨Int.repr⟩
instance : ToString Bool := ⟨fun b => cond b "true" "false"⟩
protected def List.toString {α : Type u} [ToString α] : List α → String
  | [] => "[]"
  | x :: xs => (xs.foldl (fun l r => l ++ ", " ++ toString r) ("[" ++ toString x)).push ']'
instance {α : Type u} [ToString α] : ToString (List α) := ⟨List.toString⟩
/-! Order -/
namespace List
variable {α : Type u}
inductive Lex (r : α → α → Prop) : (as : List α) → (bs : List α) → Prop where
  | nil {a l} : Lex r [] (a :: l)
  | rel {a₁ l₁ a₂ l₂} (h : r a₁ a₂) : Lex r (a₁ :: l₁) (a₂ :: l₂)
  | cons {a l₁ l₂} (h : Lex r l₁ l₂) : Lex r (a :: l₁) (a :: l₂)
protected abbrev lt [LT α] : List α → List α → Prop := Lex (· < ·)
instance instLT [LT α] : LT (List α) := ⟨List.lt⟩
instance decidableLex {r : α → α → Prop} [DecidableEq α] [d : DecidableRel r] : (as bs : List α) → Decidable (Lex r as bs)
  | [], [] => isFalse fun h => nomatch h
  | [], _ :: _ => isTrue .nil
  | _ :: _, [] => isFalse fun h => nomatch h
  | a :: as, b :: bs => match d a b, decEq a b, decidableLex as bs with
    | isTrue h, _, _ => isTrue (.rel h)
    | _, isTrue e, isTrue h => isTrue (e ▸ .cons h)
    | isFalse k, isFalse n, _ => isFalse fun h => by
      cases h with
      | rel h => exact k h
      | cons _ => exact n rfl
    | isFalse k, _, isFalse n => isFalse fun h => by
      cases h with
      | rel h => exact k h
      | cons h => exact n h
instance decidableLT [DecidableEq α] [LT α] [DecidableRel (α := α) (· < ·)] (as bs : List α) : Decidable (as < bs) :=
  decidableLex as bs
protected def le [LT α] (as bs : List α) : Prop := ¬ bs < as
instance instLE [LT α] : LE (List α) := ⟨List.le⟩
end List
protected def String.lt (a b : String) : Prop := a.toList < b.toList
instance String.instLT : LT String := ⟨String.lt⟩
instance String.decidableLT (a b : String) : Decidable (a < b) := List.decidableLT a.toList b.toList
protected def String.le (a b : String) : Prop := ¬ b < a
instance String.instLE : LE String := ⟨String.le⟩
instance String.decidableLE (a b : String) : Decidable (a ≤ b) := instDecidableNot
