prelude
import Init.Array.Basic
import Init.List.Lemmas
import Init.Omega
import Init.String.Basic
/-!
What stands at an index of a list or an array that was made from others. Reading with `!` is brought to reading with `?`.
-/
set_option linter.unusedVariables false
universe u v w
@[simp] theorem gt_iff_lt {α : Type u} [LT α] {x y : α} : x > y ↔ y < x := Iff.rfl
@[simp] theorem ge_iff_le {α : Type u} [LE α] {x y : α} : x ≥ y ↔ y ≤ x := Iff.rfl
namespace List
variable {α : Type u} {β : Type v}
@[simp] theorem getElem!_eq_getElem?_getD [Inhabited α] {l : List α} {i : Nat} : l[i]! = (l[i]?).getD default := by
  induction l generalizing i with
  | nil => rfl
  | cons a l ih => cases i with
    | zero => rfl
    | succ i => exact ih
@[simp] theorem getElem?_map {f : α → β} {l : List α} {i : Nat} : (l.map f)[i]? = (l[i]?).map f := by
  induction l generalizing i with
  | nil => rfl
  | cons a l ih => cases i with
    | zero => rfl
    | succ i => exact ih
@[simp] theorem getElem_map (f : α → β) {l : List α} {i : Nat} {h : i < (l.map f).length} :
    (l.map f)[i] = f (l[i]'(by rw [length_map] at h; exact h)) := by
  have k : i < l.length := by rw [length_map] at h; exact h
  have e := getElem?_map (f := f) (l := l) (i := i)
  rw [getElem?_eq_getElem h, getElem?_eq_getElem k] at e
  exact Option.some.inj e
theorem getElem?_append {l₁ l₂ : List α} {i : Nat} :
    (l₁ ++ l₂)[i]? = if i < l₁.length then l₁[i]? else l₂[i - l₁.length]? := by
  induction l₁ generalizing i with
  | nil => rfl
  | cons a l ih => cases i with
    | zero => rfl
    | succ i =>
      show (l ++ l₂)[i]? = if i + 1 < l.length + 1 then l[i]? else l₂[i + 1 - (l.length + 1)]?
      rw [ih, Nat.add_sub_add_right]
      split <;> split <;> first | rfl | omega
theorem getElem?_set {l : List α} {i j : Nat} {a : α} :
    (l.set i a)[j]? = if i = j then if i < l.length then some a else none else l[j]? := by
  induction l generalizing i j with
  | nil => show none = if i = j then _ else none; split <;> rfl
  | cons b l ih => cases i with
    | zero => cases j with
      | zero => rfl
      | succ j => rfl
    | succ i => cases j with
      | zero => rfl
      | succ j =>
        show (l.set i a)[j]? = if i + 1 = j + 1 then if i + 1 < l.length + 1 then some a else none else l[j]?
        rw [ih]; simp only [Nat.add_right_cancel_iff, Nat.add_lt_add_iff_right]
@[simp] theorem getElem?_set_self {l : List α} {i : Nat} {a : α} (h : i < l.length) : (l.set i a)[i]? = some a := by
  rw [getElem?_set, if_pos rfl, if_pos h]
@[simp] theorem getElem?_set_ne {l : List α} {i j : Nat} {a : α} (h : i ≠ j) : (l.set i a)[j]? = l[j]? := by
  rw [getElem?_set, if_neg h]
theorem getElem_set {l : List α} {i j : Nat} {a : α} (h : j < (l.set i a).length) :
    (l.set i a)[j] = if i = j then a else l[j]'(by rw [length_set] at h; exact h) := by
  have k : j < l.length := by rw [length_set] at h; exact h
  have e := getElem?_set (l := l) (i := i) (j := j) (a := a)
  rw [getElem?_eq_getElem h, getElem?_eq_getElem k] at e
  split
  · rename_i d; rw [if_pos d, if_pos (d ▸ k)] at e; exact Option.some.inj e
  · rename_i d; rw [if_neg d] at e; exact Option.some.inj e
@[simp] theorem getD_eq_getElem?_getD {l : List α} {i : Nat} {a : α} : l.getD i a = (l[i]?).getD a := rfl
@[simp] theorem getElem?_range {m n : Nat} (h : m < n) : (range n)[m]? = some m := by
  have p : ∀ s n m : Nat, m < n → (range' s n)[m]? = some (s + m) := fun s n m h => by
    induction n generalizing s m with
    | zero => exact absurd h (Nat.not_lt_zero m)
    | succ n ih => cases m with
      | zero => rfl
      | succ m =>
        show (range' (s + 1) n)[m]? = some (s + (m + 1))
        rw [ih (s + 1) m (by omega)]; congr 1; omega
  rw [range_eq_range', p 0 n m h, Nat.zero_add]
@[simp] theorem getElem_range {m n : Nat} (h : m < (range n).length) : (range n)[m] = m := by
  have k : m < n := by rw [length_range] at h; exact h
  have e := getElem?_range k
  rw [getElem?_eq_getElem h] at e
  exact Option.some.inj e
theorem getElem?_zipIdx {l : List α} {i j : Nat} : (l.zipIdx i)[j]? = (l[j]?).map fun a => (a, i + j) := by
  induction l generalizing i j with
  | nil => rfl
  | cons a l ih => cases j with
    | zero => rfl
    | succ j =>
      show (l.zipIdx (i + 1))[j]? = _
      rw [ih, Nat.add_right_comm]; rfl
theorem length_zipIdx {l : List α} {i : Nat} : (l.zipIdx i).length = l.length := by
  induction l generalizing i with
  | nil => rfl
  | cons a l ih => exact congrArg Nat.succ ih
end List
namespace Array
variable {α : Type u} {β : Type v} {xs ys : Array α} {i j : Nat}
private theorem some_get {l : List α} {i : Nat} (h : i < l.length) : some (l.get ⟨i, h⟩) = l[i]? :=
  (List.getElem?_eq_getElem h).symm
@[simp] theorem getElem?_toList : xs.toList[i]? = xs[i]? := by
  show _ = if h : i < xs.size then some (xs.toList.get ⟨i, h⟩) else none
  split
  · rename_i h; exact (some_get h).symm
  · rename_i h; exact List.getElem?_eq_none_iff.mpr (Nat.not_lt.mp h)
@[simp] theorem getElem_toList (h : i < xs.toList.length) : xs.toList[i] = xs[i] := rfl
@[simp] theorem getElem?_eq_getElem (h : i < xs.size) : xs[i]? = some xs[i] := dif_pos h
@[simp] theorem getElem?_eq_none (h : xs.size ≤ i) : xs[i]? = none := dif_neg (Nat.not_lt.mpr h)
@[simp] theorem getD_eq_getD_getElem? {d : α} : xs.getD i d = xs[i]?.getD d := by
  show (if h : i < xs.size then xs.getInternal i h else d) = _
  split
  · rename_i h; rw [getElem?_eq_getElem h]; rfl
  · rename_i h; rw [getElem?_eq_none (Nat.not_lt.mp h)]; rfl
@[simp] theorem getElem!_eq_getD [Inhabited α] : xs[i]! = xs.getD i default := rfl
theorem getElem_eq_iff {x : α} {h : i < xs.size} : xs[i] = x ↔ xs[i]? = some x := by
  rw [getElem?_eq_getElem h, Option.some_inj]
@[simp] theorem getElem?_map {f : α → β} : (xs.map f)[i]? = (xs[i]?).map f := by
  rw [← getElem?_toList, ← getElem?_toList]; exact List.getElem?_map
@[simp] theorem getElem_map (f : α → β) (h : i < (xs.map f).size) :
    (xs.map f)[i] = f (xs[i]'(by rw [size_map] at h; exact h)) := List.getElem_map f
@[simp] theorem size_mapIdx {f : Nat → α → β} : (xs.mapIdx f).size = xs.size := by
  show (List.map _ _).length = _
  rw [List.length_map, List.length_zipIdx]; rfl
@[simp] theorem getElem?_mapIdx {f : Nat → α → β} : (xs.mapIdx f)[i]? = (xs[i]?).map (f i) := by
  rw [← getElem?_toList, ← getElem?_toList]
  show (List.map (fun p : α × Nat => f p.2 p.1) xs.toList.zipIdx)[i]? = _
  rw [List.getElem?_map, List.getElem?_zipIdx, Nat.zero_add]
  cases xs.toList[i]? <;> rfl
@[simp] theorem getElem_mapIdx {f : Nat → α → β} (h : i < (xs.mapIdx f).size) :
    (xs.mapIdx f)[i] = f i (xs[i]'(by rw [size_mapIdx] at h; exact h)) := by
  rw [getElem_eq_iff, getElem?_mapIdx, getElem?_eq_getElem (by rw [size_mapIdx] at h; exact h)]; rfl
theorem getElem?_setIfInBounds {a : α} :
    (xs.setIfInBounds i a)[j]? = if i = j then if i < xs.size then some a else none else xs[j]? := by
  rw [← getElem?_toList, ← getElem?_toList]
  unfold setIfInBounds
  split
  · rename_i h
    show (xs.toList.set i a)[j]? = _
    rw [List.getElem?_set, if_pos (show i < xs.toList.length from h)]
  · rename_i h
    split
    · rename_i e; rw [← e]; exact List.getElem?_eq_none_iff.mpr (Nat.not_lt.mp h)
    · rfl
@[simp] theorem getElem?_setIfInBounds_self {a : α} : (xs.setIfInBounds i a)[i]? = if i < xs.size then some a else none := by
  rw [getElem?_setIfInBounds, if_pos rfl]
@[simp] theorem getElem?_setIfInBounds_ne (h : i ≠ j) {a : α} : (xs.setIfInBounds i a)[j]? = xs[j]? := by
  rw [getElem?_setIfInBounds, if_neg h]
theorem getElem_setIfInBounds {a : α} (h : j < (xs.setIfInBounds i a).size) :
    (xs.setIfInBounds i a)[j] = if i = j then a else xs[j]'(by rw [size_setIfInBounds] at h; exact h) := by
  have k : j < xs.size := by rw [size_setIfInBounds] at h; exact h
  rw [getElem_eq_iff, getElem?_setIfInBounds]
  split
  · rename_i e; rw [if_pos (e ▸ k)]
  · exact getElem?_eq_getElem k
@[simp] theorem getElem_setIfInBounds_self {a : α} (h : i < (xs.setIfInBounds i a).size) : (xs.setIfInBounds i a)[i] = a := by
  rw [getElem_eq_iff, getElem?_setIfInBounds_self, if_pos (size_setIfInBounds (xs := xs) ▸ h)]
@[simp] theorem getElem_setIfInBounds_ne {a : α} (h : j < xs.size) (n : i ≠ j) :
    (xs.setIfInBounds i a)[j]'(by rw [size_setIfInBounds]; exact h) = xs[j] := by
  rw [getElem_eq_iff, getElem?_setIfInBounds_ne n, getElem?_eq_getElem h]
@[simp] theorem size_append : (xs ++ ys).size = xs.size + ys.size := List.length_append
theorem getElem?_append : (xs ++ ys)[i]? = if i < xs.size then xs[i]? else ys[i - xs.size]? := by
  rw [← getElem?_toList, ← getElem?_toList, ← getElem?_toList]; exact List.getElem?_append
@[simp] theorem toList_push {a : α} : (xs.push a).toList = xs.toList ++ [a] := by
  show List.concat xs.toList a = _
  generalize xs.toList = l
  induction l with
  | nil => rfl
  | cons b l ih => exact congrArg (b :: ·) ih
@[simp] theorem toList_map {f : α → β} : (xs.map f).toList = xs.toList.map f := rfl
@[simp] theorem toList_append : (xs ++ ys).toList = xs.toList ++ ys.toList := rfl
theorem getElem?_push {a : α} : (xs.push a)[i]? = if i = xs.size then some a else xs[i]? := by
  rw [← getElem?_toList, ← getElem?_toList, toList_push, List.getElem?_append]
  show (if i < xs.size then _ else [a][i - xs.size]?) = _
  split
  · rename_i h; rw [if_neg (Nat.ne_of_lt h)]
  · rename_i h
    split
    · rename_i e; rw [e, Nat.sub_self]; rfl
    · rename_i n
      rw [List.getElem?_eq_none_iff.mpr (show 1 ≤ i - xs.size by omega)]
      exact (List.getElem?_eq_none_iff.mpr (Nat.not_lt.mp h)).symm
private theorem extract_all {l : List α} : l.extract 0 l.length = l := by
  show List.take (l.length - 0) (List.drop 0 l) = l
  rw [Nat.sub_zero, List.drop_zero, List.take_length]
theorem all_toList {p : α → Bool} : xs.toList.all p = xs.all p := congrArg (List.all · p) extract_all.symm
theorem any_toList {p : α → Bool} : xs.toList.any p = xs.any p := congrArg (List.any · p) extract_all.symm
@[simp] theorem getElem_mem (h : i < xs.size) : xs[i] ∈ xs := ⟨List.getElem_mem h⟩
theorem mem_iff_getElem {a : α} : a ∈ xs ↔ ∃ i, ∃ h : i < xs.size, xs[i] = a :=
  ⟨fun h => List.mem_iff_getElem.mp h.val, fun h => ⟨List.mem_iff_getElem.mpr h⟩⟩
@[simp] theorem all_eq_true {p : α → Bool} : xs.all p = true ↔ ∀ i, (h : i < xs.size) → p xs[i] = true := by
  rw [← all_toList, List.all_eq_true]
  constructor
  · intro k i h; exact k _ (List.getElem_mem h)
  · intro k x m
    obtain ⟨i, h, e⟩ := List.mem_iff_getElem.mp m
    rw [← e]; exact k i h
@[simp] theorem any_eq_true {p : α → Bool} : xs.any p = true ↔ ∃ i, ∃ h : i < xs.size, p xs[i] = true := by
  rw [← any_toList, List.any_eq_true]
  constructor
  · intro ⟨x, m, k⟩
    obtain ⟨i, h, e⟩ := List.mem_iff_getElem.mp m
    exact ⟨i, h, (congrArg p e).trans k⟩
  · intro ⟨i, h, k⟩; exact ⟨_, List.getElem_mem h, k⟩
end Array
/-! Not by plain `rfl`: `simp` would then take both sides for the same, and lose the bound of an index. -/
namespace String
@[simp] theorem length_mk (l : List Char) : (String.mk l).length = l.length := (rfl)
@[simp] theorem toList_mk (l : List Char) : (String.mk l).toList = l := (rfl)
@[simp] theorem toList_ofList {l : List Char} : (String.ofList l).toList = l := (rfl)
@[simp] theorem length_ofList {l : List Char} : (String.ofList l).length = l.length := (rfl)
@[simp] theorem length_toList {s : String} : s.toList.length = s.length := (rfl)
end String
