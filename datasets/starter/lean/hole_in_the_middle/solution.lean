def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

theorem total_of_doubled (xs : List Nat) : total (xs ++ xs) = total xs + total xs := by
  have split_up : ∀ ys zs : List Nat, total (ys ++ zs) = total ys + total zs := by
    intro ys zs
    induction ys with
    | nil => rw [List.nil_append, total, Nat.zero_add]
    | cons y ys ih => rw [List.cons_append, total, total, ih, Nat.add_assoc]
  exact split_up xs xs
