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

theorem run_compile (e : Exp) (ops : List Op) (st : List Nat) :
    run (compile e ++ ops) st = run ops (eval e :: st) := by
  induction e generalizing ops st with
  | lit n => rfl
  | add a b iha ihb => rw [compile, List.append_assoc, List.append_assoc, iha, ihb]; rfl

theorem compiled_right (e : Exp) : run (compile e) [] = [eval e] := by
  have h := run_compile e [] []
  rw [List.append_nil] at h
  rw [h, run]
