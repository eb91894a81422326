"""An interpreter for Dafny over the syntax tree: it runs methods on small inputs and evaluates specifications on
states."""
