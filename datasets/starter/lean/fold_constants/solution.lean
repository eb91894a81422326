inductive Exp where
  | lit : Nat → Exp
  | var : Exp
  | add : Exp → Exp → Exp

def eval (x : Nat) : Exp → Nat
  | .lit n => n
  | .var => x
  | .add a b => eval x a + eval x b

def plusOf : Exp → Exp → Exp
  | .lit m, .lit n => .lit (m + n)
  | a, b => .add a b

def fold : Exp → Exp
  | .lit n => .lit n
  | .var => .var
  | .add a b => plusOf (fold a) (fold b)

theorem plusOf_keeps (x : Nat) (a b : Exp) : eval x (plusOf a b) = eval x a + eval x b := by
  cases a <;> cases b <;> rfl

theorem fold_keeps (x : Nat) (e : Exp) : eval x (fold e) = eval x e := by
  induction e with
  | lit n => rfl
  | var => rfl
  | add a b iha ihb => rw [fold, plusOf_keeps, iha, ihb, eval]
