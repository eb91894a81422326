-- UNPROVED: this file is NOT a proof. It is the best unfinished attempt.
-- From /work/wt-lean-more/datasets/starter/lean/stack_machine/task.lean by prover 0.1.0. the budget of seconds is spent; still open: compiled_right.
-- What a `sorry` below stands for is not proved.
-- What remains (line numbers of the input):
--   - compiled_right (line 24)
inductive Exp where
  | lit : Nat → Exp
  | add : Exp → Exp → Exp

inductive Op where
  | push : Nat → Op
  | plus : Op

def eval : Exp → Nat
  | .lit n => n
  | .add a b => eval a + eval b

def compile : Exp → List Op
  | .lit n => [.push n]
  | .add a b => compile a ++ (compile b ++ [.plus])

def run : List Op → List Nat → List Nat
  | [], st => st
  | .push n :: ops, st => run ops (n :: st)
  | .plus :: ops, y :: x :: st => run ops ((x + y) :: st)
  | .plus :: ops, st => run ops st

theorem compiled_right (e : Exp) : run (compile e) [] = [eval e] := by
  sorry
