"""Lean 4: finding it, driving it, goals and steps of a file, the bundled core library, Lean's part of the gate."""
