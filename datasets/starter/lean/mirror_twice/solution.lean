inductive Tree where
  | leaf : Tree
  | node : Tree → Nat → Tree → Tree

def mirror : Tree → Tree
  | .leaf => .leaf
  | .node l x r => .node (mirror r) x (mirror l)

theorem mirror_twice (t : Tree) : mirror (mirror t) = t := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr => rw [mirror, mirror, ihl, ihr]
