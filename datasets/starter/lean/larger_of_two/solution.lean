@[reducible] def larger_precond (a : Nat) (b : Nat) : Prop :=
  True

def larger (a : Nat) (b : Nat) (_h : larger_precond a b) : Nat :=
  if a ≤ b then b else a

@[reducible] def larger_postcond (a : Nat) (b : Nat) (result : Nat) (_h : larger_precond a b) : Prop :=
  a ≤ result ∧ b ≤ result ∧ (result = a ∨ result = b)

theorem larger_spec_satisfied (a : Nat) (b : Nat) (h : larger_precond a b) :
    larger_postcond a b (larger a b h) h := by
  unfold larger_postcond larger
  split
  · rename_i hle
    exact ⟨hle, Nat.le_refl b, Or.inr rfl⟩
  · rename_i hnle
    exact ⟨Nat.le_refl a, Nat.le_of_lt (Nat.lt_of_not_le hnle), Or.inl rfl⟩
