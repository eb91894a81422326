def differs : Bool → Bool → Bool
  | true, true => false
  | false, false => false
  | _, _ => true

theorem differs_assoc (a b c : Bool) : differs (differs a b) c = differs a (differs b c) := by
  sorry
