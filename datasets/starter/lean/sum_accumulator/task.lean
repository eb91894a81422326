def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

def totalOnto : List Nat → Nat → Nat
  | [], s => s
  | x :: xs, s => totalOnto xs (s + x)

theorem total_by_accumulator (xs : List Nat) : totalOnto xs 0 = total xs := by
  sorry
