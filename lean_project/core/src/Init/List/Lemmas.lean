prelude
import Init.List.Control
import Init.List.Perm
