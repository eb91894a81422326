prelude
import Init.Native.Unexpanders
