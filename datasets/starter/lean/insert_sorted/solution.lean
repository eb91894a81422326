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

theorem below_trans {x y : Nat} (h : x ≤ y) (l : List Nat) (k : below y l) : below x l := by
  induction l with
  | nil => trivial
  | cons z zs ih => exact ⟨Nat.le_trans h k.1, ih k.2⟩

theorem below_insert {y x : Nat} (h : y ≤ x) (l : List Nat) (k : below y l) : below y (insertIn x l) := by
  induction l with
  | nil => exact ⟨h, trivial⟩
  | cons z zs ih =>
    rw [insertIn]
    split
    · exact ⟨h, k.1, k.2⟩
    · exact ⟨k.1, ih k.2⟩

theorem insert_sorted (x : Nat) (l : List Nat) (h : sorted l) : sorted (insertIn x l) := by
  induction l with
  | nil => exact ⟨trivial, trivial⟩
  | cons y ys ih =>
    rw [insertIn]
    split
    · rename_i hx
      exact ⟨⟨hx, below_trans hx ys h.1⟩, h.1, h.2⟩
    · rename_i hx
      exact ⟨below_insert (Nat.le_of_lt (Nat.lt_of_not_le hx)) ys h.1, ih h.2⟩

theorem sort_sorted (l : List Nat) : sorted (insertionSort l) := by
  induction l with
  | nil => trivial
  | cons x xs ih => exact insert_sorted x _ ih
