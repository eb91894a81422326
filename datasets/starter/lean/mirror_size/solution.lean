inductive Tree where
  | leaf : Tree
  | node : Tree → Nat → Tree → Tree

def mirror : Tree → Tree
  | .leaf => .leaf
  | .node l x r => .node (mirror r) x (mirror l)

def size : Tree → Nat
  | .leaf => 0
  | .node l _ r => size l + size r + 1

theorem mirror_size (t : Tree) : size (mirror t) = size t := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr => rw [mirror, size, size, ihl, ihr, Nat.add_comm (size r)]
