prelude
import Init.Monad
/-!
Leaving loops early. In a module of its own: `do` refers to the function by which `Break.runK` tells cases apart, and beside
others like it Lean would not make one for it.
-/
universe u v
/-- What follows a block that a `break` or a `return` may have left early. -/
@[always_inline, inline] def Break.runK {α β : Type u} {m : Type u → Type v} [Monad m] (x : OptionT m α)
    (breakK : Unit → m β) (successK : α → m β) : m β :=
  bind (m := m) x fun
    | some a => successK a
    | none => breakK ()
