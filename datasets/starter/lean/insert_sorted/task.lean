def insertIn (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: insertIn x ys

def insertionSort : List Nat → List Nat
  | [] => []
  | x :: xs => insertIn x (insertionSort xs)

def below (x : Nat) : List Nat → Prop
  | [] => True
  | y :: ys => x ≤ y ∧ below x ys

def sorted : List Nat → Prop
  | [] => True
  | x :: xs => below x xs ∧ sorted xs

theorem insert_sorted (x : Nat) (l : List Nat) (h : sorted l) : sorted (insertIn x l) := by
  sorry

theorem sort_sorted (l : List Nat) : sorted (insertionSort l) := by
  sorry
