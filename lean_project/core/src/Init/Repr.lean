prelude
import Init.String.Basic
/-!
`Repr`, as far as `deriving Repr` needs it. There is no printing: this core runs no programs.
-/
set_option linter.unusedVariables false
universe u v
namespace Std
inductive Format.FlattenBehavior where
  | allOrNone
  | fill
inductive Format where
  | nil : Format
  | line : Format
  | align (force : Bool) : Format
  | text : String → Format
  | nest (indent : Int) (f : Format) : Format
  | append : Format → Format → Format
  | group : Format → (behavior : Format.FlattenBehavior := Format.FlattenBehavior.allOrNone) → Format
  | tag : Nat → Format → Format
namespace Format
instance : Append Format := ⟨Format.append⟩
instance : Coe String Format := ⟨text⟩
instance : Inhabited Format := ⟨nil⟩
def bracket (l : String) (x : Format) (r : String) : Format := group (nest l.length (text l ++ x ++ text r))
def paren (f : Format) : Format := bracket "(" f ")"
end Format
class ToFormat (α : Type u) where
  format : α → Format
export ToFormat (format)
instance : ToFormat Format := ⟨fun f => f⟩
instance : ToFormat String := ⟨fun s => Format.text s⟩
def Format.joinSep {α : Type u} [ToFormat α] : List α → Format → Format
  | [], _ => nil
  | [a], _ => format a
  | a :: as, sep => format a ++ sep ++ joinSep as sep
end Std
export Std (Format ToFormat Format.nest Format.nil Format.joinSep Format.line Format.bracket Format.paren format)
class Repr (α : Type u) where
  reprPrec : α → Nat → Std.Format
export Repr (reprPrec)
abbrev repr {α : Type u} [Repr α] (a : α) : Std.Format := reprPrec a 0
def reprArg {α : Type u} [Repr α] (a : α) : Std.Format := reprPrec a 1024
def Repr.addAppParen (f : Std.Format) (prec : Nat) : Std.Format := if prec ≥ 1024 then Std.Format.paren f else f
class ReprAtom (α : Type u)
instance : Repr Bool where
  reprPrec
    | true, _ => "true"
    | false, _ => "false"
instance : Repr Nat where
  reprPrec n _ := Std.Format.text (Nat.repr n)
instance : Repr Int where
  reprPrec i prec := if i < 0 then Repr.addAppParen (Std.Format.text i.repr) prec else Std.Format.text i.repr
def hexDigitRepr (n : Nat) : String := String.singleton (Nat.digitChar n)
def Char.quoteCore (c : Char) (inString : Bool := false) : String :=
  if c = '\n' then "\\n"
  else if c = '\t' then "\\t"
  else if c = '\\' then "\\\\"
  else if c = '\"' then "\\\""
  else if (!inString && c = '\'') = true then "\\'"
  else if c.toNat ≤ 31 ∨ c = '\x7f' then "\\x" ++ hexDigitRepr (c.toNat / 16) ++ hexDigitRepr (c.toNat % 16)
  else String.singleton c
def Char.quote (c : Char) : String := "'" ++ Char.quoteCore c ++ "'"
def String.quote (s : String) : String :=
  if s.isEmpty then "\"\"" else s.foldl (fun acc c => acc ++ c.quoteCore (inString := true)) "\"" ++ "\""
instance : Repr String where
  reprPrec s _ := s.quote
instance : Repr Char where
  reprPrec c _ := c.quote
instance : Repr Unit where
  reprPrec _ _ := "()"
instance {α : Type u} [Repr α] : Repr (Option α) where
  reprPrec
    | none, _ => "none"
    | some a, prec => Repr.addAppParen ("some " ++ reprArg a) prec
instance {α : Type u} [Repr α] : Repr (List α) where
  reprPrec l _ := Std.Format.bracket "[" (Std.Format.joinSep (l.map repr) ("," ++ Std.Format.line)) "]"
instance {α : Type u} [Repr α] : Repr (Array α) where
  reprPrec a _ := "#" ++ repr a.toList
instance {α : Type u} {β : Type v} [Repr α] [Repr β] : Repr (α × β) where
  reprPrec p _ := Std.Format.bracket "(" (repr p.1 ++ ("," ++ Std.Format.line) ++ repr p.2) ")"
