theorem contraposition (p q : Prop) (h : p → q) : ¬q → ¬p :=
  fun hq hp => hq (h hp)

theorem second_of_both (p q : Prop) (h : p ∧ q) : q :=
  h.2
