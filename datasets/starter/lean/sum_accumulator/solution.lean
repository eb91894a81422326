def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

def totalOnto : List Nat → Nat → Nat
  | [], s => s
  | x :: xs, s => totalOnto xs (s + x)

theorem totalOnto_spec (xs : List Nat) (s : Nat) : totalOnto xs s = s + total xs := by
  induction xs generalizing s with
  | nil => rfl
  | cons x xs ih => rw [totalOnto, ih, total, Nat.add_assoc]

theorem total_by_accumulator (xs : List Nat) : totalOnto xs 0 = total xs := by
  rw [totalOnto_spec, Nat.zero_add]
