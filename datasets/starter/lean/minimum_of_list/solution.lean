@[reducible] def minimum_precond (x : Nat) (xs : List Nat) : Prop :=
  True

def minimum (x : Nat) (xs : List Nat) (h : minimum_precond x xs) : Nat :=
  match xs with
  | [] => x
  | y :: ys => if x ≤ y then minimum x ys h else minimum y ys h

def belowAll (m : Nat) : List Nat → Prop
  | [] => True
  | y :: ys => m ≤ y ∧ belowAll m ys

@[reducible] def minimum_postcond (x : Nat) (xs : List Nat) (result : Nat) (_h : minimum_precond x xs) : Prop :=
  result ≤ x ∧ belowAll result xs

theorem minimum_spec_satisfied (x : Nat) (xs : List Nat) (h : minimum_precond x xs) :
    minimum_postcond x xs (minimum x xs h) h := by
  induction xs generalizing x with
  | nil => exact ⟨Nat.le_refl x, trivial⟩
  | cons y ys ih =>
    rw [minimum]
    split
    · rename_i hle
      exact ⟨(ih x h).1, Nat.le_trans (ih x h).1 hle, (ih x h).2⟩
    · rename_i hnle
      exact ⟨Nat.le_trans (ih y h).1 (Nat.le_of_lt (Nat.lt_of_not_le hnle)), (ih y h).1, (ih y h).2⟩
