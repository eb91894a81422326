prelude
import Init.Option
import Init.String.Basic
import Init.Int.DivMod
/-!
What `ext`, `symm` and `rfl` use.
-/
attribute [symm] Eq.symm Iff.symm Ne.symm
attribute [refl] Iff.refl Nat.le_refl Int.le_refl List.Perm.refl
attribute [ext] funext propext Prod.ext Option.ext Fin.eq_of_val_eq
