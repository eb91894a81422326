prelude
import Init.Monad
/-!
What Lean's quotation of syntax is made of, as far as default arguments `:= by ...` need it.
-/
def Char.utf8Size (c : Char) : Nat :=
  cond (Nat.ble c.val.toNat 0x7f) 1 (cond (Nat.ble c.val.toNat 0x7ff) 2 (cond (Nat.ble c.val.toNat 0xffff) 3 4))
@[extern "lean_string_utf8_byte_size"] def String.utf8ByteSize (s : @& String) : Nat :=
  List.rec 0 (fun c _ size => c.utf8Size + size) s.data
abbrev String.rawEndPos (s : String) : String.Pos.Raw := ⟨s.utf8ByteSize⟩
@[extern "l_String_toRawSubstring"] def String.toRawSubstring (s : String) : Substring.Raw := ⟨s, ⟨0⟩, s.rawEndPos⟩
@[extern "l_String_toRawSubstring_x27"] def String.toRawSubstring' (s : String) : Substring.Raw := s.toRawSubstring
