@[reducible] def search_precond (x : Nat) (xs : List Nat) : Prop :=
  True

def search (x : Nat) (xs : List Nat) (h : search_precond x xs) : Option Nat :=
  match xs with
  | [] => none
  | y :: ys => if x = y then some y else search x ys h

@[reducible] def search_postcond (x : Nat) (xs : List Nat) (result : Option Nat) (_h : search_precond x xs) : Prop :=
  result = none ∨ result = some x

theorem search_spec_satisfied (x : Nat) (xs : List Nat) (h : search_precond x xs) :
    search_postcond x xs (search x xs h) h := by
  sorry
