def count (x : Nat) : List Nat → Nat
  | [] => 0
  | y :: ys => if x = y then count x ys + 1 else count x ys

theorem count_append (x : Nat) (xs ys : List Nat) : count x (xs ++ ys) = count x xs + count x ys := by
  induction xs with
  | nil => rw [List.nil_append, count, Nat.zero_add]
  | cons z zs ih =>
    rw [List.cons_append, count, count]
    split
    · rw [ih, Nat.add_assoc, Nat.add_assoc, Nat.add_comm 1]
    · exact ih
