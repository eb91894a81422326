prelude
import Init.Nat.Sub
/-!
Pairs, subtypes, `Fin`, and the equalities that can be decided of them.
-/
set_option linter.unusedVariables false
universe u v w x
variable {α : Type u} {β : Type v}
instance instInhabitedProd [Inhabited α] [Inhabited β] : Inhabited (α × β) := ⟨(default, default)⟩
instance instInhabitedPUnit : Inhabited PUnit := ⟨⟨⟩⟩
instance Pi.instInhabited {α : Sort u} {β : α → Sort v} [(a : α) → Inhabited (β a)] : Inhabited ((a : α) → β a) := ⟨fun _ => default⟩
instance instNonemptyOfInhabited {α : Sort u} [Inhabited α] : Nonempty α := ⟨default⟩
theorem Prod.eta (p : α × β) : (p.1, p.2) = p := rfl
@[simp] theorem Prod.mk.eta {p : α × β} : (p.1, p.2) = p := rfl
theorem Prod.ext {p q : α × β} (h₁ : p.1 = q.1) (h₂ : p.2 = q.2) : p = q := by
  cases p; cases q; cases h₁; cases h₂; rfl
def Prod.map {α₁ : Type u} {α₂ : Type v} {β₁ : Type w} {β₂ : Type x} (f : α₁ → α₂) (g : β₁ → β₂) : α₁ × β₁ → α₂ × β₂
  | (a, b) => (f a, g b)
@[inline] def Prod.swap (p : α × β) : β × α := (p.2, p.1)
instance instDecidableEqProd [DecidableEq α] [DecidableEq β] : DecidableEq (α × β) := fun (a, b) (a', b') =>
  match decEq a a' with
  | isTrue e₁ => match decEq b b' with
    | isTrue e₂ => isTrue (e₁ ▸ e₂ ▸ rfl)
    | isFalse n₂ => isFalse fun h => n₂ (congrArg Prod.snd h)
  | isFalse n₁ => isFalse fun h => n₁ (congrArg Prod.fst h)
instance instBEqProd [BEq α] [BEq β] : BEq (α × β) where
  beq := fun (a₁, b₁) (a₂, b₂) => a₁ == a₂ && b₁ == b₂
instance instDecidableEqPUnit : DecidableEq PUnit := fun _ _ => isTrue rfl
instance instDecidableEqOption [DecidableEq α] : DecidableEq (Option α)
  | none, none => isTrue rfl
  | some a, some b => match decEq a b with
    | isTrue e => isTrue (e ▸ rfl)
    | isFalse n => isFalse fun h => n (Option.some.inj h)
  | none, some b => isFalse fun h => nomatch h
  | some a, none => isFalse fun h => nomatch h
instance instBEqOption [BEq α] : BEq (Option α) where
  beq
    | none, none => true
    | some a, some b => a == b
    | _, _ => false
def List.hasDecEq [DecidableEq α] : (a b : List α) → Decidable (a = b)
  | [], [] => isTrue rfl
  | a :: as, [] => isFalse fun h => nomatch h
  | [], b :: bs => isFalse fun h => nomatch h
  | a :: as, b :: bs => match decEq a b, List.hasDecEq as bs with
    | isTrue e₁, isTrue e₂ => isTrue (e₁ ▸ e₂ ▸ rfl)
    | isFalse n, _ => isFalse fun h => n (List.cons.inj h).1
    | _, isFalse n => isFalse fun h => n (List.cons.inj h).2
instance instDecidableEqList [DecidableEq α] : DecidableEq (List α) := fun xs ys => List.hasDecEq xs ys
instance instDecidableEqArray [DecidableEq α] : DecidableEq (Array α) := fun a b =>
  match List.hasDecEq a.toList b.toList with
  | isTrue e => isTrue (by cases a; cases b; exact congrArg _ e)
  | isFalse n => isFalse fun h => n (congrArg _ h)
theorem Fin.eq_of_val_eq {n : Nat} : {i j : Fin n} → i.val = j.val → i = j
  | ⟨_, _⟩, ⟨_, _⟩, rfl => rfl
theorem Fin.val_eq_of_eq {n : Nat} {i j : Fin n} (h : i = j) : i.val = j.val := h ▸ rfl
instance instDecidableEqFin (n : Nat) : DecidableEq (Fin n) := fun i j =>
  match decEq i.val j.val with
  | isTrue h => isTrue (Fin.eq_of_val_eq h)
  | isFalse h => isFalse fun e => h (Fin.val_eq_of_eq e)
instance Fin.coeToNat {n : Nat} : CoeOut (Fin n) Nat := ⟨fun v => v.val⟩
instance Fin.instLT {n : Nat} : LT (Fin n) := ⟨fun a b => a.val < b.val⟩
instance Fin.instLE {n : Nat} : LE (Fin n) := ⟨fun a b => a.val ≤ b.val⟩
instance Fin.decLt {n : Nat} (a b : Fin n) : Decidable (a < b) := Nat.decLt ..
instance Fin.decLe {n : Nat} (a b : Fin n) : Decidable (a ≤ b) := Nat.decLe ..
