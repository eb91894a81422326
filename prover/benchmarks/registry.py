"""The benchmarks by name. Their modules are imported when one is asked for."""

from __future__ import annotations

from importlib import import_module

from prover.benchmarks.benchmark import Benchmark

NAMES = ("algoveri", "verina", "clever", "dafnybench", "starter", "folder")


def benchmark(name: str) -> Benchmark:
    """The benchmark of a name. Raises KeyError for one that is none."""
    if name not in NAMES:
        raise KeyError(name)
    made: Benchmark = import_module(f"prover.benchmarks.{name}").BENCHMARK
    return made
