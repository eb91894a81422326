prelude
import Init.Nat.Div
/-!
Bits of natural numbers. The kernel computes these functions too, by their names: they must be declared here, with their
stock meaning, so that no file can give the names another one.
-/
set_option linter.unusedVariables false
theorem Nat.bitwise_rec_lemma {n : Nat} (hNe : n ≠ 0) : n / 2 < n :=
  Nat.div_lt_self (Nat.pos_of_ne_zero hNe) (by decide)
def Nat.bitwise (f : Bool → Bool → Bool) (n m : Nat) : Nat :=
  if n = 0 then
    if f false true then m else 0
  else if m = 0 then
    if f true false then n else 0
  else
    let n' := n / 2
    let m' := m / 2
    let b₁ := n % 2 = 1
    let b₂ := m % 2 = 1
    let r := Nat.bitwise f n' m'
    if f b₁ b₂ then r + r + 1 else r + r
termination_by n
decreasing_by apply Nat.bitwise_rec_lemma; assumption
@[extern "lean_nat_land"] def Nat.land : @& Nat → @& Nat → Nat := Nat.bitwise and
@[extern "lean_nat_lor"] def Nat.lor : @& Nat → @& Nat → Nat := Nat.bitwise or
@[extern "lean_nat_lxor"] def Nat.xor : @& Nat → @& Nat → Nat := Nat.bitwise bne
@[extern "lean_nat_shiftl"] def Nat.shiftLeft : @& Nat → @& Nat → Nat
  | n, 0 => n
  | n, .succ m => Nat.shiftLeft (2 * n) m
@[extern "lean_nat_shiftr"] def Nat.shiftRight : @& Nat → @& Nat → Nat
  | n, 0 => n
  | n, .succ m => Nat.shiftRight n m / 2
instance Nat.instAndOp : AndOp Nat := ⟨Nat.land⟩
instance Nat.instOrOp : OrOp Nat := ⟨Nat.lor⟩
instance Nat.instXorOp : XorOp Nat := ⟨Nat.xor⟩
instance Nat.instShiftLeft : ShiftLeft Nat := ⟨Nat.shiftLeft⟩
instance Nat.instShiftRight : ShiftRight Nat := ⟨Nat.shiftRight⟩
/-- The kernel evaluates applications of these two by compiled code; only `native_decide` uses them. -/
opaque Lean.reduceBool (b : Bool) : Bool := b
opaque Lean.reduceNat (n : Nat) : Nat := n
