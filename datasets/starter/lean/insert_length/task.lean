def insertIn (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: insertIn x ys

def insertionSort : List Nat → List Nat
  | [] => []
  | x :: xs => insertIn x (insertionSort xs)

theorem insert_length (x : Nat) (xs : List Nat) : (insertIn x xs).length = xs.length + 1 := by
  sorry

theorem sort_length (xs : List Nat) : (insertionSort xs).length = xs.length := by
  sorry
