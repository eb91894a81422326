prelude
import Init.Nat.Eliminators
import Init.String.Basic
import Init.Range
import Init.Decreasing
