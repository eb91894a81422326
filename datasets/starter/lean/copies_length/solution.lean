def copies (x : Nat) : Nat → List Nat
  | 0 => []
  | n + 1 => x :: copies x n

theorem copies_length (x n : Nat) : (copies x n).length = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [copies, List.length_cons, ih]
