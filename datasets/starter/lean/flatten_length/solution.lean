inductive Tree where
  | leaf : Tree
  | node : Tree → Nat → Tree → Tree

def flatten : Tree → List Nat
  | .leaf => []
  | .node l x r => flatten l ++ x :: flatten r

def size : Tree → Nat
  | .leaf => 0
  | .node l _ r => size l + (size r + 1)

theorem flatten_length (t : Tree) : (flatten t).length = size t := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr => rw [flatten, List.length_append, List.length_cons, size, ihl, ihr]
