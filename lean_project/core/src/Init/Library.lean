prelude
import Init.Nat.Div
import Init.List.Basic
