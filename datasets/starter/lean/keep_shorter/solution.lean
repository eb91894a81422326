def keep (p : Nat → Bool) : List Nat → List Nat
  | [] => []
  | x :: xs => if p x = true then x :: keep p xs else keep p xs

theorem keep_shorter (p : Nat → Bool) (xs : List Nat) : (keep p xs).length ≤ xs.length := by
  induction xs with
  | nil => exact Nat.le_refl 0
  | cons x xs ih =>
    rw [keep]
    split
    · exact Nat.succ_le_succ ih
    · exact Nat.le_succ_of_le ih
