prelude
import Init.Nat.Eliminators
import Init.Ext
import Init.Nat.Bits
import Init.Range
import Init.Array.Indexing
import Init.List.Sort
import Init.Repr
import Init.Omega
import Init.Decreasing
/-!
All of the core but for what prints its terms, which is generated.
-/
