"""Counterexamples to Lean goals: small values, and the kernel's word that the goal is false for them."""
