theorem contraposition (p q : Prop) (h : p → q) : ¬q → ¬p :=
  sorry

theorem second_of_both (p q : Prop) (h : p ∧ q) : q :=
  sorry
