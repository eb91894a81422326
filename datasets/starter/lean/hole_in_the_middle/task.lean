def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

theorem total_of_doubled (xs : List Nat) : total (xs ++ xs) = total xs + total xs := by
  have split_up : ∀ ys zs : List Nat, total (ys ++ zs) = total ys + total zs := by
    sorry
  exact split_up xs xs
