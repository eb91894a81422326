prelude
import Init.Prod
import Init.Array.Basic
import Init.Int.Basic
import Init.List.Lemmas
