prelude
import Init.WF
