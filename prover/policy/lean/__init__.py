"""The symbolic policy for Lean: tactics kept as data, structural moves, and lemmas stated from patterns."""
