def join : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: join xs ys

def len : List Nat → Nat
  | [] => 0
  | _ :: xs => len xs + 1

theorem join_length (xs ys : List Nat) : len (join xs ys) = len xs + len ys := by
  sorry
