def countOnto : List Nat → Nat → Nat
  | [], n => n
  | _ :: xs, n => countOnto xs (n + 1)

theorem countOnto_spec (xs : List Nat) (n : Nat) : countOnto xs n = n + xs.length := by
  induction xs generalizing n with
  | nil => rfl
  | cons x xs ih => rw [countOnto, ih, List.length_cons, Nat.add_assoc, Nat.add_comm 1]

theorem counted (xs : List Nat) : countOnto xs 0 = xs.length := by
  rw [countOnto_spec, Nat.zero_add]
