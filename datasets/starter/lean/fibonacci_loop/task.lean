def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib (n + 1) + fib n

def loop : Nat → Nat → Nat → Nat
  | 0, a, _ => a
  | n + 1, a, b => loop n b (b + a)

theorem loop_is_fib (n : Nat) : loop n 0 1 = fib n := by
  sorry
