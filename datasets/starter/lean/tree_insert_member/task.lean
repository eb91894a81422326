inductive Tree where
  | leaf : Tree
  | node : Tree → Nat → Tree → Tree

def insertIn (x : Nat) : Tree → Tree
  | .leaf => .node .leaf x .leaf
  | .node l y r => if x < y then .node (insertIn x l) y r else if y < x then .node l y (insertIn x r) else .node l y r

def find (x : Nat) : Tree → Bool
  | .leaf => false
  | .node l y r => if x < y then find x l else if y < x then find x r else true

theorem insert_member (x : Nat) (t : Tree) : find x (insertIn x t) = true := by
  sorry
