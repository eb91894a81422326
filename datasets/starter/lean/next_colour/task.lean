inductive Colour where
  | red
  | green
  | blue

def next : Colour → Colour
  | .red => .green
  | .green => .blue
  | .blue => .red

theorem next_three_times (c : Colour) : next (next (next c)) = c := by
  sorry
