def value : List Bool → Nat
  | [] => 0
  | false :: bs => value bs + value bs
  | true :: bs => value bs + value bs + 1

def increment : List Bool → List Bool
  | [] => [true]
  | false :: bs => true :: bs
  | true :: bs => false :: increment bs

theorem increment_adds_one (bs : List Bool) : value (increment bs) = value bs + 1 := by
  induction bs with
  | nil => rfl
  | cons b bs ih =>
    cases b with
    | false => rfl
    | true =>
      rw [increment, value, value, ih, Nat.add_assoc (value bs), Nat.add_comm 1, Nat.add_assoc, Nat.add_assoc,
        Nat.add_assoc]
