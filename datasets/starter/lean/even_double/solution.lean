def isEven : Nat → Bool
  | 0 => true
  | 1 => false
  | n + 2 => isEven n

def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

theorem even_double (n : Nat) : isEven (double n) = true := by
  induction n with
  | zero => rfl
  | succ n ih => rw [double, isEven, ih]
