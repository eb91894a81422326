-- Make a list that is twice as long as a given one.

-- !benchmark @start auxcode
-- !benchmark @end auxcode

def doubled (xs : List Nat) : List Nat :=
  -- !benchmark @start code
  sorry
  -- !benchmark @end code

@[reducible] def doubled_postcond (xs : List Nat) (result : List Nat) : Prop :=
  result.length = xs.length + xs.length

-- !benchmark @start lemma
-- !benchmark @end lemma

theorem doubled_postcond_satisfied (xs : List Nat) : doubled_postcond xs (doubled xs) := by
  -- !benchmark @start proof
  sorry
  -- !benchmark @end proof
