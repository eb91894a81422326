"""Dafny's part of the gate: whether a candidate is the original with proofs inserted, and whether it cheats.

Speaks of objections, never of proofs; `prover.gate` alone says "proved"."""

from dafny_env.gate.cheats import Finding, find_cheats
from dafny_env.gate.compare import Comparison, Reference, compare
from dafny_env.gate.objections import Objection

__all__ = ["Comparison", "Finding", "Objection", "Reference", "compare", "find_cheats"]
