prelude
import Init.Omega.Constraint
