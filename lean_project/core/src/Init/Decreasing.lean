prelude
import Init.Quote
import Init.Nat.Div
import Init.Native.Syntax
/-!
Measures that go down: stock Lean leaves these goals to `omega`, which this core cannot offer. A rule of our own for
`decreasing_trivial` covers the usual shapes (a remainder that is stepped towards, a predecessor, a quotient), all of which
`omega` proves too. Its syntax is built by hand, as there are no quotations this early.
-/
open Lean
namespace Lemmatree
theorem sizeOf_tail_lt.{u} {α : Type u} [SizeOf α] (x : α) (xs : List α) : sizeOf xs < sizeOf (x :: xs) := by
  show sizeOf xs < 1 + sizeOf x + sizeOf xs
  rw [Nat.add_assoc, Nat.one_add]; exact Nat.lt_succ_of_le (Nat.le_add_left _ _)
theorem closer {i j : Nat} (h : i < j) : j - 1 - (i + 1) < j - i :=
  Nat.lt_of_le_of_lt (Nat.sub_le_sub_right (Nat.sub_le j 1) (i + 1)) (Nat.sub_succ_lt_self h)
theorem sooner {i j : Nat} (h : i < j) : j - 1 - i < j - i := by
  rw [Nat.sub_right_comm]
  exact Nat.sub_lt (Nat.sub_pos_of_lt h) Nat.zero_lt_one
def atom (text : String) : Syntax := Syntax.atom SourceInfo.none text
def list : List Syntax → Array Syntax → Array Syntax
  | [], done => done
  | x :: xs, done => list xs (done.push x)
def node (kind : Name) (parts : List Syntax) : Syntax := Syntax.node SourceInfo.none kind (list parts (Array.mkEmpty 0))
def none : Syntax := node `null []
def identifier (text : String) (name : Name) : Syntax := Syntax.ident SourceInfo.none text.toRawSubstring name []
def configuration : Syntax := node `Lean.Parser.Tactic.optConfig [none]
def assumption : Syntax := node `Lean.Parser.Tactic.assumption [atom "assumption"]
def decide : Syntax := node `Lean.Parser.Tactic.decide [atom "decide", configuration]
def simpAll : Syntax := node `Lean.Parser.Tactic.simpAll [atom "simp_all", configuration, none, none, none]
def done : Syntax := node `Lean.Parser.Tactic.done [atom "done"]
def apply (lemmaName : Syntax) : Syntax := node `Lean.Parser.Tactic.apply [atom "apply", lemmaName]
def thenAll (first second : Syntax) : Syntax := node `Lean.Parser.Tactic.«tactic_<;>_» [first, atom "<;>", second]
def sequence (tactic : Syntax) : Syntax :=
  node `Lean.Parser.Tactic.tacticSeq [node `Lean.Parser.Tactic.tacticSeq1Indented [node `null [tactic]]]
def alternatives : List Syntax → List Syntax
  | [] => []
  | tactic :: rest => node `group [atom "|", sequence tactic] :: alternatives rest
def first (tactics : List Syntax) : Syntax := node `Lean.Parser.Tactic.first [atom "first", node `null (alternatives tactics)]
/-- Closes what the lemmas ask for: bounds that are among the hypotheses, or follow from them by simplification. -/
def close (deeper : List Syntax) : Syntax := first (assumption :: decide :: thenAll simpAll done :: deeper)
def by_ (lemmaName : Syntax) : Syntax :=
  thenAll (apply lemmaName) (close
    [thenAll (apply (identifier "Nat.pos_of_ne_zero" `Nat.pos_of_ne_zero)) (close []),
     thenAll (apply (identifier "Nat.lt_of_not_ge" `Nat.lt_of_not_ge)) (close []),
     thenAll (apply (identifier "Nat.pos_of_lt" `Nat.pos_of_lt)) (close
      [thenAll (apply (identifier "Nat.le_of_not_lt" `Nat.le_of_not_lt)) assumption])])
def steps : List Syntax :=
  [apply (identifier "Lemmatree.sizeOf_tail_lt" `Lemmatree.sizeOf_tail_lt),
   by_ (identifier "Nat.sub_succ_lt_self" `Nat.sub_succ_lt_self), by_ (identifier "Nat.sub_lt" `Nat.sub_lt),
   by_ (identifier "Nat.div_lt_self" `Nat.div_lt_self), by_ (identifier "Nat.sub_lt_sub_left" `Nat.sub_lt_sub_left),
   by_ (identifier "Lemmatree.closer" `Lemmatree.closer), by_ (identifier "Lemmatree.sooner" `Lemmatree.sooner),
   by_ (identifier "Nat.lt_succ_of_le" `Nat.lt_succ_of_le), by_ (identifier "Nat.add_lt_add" `Nat.add_lt_add),
   by_ (identifier "Nat.add_lt_add_of_lt_of_le" `Nat.add_lt_add_of_lt_of_le),
   by_ (identifier "Nat.add_lt_add_of_le_of_lt" `Nat.add_lt_add_of_le_of_lt)]
@[macro tacticDecreasing_trivial] def decreasingTrivial : Macro := fun _ _ state =>
  MRes.mk (first [first steps, thenAll simpAll (first steps)]) state
end Lemmatree
