structure Stack where
  items : List Nat
  pushed : Nat

def push (s : Stack) (x : Nat) : Stack :=
  { items := x :: s.items, pushed := s.pushed + 1 }

def top (s : Stack) : Option Nat :=
  match s.items with
  | [] => none
  | x :: _ => some x

theorem top_of_pushed (s : Stack) (x : Nat) : top (push s x) = some x := by
  rfl

theorem pushed_grows (s : Stack) (x : Nat) : s.pushed < (push s x).pushed := by
  exact Nat.lt_succ_self s.pushed
