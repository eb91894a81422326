def through (f : Nat → Nat) : Option Nat → Option Nat
  | none => none
  | some x => some (f x)

theorem through_twice (f g : Nat → Nat) (o : Option Nat) :
    through g (through f o) = through (fun x => g (f x)) o := by
  cases o <;> rfl
