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
