prelude
import Init.Quote
import Init.Omega
/-!
Measures that go down. Stock Lean's rules for `decreasing_trivial` run here too; that they try `simp +arith`, which this core
lacks, is made good by a rule of our own: `simp`, which unfolds the sizes of constructors, and then `omega`. Its syntax is
built by hand, as there are no quotations this early.
-/
open Lean
namespace Lemmatree
def atom (text : String) : Syntax := Syntax.atom SourceInfo.none text
def list : List Syntax → Array Syntax → Array Syntax
  | [], done => done
  | x :: xs, done => list xs (done.push x)
def node (kind : Name) (parts : List Syntax) : Syntax := Syntax.node SourceInfo.none kind (list parts (Array.mkEmpty 0))
def none : Syntax := node `null []
def configuration : Syntax := node `Lean.Parser.Tactic.optConfig [none]
def omega : Syntax := node `Lean.Parser.Tactic.omega [atom "omega", configuration]
def simp : Syntax := node `Lean.Parser.Tactic.simp [atom "simp", configuration, none, none, none, none]
def thenAll (first second : Syntax) : Syntax := node `Lean.Parser.Tactic.«tactic_<;>_» [first, atom "<;>", second]
@[macro tacticDecreasing_trivial] def decreasingTrivial : Macro := fun _ _ state => MRes.mk (thenAll simp omega) state
end Lemmatree
