def insertIn (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: insertIn x ys

def insertionSort : List Nat → List Nat
  | [] => []
  | x :: xs => insertIn x (insertionSort xs)

theorem insert_length (x : Nat) (xs : List Nat) : (insertIn x xs).length = xs.length + 1 := by
  induction xs with
  | nil => rfl
  | cons y ys ih =>
    rw [insertIn]
    split
    · rfl
    · rw [List.length_cons, ih, List.length_cons]

theorem sort_length (xs : List Nat) : (insertionSort xs).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [insertionSort, insert_length, ih, List.length_cons]
