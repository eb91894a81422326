prelude
import Init.WF
import Init.List.Basic
