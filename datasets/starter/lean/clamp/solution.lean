@[reducible] def clamp_precond (lo hi x : Nat) : Prop :=
  lo ≤ hi

def clamp (lo hi x : Nat) (_h : clamp_precond lo hi x) : Nat :=
  if x < lo then lo else if hi < x then hi else x

@[reducible] def clamp_postcond (lo hi x : Nat) (result : Nat) (_h : clamp_precond lo hi x) : Prop :=
  lo ≤ result ∧ result ≤ hi

theorem clamp_spec_satisfied (lo hi x : Nat) (h : clamp_precond lo hi x) :
    clamp_postcond lo hi x (clamp lo hi x h) h := by
  unfold clamp_postcond clamp
  split
  · exact ⟨Nat.le_refl lo, h⟩
  · split
    · exact ⟨h, Nat.le_refl hi⟩
    · rename_i h1 h2
      exact ⟨Nat.le_of_not_lt h1, Nat.le_of_not_lt h2⟩
