def turned (p : Nat × Bool) : Bool × Nat := (p.2, p.1)

def turned_back (p : Bool × Nat) : Nat × Bool := (p.2, p.1)

theorem turned_twice (p : Nat × Bool) : turned_back (turned p) = p := by
  cases p; rfl
