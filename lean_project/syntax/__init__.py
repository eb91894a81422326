"""Lean 4's source text as far as tokens can tell: lexing, the commands of a file, places of `sorry`, edits."""
