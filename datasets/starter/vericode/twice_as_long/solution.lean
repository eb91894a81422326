-- Make a list that is twice as long as a given one.

-- !benchmark @start auxcode
-- !benchmark @end auxcode

def doubled (xs : List Nat) : List Nat :=
  -- !benchmark @start code
  match xs with
  | [] => []
  | x :: rest => x :: x :: doubled rest
  -- !benchmark @end code

@[reducible] def doubled_postcond (xs : List Nat) (result : List Nat) : Prop :=
  result.length = xs.length + xs.length

-- !benchmark @start lemma
-- !benchmark @end lemma

theorem doubled_postcond_satisfied (xs : List Nat) : doubled_postcond xs (doubled xs) := by
  -- !benchmark @start proof
  induction xs with
  | nil => rfl
  | cons x rest ih =>
    have h : (doubled rest).length = rest.length + rest.length := ih
    show (doubled rest).length + 1 + 1 = rest.length + 1 + rest.length + 1
    rw [h, Nat.add_right_comm rest.length 1 rest.length]
  -- !benchmark @end proof
