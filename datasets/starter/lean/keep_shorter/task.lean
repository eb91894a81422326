def keep (p : Nat → Bool) : List Nat → List Nat
  | [] => []
  | x :: xs => if p x = true then x :: keep p xs else keep p xs

theorem keep_shorter (p : Nat → Bool) (xs : List Nat) : (keep p xs).length ≤ xs.length := by
  sorry
