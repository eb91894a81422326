def countOnto : List Nat → Nat → Nat
  | [], n => n
  | _ :: xs, n => countOnto xs (n + 1)

theorem counted (xs : List Nat) : countOnto xs 0 = xs.length := by
  sorry
