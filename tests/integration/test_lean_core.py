"""The bundled core library: what ordinary Lean files can say and prove on it, what they cannot, and with which
axioms."""

from __future__ import annotations

from pathlib import Path

import pytest
from lean_core import Core

from lean_project import launcher
from lean_project.core.build import build, default_location

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(launcher.shared_library() is None, reason=launcher.MISSING),
]


@pytest.fixture(scope="session")
def compiled() -> Path:
    """The core where `make setup` puts it: built if it is not there."""
    return build(default_location())


@pytest.fixture
def core(compiled: Path, tmp_path: Path) -> Core:
    return Core(compiled, tmp_path)


def test_a_second_build_finds_the_first(compiled: Path) -> None:
    assert build(compiled) == compiled
    assert (compiled / "Init.olean").is_file()


def test_propositions_are_proved_with_the_usual_tactics(core: Core) -> None:
    core.accepts("""
theorem intro_constructor (p q : Prop) : p → q → p ∧ q := by intro hp hq; constructor <;> assumption
theorem cases_or (p q : Prop) (h : p ∨ q) : q ∨ p := by
  rcases h with h | h
  · right; exact h
  · left; exact h
theorem obtain_exists (p : Nat → Prop) (h : ∃ x, p x ∧ x > 0) : ∃ x, p x := by
  obtain ⟨x, hx, _⟩ := h
  exact ⟨x, hx⟩
theorem em (p : Prop) : p ∨ ¬p := by by_cases h : p; exact Or.inl h; exact Or.inr h
theorem extensionality (f g : Nat → Nat) (h : ∀ x, f x = g x) : f = g := by ext x; exact h x
theorem symmetric (a b : Nat) (h : a = b) : b = a := by symm; exact h
theorem contrapositive (p q : Prop) (h : ¬q → ¬p) (hp : p) : q := by
  by_cases hq : q
  · exact hq
  · exact absurd hp (h hq)
theorem simplified (p : Prop) : (p ∧ True ∨ False) ↔ p := by simp
theorem searched (a b : Nat) (h : a ≤ b) : a < b + 1 := by exact?
""")


def test_arithmetic_has_its_lemmas_under_their_stock_names(core: Core) -> None:
    core.accepts("""
theorem commuted (a b c : Nat) : a + b + c = c + b + a := by simp [Nat.add_comm, Nat.add_left_comm]
theorem chained (a b c : Nat) (h : a ≤ b) (k : b < c) : a < c := calc
  a ≤ b := h
  _ < c := k
theorem cancelled (a b c : Nat) (h : a + c = b + c) : a = b := by simpa using h
theorem distributed (a b c : Nat) : a * (b + c) = a * c + a * b := by rw [Nat.mul_add, Nat.add_comm]
theorem evaluated : 2 ^ 10 % 7 = 2 ∧ 17 / 5 = 3 ∧ Nat.gcd 12 18 = 6 ∧ ¬ 4 ∣ 6 := by decide
theorem divided (n : Nat) : 3 * (n / 3) + n % 3 = n := Nat.div_add_mod n 3
theorem bounded (n : Nat) : n % 3 < 3 := Nat.mod_lt n (by decide)
theorem subtracted (a b : Nat) (h : b ≤ a) : a - b + b = a := Nat.sub_add_cancel h
theorem maximum (a b : Nat) : a ≤ max a b ∧ b ≤ max a b := ⟨Nat.le_max_left a b, Nat.le_max_right a b⟩
theorem branched (a b : Nat) : (if a ≤ b then b else a) ≥ a := by
  split
  · assumption
  · exact Nat.le_refl a
theorem integers : (3 : Int) - 5 = -2 ∧ (-7 : Int) / 2 = -4 ∧ (-7 : Int) % 2 = 1 := by decide
theorem integers_order (a b c : Int) (h : a ≤ b) (k : b < c) : a < c ∧ ¬ c ≤ a :=
  have l : a < c := calc
    a ≤ b := h
    _ < c := k
  ⟨l, Int.not_le.mpr l⟩
theorem integers_sum (a b c : Int) : a + b + c = c + b + a := by simp [Int.add_comm, Int.add_left_comm]
theorem integers_add (a b : Int) : a + b + 0 = b + a := by rw [Int.add_zero, Int.add_comm]
""")


def test_what_the_kernel_computes_by_itself_is_what_the_definitions_say(core: Core) -> None:
    core.accepts("""
example : 12 &&& 10 = 8 ∧ 12 ||| 10 = 14 ∧ 12 ^^^ 10 = 6 ∧ 3 <<< 4 = 48 ∧ 48 >>> 3 = 6 := by decide
example : Nat.log2 1000 = 9 := by decide +kernel
example : Nat.land 12 10 = Nat.land 6 5 + Nat.land 6 5 := by unfold Nat.land; rw [Nat.bitwise]; rfl
example : Nat.xor 13 10 = Nat.xor 6 5 + Nat.xor 6 5 + 1 := by unfold Nat.xor; rw [Nat.bitwise]; rfl
example (n m : Nat) : n <<< (m + 1) = (2 * n) <<< m ∧ n >>> (m + 1) = n >>> m / 2 := ⟨rfl, rfl⟩
example (n : Nat) (h : n ≥ 2) : Nat.log2 n = Nat.log2 (n / 2) + 1 := by rw [Nat.log2, dif_pos h]
example (m n : Nat) (h : m ≠ 0) : Nat.gcd m n = Nat.gcd (n % m) m := by rw [Nat.gcd, dif_neg h]
example (m n : Nat) (h : 0 < n ∧ n ≤ m) : m / n = (m - n) / n + 1 ∧ m % n = (m - n) % n :=
  ⟨Nat.div_eq_sub_div h.1 h.2, Nat.mod_eq_sub_mod h.2⟩
example (n : Nat) : n / 0 = 0 ∧ n % 0 = n ∧ 5 / 0 = 0 ∧ 5 % 0 = 5 := ⟨Nat.div_zero n, Nat.mod_zero n, rfl, rfl⟩
example (b n : Nat) : b ^ (n + 1) = b ^ n * b ∧ b ^ 0 = 1 ∧ n - (b + 1) = (n - b).pred := ⟨rfl, rfl, rfl⟩
""")


def test_lists_are_proved_about_by_induction(core: Core) -> None:
    core.accepts("""
def insert' (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: insert' x ys
def sort : List Nat → List Nat
  | [] => []
  | x :: xs => insert' x (sort xs)
theorem mem_insert' (a x : Nat) (l : List Nat) : a ∈ insert' x l ↔ a = x ∨ a ∈ l := by
  induction l with
  | nil => simp [insert']
  | cons y ys ih =>
    unfold insert'
    split
    · simp
    · simp only [List.mem_cons, ih]
      constructor
      · rintro (h | h | h)
        · exact Or.inr (Or.inl h)
        · exact Or.inl h
        · exact Or.inr (Or.inr h)
      · rintro (h | h | h)
        · exact Or.inr (Or.inl h)
        · exact Or.inl h
        · exact Or.inr (Or.inr h)
theorem sorted_insert' (x : Nat) (l : List Nat) (h : l.Pairwise (· ≤ ·)) : (insert' x l).Pairwise (· ≤ ·) := by
  induction l with
  | nil => exact List.pairwise_singleton _ x
  | cons y ys ih =>
    rw [List.pairwise_cons] at h
    unfold insert'
    split
    · rename_i hxy
      rw [List.pairwise_cons, List.pairwise_cons]
      refine ⟨fun a ha => ?_, h⟩
      cases List.mem_cons.mp ha with
      | inl e => rw [e]; exact hxy
      | inr m => exact Nat.le_trans hxy (h.1 a m)
    · rename_i hxy
      rw [List.pairwise_cons]
      refine ⟨fun a ha => ?_, ih h.2⟩
      cases (mem_insert' a x ys).mp ha with
      | inl e => rw [e]; exact Nat.le_of_not_le hxy
      | inr m => exact h.1 a m
theorem sorted_sort (l : List Nat) : (sort l).Pairwise (· ≤ ·) := by
  induction l with
  | nil => exact List.Pairwise.nil
  | cons x xs ih => exact sorted_insert' x _ ih
theorem perm_insert' (x : Nat) (l : List Nat) : (insert' x l).Perm (x :: l) := by
  induction l with
  | nil => exact .refl _
  | cons y ys ih =>
    unfold insert'
    split
    · exact .refl _
    · exact (List.Perm.cons y ih).trans (.swap x y ys)
theorem length_reverse' (l acc : List Nat) : (l.reverseAux acc).length = l.length + acc.length := by
  induction l generalizing acc with
  | nil => simp [List.reverseAux]
  | cons x xs ih => rw [List.reverseAux, ih, List.length_cons, List.length_cons, Nat.add_right_comm]; rfl
example (xs ys : List Nat) : (xs ++ ys).reverse.length = ys.length + xs.length := by simp [Nat.add_comm]
example (f : Nat → Nat) (xs : List Nat) : (xs.map f).map f = xs.map (f ∘ f) := by simp
example (xs : List Nat) (h : 0 < xs.length) : xs[0]! = xs[0] := getElem!_pos xs 0 h
example : [3, 1, 2].foldl (· + ·) 0 = 6 ∧ (List.range 4).sum = 6 ∧ [1, 2, 3].take 2 = [1, 2] := by decide
example : 2 ∈ [1, 2] ∧ [1, 2].all (· < 3) ∧ [(1, true)].contains (1, true) := by decide
""")


def test_what_stands_at_an_index_of_a_list_or_array_that_was_made_is_known(core: Core) -> None:
    core.accepts("""
example (l : List Nat) (f : Nat → Nat) (i : Nat) (h : i < l.length) : (l.map f)[i]! = f l[i]! := by simp [h]
example (l m : List Nat) (i : Nat) : (l ++ m)[i]? = if i < l.length then l[i]? else m[i - l.length]? :=
  List.getElem?_append
example (a : Array Int) : ∀ i, i < a.size → (a.map (· * 2))[i]! = a[i]! * 2 := by intros; simp_all
example (a : Array Int) (i : Nat) (h : i < a.size) : (a.mapIdx fun i (x : Int) => x + i)[i]! = a[i]! + i := by simp [h]
example (a : Array Int) (i j : Nat) (h : j < a.size) (k : i ≠ j) : (a.set! i 7)[j]! = a[j]! := by simp [h, k]
example (a : Array Int) (i : Nat) (h : i < a.size) : (a.set! i 7)[i]! = 7 := by simp [h]
example (a b : Array Int) : (a ++ b).size = a.size + b.size := by simp
example (a : Array Int) : (a.push 1)[a.size]? = some 1 := by rw [Array.getElem?_push, if_pos rfl]
example (n i : Nat) (h : i < n) : (List.range n)[i]! = i ∧ (List.range n).getD i 0 = i := by simp [h]
example (a : Array Int) (i j : Nat) (h : j < a.size) : ((a.set! i 7).set! j 8)[j]! = 8 := by
  simp_all [Array.getElem_setIfInBounds]
example (n : Int) (a : Array Int) : a.all (· < n) = true ↔ ∀ i, (h : i < a.size) → a[i] < n := by simp
example (s : String) (i : Nat) (h : i < s.length) :
    (String.mk (s.toList.map Char.toUpper)).toList[i]! = s.toList[i]!.toUpper := by simp [h]
""")


def test_types_of_ones_own_work_with_what_lean_derives_for_them(core: Core) -> None:
    core.accepts("""
structure Point where
  x : Nat
  y : Nat
  deriving DecidableEq, BEq, Inhabited
inductive Colour where
  | red | green | blue
  deriving DecidableEq, Repr
inductive Tree (α : Type) where
  | leaf : Tree α
  | node : Tree α → α → Tree α → Tree α
def Tree.mirror : Tree α → Tree α
  | leaf => leaf
  | node l v r => node r.mirror v l.mirror
theorem Tree.mirror_mirror (t : Tree α) : t.mirror.mirror = t := by
  induction t with
  | leaf => rfl
  | node l v r hl hr => simp [mirror, hl, hr]
theorem Point.ext' (p q : Point) (hx : p.x = q.x) (hy : p.y = q.y) : p = q := by
  cases p; cases q; simp at hx hy; simp [hx, hy]
theorem different : Colour.red ≠ Colour.blue := by decide
theorem one_of (c : Colour) : c = .red ∨ c = .green ∨ c = .blue := by cases c <;> simp
theorem injected (a b : Nat) (h : Point.mk a 1 = Point.mk b 1) : a = b := by injection h
""")


def test_programs_recurse_loop_and_index(core: Core) -> None:
    core.accepts("""
def halves (n : Nat) : Nat := if n < 2 then 0 else halves (n / 2) + 1
def search (a : Array Int) (key : Int) (i : Nat) : Option Nat :=
  if i < a.size then
    if a[i]! = key then some i else search a key (i + 1)
  else none
def ackermann : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ackermann m 1
  | m + 1, n + 1 => ackermann m (ackermann (m + 1) n)
termination_by m n => (m, n)
def total (n : Nat) : Nat := Id.run do
  let mut sum := 0
  for i in [0:n + 1] do
    sum := sum + i
  return sum
def sumOf (l : List Nat) : Nat := Id.run do
  let mut sum := 0
  for x in l do
    if x > 2 then
      sum := sum + x
  return sum
def firstAbove (l : List Nat) (bound : Nat) : Option Nat := do
  for x in l do
    if x > bound then return x
  none
def merge : List Int → List Int → List Int
  | [], ys => ys
  | xs, [] => xs
  | x :: xs, y :: ys => if x ≤ y then x :: merge xs (y :: ys) else y :: merge (x :: xs) ys
example : firstAbove [1, 5, 7] 3 = some 5 := by decide
example : total 3 = 6 ∧ sumOf [1, 2, 3, 4] = 7 := by decide
example : #[1, 2, 3].size = 3 ∧ #[1, 2][1]! = 2 ∧ #[1].push 2 = #[1, 2] := by decide
example (a : Array Nat) (i v : Nat) : (a.set! i v).size = a.size := Array.size_setIfInBounds
example : "abc".length = 3 ∧ "ab" ++ "c" = "abc" ∧ 'x'.isAlpha ∧ "b".toList = ['b'] := by decide
example (n : Nat) (h : n < 2) : halves n = 0 := by rw [halves, if_pos h]
""")


def test_terms_are_printed_as_lean_writes_them(core: Core) -> None:
    checked = core.accepts("""
#check fun (x : Nat) => if x = 3 then [x, 1] else []
#check ∃ x : Nat, x ≤ 3 ∧ (x, 2) ≠ (1, 2)
#check fun (a : Array Nat) => a[0]! + 1
#check ∀ (n : Int), -n * 2 = n → ¬ n > 1
""")
    assert checked.notes == [
        "fun x => if x = 3 then [x, 1] else [] : Nat → List Nat",
        "∃ x, x ≤ 3 ∧ (x, 2) ≠ (1, 2) : Prop",
        "fun a => a[0]! + 1 : Array Nat → Nat",
        "∀ (n : Int), -n * 2 = n → ¬n > 1 : Prop",
    ]


def test_what_is_false_is_not_proved(core: Core) -> None:
    checked = core.check("""
theorem length_wrong (xs ys : List Nat) : (xs ++ ys).length = xs.length := by simp
theorem order_wrong (a b : Nat) : a ≤ b → b ≤ a := by intro h; exact h
theorem sum_wrong : 2 + 3 = 6 := by decide
theorem or_wrong (p q : Prop) (h : p ∨ q) : p ∧ q := by rcases h with h | h <;> exact ⟨h, h⟩
theorem division_wrong (n : Nat) : n / 2 * 2 = n := by simp
def loop (n : Nat) : Nat := loop n
def climb (n : Nat) : Nat := if n < 10 then 0 else climb (n + 1)
theorem index_wrong (l : List Nat) : l[0] = l[0] := rfl
theorem self_wrong (n : Nat) : n < n := by decreasing_tactic
theorem quotient_wrong (n : Nat) : n / 2 < n := by decreasing_tactic
""")
    assert {line for line, _ in checked.errors} == set(range(2, 12))


def test_what_is_proved_rests_on_the_axioms_of_lean_alone(core: Core) -> None:
    checked = core.check("""
theorem nothing (a b : Nat) : a + b = b + a := Nat.add_comm a b
theorem extensional (p : Prop) (h : p) : p = True := by simp [h]
theorem chosen (p : Prop) : p ∨ ¬p := Classical.em p
theorem computed (n : Nat) (l : List Nat) : n % 3 < 3 ∧ l.reverse.reverse = l := ⟨Nat.mod_lt n (by decide), by simp⟩
def halves (n : Nat) : Nat := if n < 2 then 0 else halves (n / 2) + 1
theorem unproved : 1 = 2 := by sorry
#print axioms nothing
#print axioms extensional
#print axioms chosen
#print axioms computed
#print axioms halves
#print axioms unproved
""")
    assert checked.errors == []
    sound = {"propext", "Classical.choice", "Quot.sound"}
    named = [set(note.partition("[")[2].rstrip("]").replace(" ", "").split(",")) - {""} for note in checked.notes]
    assert named[0] == set()
    assert named[1] == {"propext"}
    assert named[2] == sound
    assert all(axioms <= sound for axioms in named[:5])
    assert named[5] == {"sorryAx"}
