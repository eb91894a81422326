"""Lean 4: not built yet (a later milestone); the package exists so that the layers are fixed from the start."""
