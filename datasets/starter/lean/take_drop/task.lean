def takeFirst : Nat → List Nat → List Nat
  | 0, _ => []
  | _ + 1, [] => []
  | n + 1, x :: xs => x :: takeFirst n xs

def dropFirst : Nat → List Nat → List Nat
  | 0, xs => xs
  | _ + 1, [] => []
  | n + 1, _ :: xs => dropFirst n xs

theorem take_drop (n : Nat) (xs : List Nat) : takeFirst n xs ++ dropFirst n xs = xs := by
  sorry
