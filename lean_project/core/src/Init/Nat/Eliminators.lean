prelude
import Init.Nat.Div
/-!
What `induction` and `cases` use for natural numbers: cases `0` and `n + 1`, as in stock Lean. Behind the library's own proofs,
which speak of constructors.
-/
universe u
@[elab_as_elim, induction_eliminator]
protected noncomputable def Nat.recAux {motive : Nat → Sort u} (zero : motive 0) (succ : ∀ n, motive n → motive (n + 1))
    (t : Nat) : motive t :=
  Nat.rec zero succ t
@[elab_as_elim, cases_eliminator]
protected noncomputable def Nat.casesAuxOn {motive : Nat → Sort u} (t : Nat) (zero : motive 0)
    (succ : ∀ n, motive (n + 1)) : motive t :=
  Nat.casesOn t zero succ
