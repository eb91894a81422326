prelude
import Init.Nat.Div
import Init.String.Basic
import Init.Range
import Init.Decreasing
