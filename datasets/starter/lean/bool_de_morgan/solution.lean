theorem bool_de_morgan (a b : Bool) : (!(a && b)) = (!a || !b) := by
  cases a <;> cases b <;> rfl
