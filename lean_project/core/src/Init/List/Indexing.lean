prelude
import Init.List.Append
/-!
Lists: laws of conditions on all elements, of indexing, and of lists made from numbers.
-/
set_option linter.unusedVariables false
universe u v w x
namespace List
variable {α : Type u} {β : Type v} {γ : Type w}
/-! All, any -/
@[simp] theorem all_nil {p : α → Bool} : all [] p = true := rfl
@[simp] theorem all_cons {p : α → Bool} {a : α} {l : List α} : all (a :: l) p = (p a && all l p) := rfl
@[simp] theorem any_nil {p : α → Bool} : any [] p = false := rfl
@[simp] theorem any_cons {p : α → Bool} {a : α} {l : List α} : any (a :: l) p = (p a || any l p) := rfl
@[simp] theorem all_eq_true {p : α → Bool} {l : List α} : l.all p = true ↔ ∀ x, x ∈ l → p x = true := by
  induction l with
  | nil => simp
  | cons a l ih => rw [all_cons, Bool.and_eq_true, ih, forall_mem_cons]
@[simp] theorem any_eq_true {p : α → Bool} {l : List α} : l.any p = true ↔ ∃ x, x ∈ l ∧ p x = true := by
  induction l with
  | nil => simp
  | cons a l ih =>
    rw [any_cons, Bool.or_eq_true, ih]
    constructor
    · intro h
      cases h with
      | inl h => exact ⟨a, Mem.head _, h⟩
      | inr h => obtain ⟨x, k, h⟩ := h; exact ⟨x, Mem.tail _ k, h⟩
    · intro ⟨x, k, h⟩
      cases k with
      | head => exact .inl h
      | tail _ k => exact .inr ⟨x, k, h⟩
instance decidableBAll (p : α → Prop) [d : DecidablePred p] : (l : List α) → Decidable (∀ x, x ∈ l → p x)
  | [] => isTrue fun _ h => nomatch h
  | x :: xs => match d x, decidableBAll p xs with
    | isTrue h, isTrue k => isTrue (forall_mem_cons.mpr ⟨h, k⟩)
    | isFalse h, _ => isFalse fun l => h (l x (.head xs))
    | _, isFalse k => isFalse fun l => k fun y m => l y (.tail x m)
instance decidableBEx (p : α → Prop) [d : DecidablePred p] : (l : List α) → Decidable (∃ x, x ∈ l ∧ p x)
  | [] => isFalse fun ⟨_, h, _⟩ => nomatch h
  | x :: xs => match d x, decidableBEx p xs with
    | isTrue h, _ => isTrue ⟨x, .head xs, h⟩
    | _, isTrue k => isTrue (k.elim fun y m => ⟨y, .tail x m.1, m.2⟩)
    | isFalse h, isFalse k => isFalse fun ⟨y, m, l⟩ => by
      cases m with
      | head => exact h l
      | tail _ m => exact k ⟨y, m, l⟩
/-! Indexing -/
theorem getElem_cons_zero {a : α} {as : List α} (h : 0 < (a :: as).length) : (a :: as)[0] = a := rfl
@[simp] theorem getElem_cons_succ {a : α} {as : List α} {i : Nat} (h : i + 1 < (a :: as).length) :
    (a :: as)[i + 1] = as[i]'(Nat.lt_of_succ_lt_succ h) := rfl
@[simp] theorem getElem?_nil {i : Nat} : ([] : List α)[i]? = none := rfl
@[simp] theorem getElem?_cons_zero {a : α} {l : List α} : (a :: l)[0]? = some a := rfl
@[simp] theorem getElem?_cons_succ {a : α} {l : List α} {i : Nat} : (a :: l)[i + 1]? = l[i]? := rfl
@[simp] theorem getElem?_eq_getElem {l : List α} {i : Nat} (h : i < l.length) : l[i]? = some l[i] := by
  induction l generalizing i with
  | nil => exact absurd h (Nat.not_lt_zero i)
  | cons a l ih => cases i with
    | zero => rfl
    | succ i => exact ih (Nat.lt_of_succ_lt_succ h)
@[simp] theorem getElem?_eq_none_iff {l : List α} {i : Nat} : l[i]? = none ↔ l.length ≤ i := by
  induction l generalizing i with
  | nil => exact ⟨fun _ => Nat.zero_le i, fun _ => rfl⟩
  | cons a l ih => cases i with
    | zero => exact ⟨fun h => (nomatch h), fun h => absurd h (Nat.not_succ_le_zero _)⟩
    | succ i => exact ih.trans Nat.succ_le_succ_iff.symm
@[simp] theorem getElem!_nil [Inhabited α] {i : Nat} : ([] : List α)[i]! = default := rfl
@[simp] theorem getElem!_cons_zero [Inhabited α] {a : α} {l : List α} : (a :: l)[0]! = a := rfl
@[simp] theorem getElem!_cons_succ [Inhabited α] {a : α} {l : List α} {i : Nat} : (a :: l)[i + 1]! = l[i]! := rfl
theorem _root_.getElem!_pos [Inhabited α] (l : List α) (i : Nat) (h : i < l.length) : l[i]! = l[i] := by
  induction l generalizing i with
  | nil => exact absurd h (Nat.not_lt_zero i)
  | cons a l ih => cases i with
    | zero => rfl
    | succ i => exact ih i (Nat.lt_of_succ_lt_succ h)
@[simp] theorem getElem_mem {l : List α} {i : Nat} (h : i < l.length) : l[i] ∈ l := by
  induction l generalizing i with
  | nil => exact absurd h (Nat.not_lt_zero i)
  | cons a l ih => cases i with
    | zero => exact Mem.head _
    | succ i => exact Mem.tail _ (ih (Nat.lt_of_succ_lt_succ h))
theorem mem_iff_getElem {a : α} {l : List α} : a ∈ l ↔ ∃ i, ∃ h : i < l.length, l[i] = a := by
  constructor
  · intro h
    induction h with
    | head as => exact ⟨0, Nat.zero_lt_succ _, rfl⟩
    | tail b _ ih => obtain ⟨i, h, e⟩ := ih; exact ⟨i + 1, Nat.succ_lt_succ h, e⟩
  · intro ⟨i, h, e⟩
    exact e ▸ getElem_mem h
@[simp] theorem length_set {as : List α} {i : Nat} {a : α} : (as.set i a).length = as.length := by
  induction as generalizing i with
  | nil => rfl
  | cons b as ih => cases i with
    | zero => rfl
    | succ i => exact congrArg Nat.succ ih
/-! Ranges, replicate, zip -/
@[simp] theorem replicate_zero {a : α} : replicate 0 a = [] := rfl
theorem replicate_succ {a : α} {n : Nat} : replicate (n + 1) a = a :: replicate n a := rfl
@[simp] theorem length_replicate {n : Nat} {a : α} : (replicate n a).length = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [replicate_succ, length_cons, ih]
@[simp] theorem mem_replicate {a b : α} {n : Nat} : b ∈ replicate n a ↔ n ≠ 0 ∧ b = a := by
  induction n with
  | zero => simp
  | succ n ih =>
    rw [replicate_succ, mem_cons, ih]
    exact ⟨fun h => ⟨Nat.succ_ne_zero n, h.elim id (·.2)⟩, fun h => .inl h.2⟩
theorem range_loop_range' (s n : Nat) : range.loop s (range' s n) = range' 0 (n + s) := by
  induction s generalizing n with
  | zero => rfl
  | succ s ih =>
    show range.loop s (s :: range' (s + 1) n) = _
    rw [show n + (s + 1) = n + 1 + s from by rw [Nat.add_assoc, Nat.add_comm 1]]
    exact ih (n + 1)
theorem range_eq_range' {n : Nat} : range n = range' 0 n := (range_loop_range' n 0).trans (by rw [Nat.zero_add])
@[simp] theorem length_range' {s step n : Nat} : (range' s n step).length = n := by
  induction n generalizing s with
  | zero => rfl
  | succ n ih => exact congrArg Nat.succ ih
@[simp] theorem length_range {n : Nat} : (range n).length = n := by rw [range_eq_range', length_range']
theorem mem_range'_1 {m s n : Nat} : m ∈ range' s n ↔ s ≤ m ∧ m < s + n := by
  induction n generalizing s with
  | zero => exact ⟨fun h => (nomatch h), fun h => absurd h.2 (Nat.not_lt_of_le h.1)⟩
  | succ n ih =>
    show m ∈ s :: range' (s + 1) n ↔ _
    rw [mem_cons, ih, Nat.succ_add, Nat.add_succ]
    constructor
    · intro h
      cases h with
      | inl e => rw [e]; exact ⟨Nat.le_refl s, Nat.lt_succ_of_le (Nat.le_add_right s n)⟩
      | inr h => exact ⟨Nat.le_of_lt h.1, h.2⟩
    · intro ⟨h, k⟩
      cases Nat.eq_or_lt_of_le h with
      | inl e => exact .inl e.symm
      | inr l => exact .inr ⟨l, k⟩
@[simp] theorem mem_range {m n : Nat} : m ∈ range n ↔ m < n := by
  rw [range_eq_range', mem_range'_1, Nat.zero_add]
  exact ⟨fun h => h.2, fun h => ⟨Nat.zero_le m, h⟩⟩
@[simp] theorem zip_nil_left {l : List β} : zip ([] : List α) l = [] := rfl
@[simp] theorem zip_nil_right {l : List α} : zip l ([] : List β) = [] := by cases l <;> rfl
@[simp] theorem zip_cons_cons {a : α} {b : β} {as : List α} {bs : List β} : zip (a :: as) (b :: bs) = (a, b) :: zip as bs := rfl
@[simp] theorem flatten_nil : ([] : List (List α)).flatten = [] := rfl
@[simp] theorem flatten_cons {l : List α} {ls : List (List α)} : (l :: ls).flatten = l ++ ls.flatten := rfl
@[simp] theorem flatMap_nil {f : α → List β} : [].flatMap f = [] := rfl
@[simp] theorem flatMap_cons {x : α} {xs : List α} {f : α → List β} : (x :: xs).flatMap f = f x ++ xs.flatMap f := rfl
@[simp] theorem sum_nil [Add α] [Zero α] : ([] : List α).sum = 0 := rfl
@[simp] theorem sum_cons [Add α] [Zero α] {a : α} {l : List α} : (a :: l).sum = a + l.sum := rfl
@[simp] theorem isEmpty_nil : ([] : List α).isEmpty = true := rfl
@[simp] theorem isEmpty_cons {x : α} {xs : List α} : (x :: xs).isEmpty = false := rfl
@[simp] theorem isEmpty_iff {l : List α} : l.isEmpty = true ↔ l = [] := by
  cases l with
  | nil => exact ⟨fun _ => rfl, fun _ => rfl⟩
  | cons a l => exact ⟨fun h => absurd h Bool.false_ne_true, fun h => nomatch h⟩
@[simp] theorem head?_nil : head? ([] : List α) = none := rfl
@[simp] theorem head?_cons {a : α} {l : List α} : head? (a :: l) = some a := rfl
@[simp] theorem tail_nil : tail ([] : List α) = [] := rfl
@[simp] theorem tail_cons {a : α} {l : List α} : tail (a :: l) = l := rfl
end List
