def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib (n + 1) + fib n

def loop : Nat → Nat → Nat → Nat
  | 0, a, _ => a
  | n + 1, a, b => loop n b (b + a)

theorem loop_spec (n k : Nat) : loop n (fib k) (fib (k + 1)) = fib (k + n) := by
  induction n generalizing k with
  | zero => rfl
  | succ n ih =>
    have h := ih (k + 1)
    rw [fib] at h
    rw [loop, h, Nat.add_assoc, Nat.add_comm 1]

theorem loop_is_fib (n : Nat) : loop n 0 1 = fib n := by
  have h := loop_spec n 0
  have e0 : fib 0 = 0 := rfl
  have e1 : fib (0 + 1) = 1 := rfl
  rw [e0, e1, Nat.zero_add] at h
  exact h
