prelude
import Init.List.Lemmas
/-!
Rotations, and merge sort: halves are sorted and merged, as in stock Lean, whose first half is the longer one too.
-/
set_option linter.unusedVariables false
universe u
namespace List
variable {α : Type u}
def rotateLeft (xs : List α) (i : Nat := 1) : List α :=
  if xs.length ≤ 1 then xs else xs.drop (i % xs.length) ++ xs.take (i % xs.length)
def rotateRight (xs : List α) (i : Nat := 1) : List α :=
  if xs.length ≤ 1 then xs else xs.drop (xs.length - i % xs.length) ++ xs.take (xs.length - i % xs.length)
private theorem half_lt (k : Nat) : (k + 2 + 1) / 2 < k + 2 := by
  rw [Nat.div_lt_iff_lt_mul (by decide)]
  rw [Nat.mul_two]
  exact Nat.add_lt_add_left (Nat.lt_add_left k (by decide)) (k + 2)
def mergeSort (xs : List α) (le : α → α → Bool := by exact fun a b => a ≤ b) : List α :=
  match xs with
  | [] => []
  | [a] => [a]
  | a :: b :: xs =>
    merge (mergeSort ((a :: b :: xs).take ((xs.length + 2 + 1) / 2)) le)
      (mergeSort ((a :: b :: xs).drop ((xs.length + 2 + 1) / 2)) le) le
termination_by xs.length
decreasing_by
  · rw [length_take]
    exact Nat.lt_of_le_of_lt (Nat.min_le_left _ _) (half_lt xs.length)
  · rw [length_drop]
    exact Nat.sub_lt (Nat.zero_lt_succ _) ((Nat.le_div_iff_mul_le (by decide)).mpr (Nat.le_add_left 2 (xs.length + 1)))
end List
