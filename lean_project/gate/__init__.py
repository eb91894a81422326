"""Lean's part of the gate: whether a candidate is the original with proofs filled in, and whether it cheats.

Speaks of objections, never of proofs; `prover.gate` alone says "proved"."""

from lean_project.gate.judge import judge_candidate
from lean_project.gate.results import Compile, CompileResult, Judgement, Objection, Replay

__all__ = ["Compile", "CompileResult", "Judgement", "Objection", "Replay", "judge_candidate"]
