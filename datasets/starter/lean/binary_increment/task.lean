def value : List Bool → Nat
  | [] => 0
  | false :: bs => value bs + value bs
  | true :: bs => value bs + value bs + 1

def increment : List Bool → List Bool
  | [] => [true]
  | false :: bs => true :: bs
  | true :: bs => false :: increment bs

theorem increment_adds_one (bs : List Bool) : value (increment bs) = value bs + 1 := by
  sorry
