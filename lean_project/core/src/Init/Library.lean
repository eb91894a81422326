prelude
import Init.Data
