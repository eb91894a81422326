"""Where benchmarks' data is kept, and what of each is fetched.

Below `$XDG_DATA_HOME/lemmatree/benchmarks` (else `~/.local/share/...`) there is one folder for each pin,
`NAME-COMMIT`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from prover.benchmarks import clever
from prover.benchmarks.benchmark import Choice, DataProblem, Upstream
from prover.benchmarks.fetching import Package, Source, marked
from prover.benchmarks.registry import NAMES, benchmark
from prover.benchmarks.task import BenchmarkTask

CLEVER = Package(
    "clever-bench",
    "1.6.0",
    "36005fd68d2a072219ac50e53ce9b3bb8e4423cc4104800a68aaf1a8b1446327",
    ("clever_bench/lean4/", "clever_bench-1.6.0.dist-info/licenses/"),
)
_PACKAGES = {"clever": CLEVER}
_TASKS = {
    "algoveri": "algoveri_data/*/*_spec.*",
    "verina": "datasets/verina/*/task.json",
    "clever": "clever_bench/lean4/human_eval/problem_*.lean",
}
"""What is counted as a task; of the others what their loader gives."""


def fetchable() -> tuple[str, ...]:
    """The benchmarks that are published somewhere."""
    return tuple(name for name in NAMES if name not in ("starter", "folder"))


def source_of(name: str, origin: str | None = None) -> Source | DataProblem:
    """What `prover data fetch NAME` brings. origin: where from, instead of upstream."""
    if name not in fetchable():
        there = "needs no data" if name in NAMES else "is no benchmark"
        return DataProblem(f"{name} {there}; there is data for {', '.join(fetchable())}.")
    upstream = benchmark(name).upstream
    if upstream is None:
        return DataProblem(f"{name} needs no data.")
    return Source(name, upstream, lambda folder: _lacking(name, upstream, folder), _PACKAGES.get(name), origin)


def data_folder(source: Source, environment: Mapping[str, str]) -> Path | DataProblem:
    """Where a pin's data is kept."""
    root = environment.get("XDG_DATA_HOME", "")
    home = environment.get("HOME", "")
    if Path(root).is_absolute():
        base = Path(root)
    elif Path(home).is_absolute():
        base = Path(home) / ".local" / "share"
    else:
        return DataProblem("Neither XDG_DATA_HOME nor HOME names a folder; give one with --to.")
    return base / "lemmatree" / "benchmarks" / f"{source.name}-{source.pinned}"


def default_data(name: str, environment: Mapping[str, str]) -> Path | None:
    """The folder of a benchmark's pinned data, where it was fetched (of CLEVER else the installed package's); what is
    used when no `--data` is given."""
    source = source_of(name)
    if isinstance(source, DataProblem):
        return None
    folder = data_folder(source, environment)
    if not isinstance(folder, DataProblem) and marked(folder, source.pinned) is not None:
        return folder
    return clever.installed() if name == "clever" else None


def is_as_fetched(name: str, folder: Path | None) -> bool:
    """Whether a folder says that it was fetched from a benchmark's pin. What a user names may be anything else."""
    source = source_of(name)
    return folder is not None and not isinstance(source, DataProblem) and marked(folder, source.pinned) is not None


def _lacking(name: str, upstream: Upstream, folder: Path) -> str:
    """Why a folder is not the whole data; empty where it is."""
    if name in _TASKS:
        found = len({path.parent if path.stem.endswith("_spec") else path for path in folder.glob(_TASKS[name])})
    else:
        loaded = benchmark(name).load(folder, Choice())
        if isinstance(loaded, DataProblem):
            return loaded.reason.rstrip(".")
        found = sum(isinstance(task, BenchmarkTask) for task in loaded)
    if upstream.tasks is not None and found != upstream.tasks:
        return f"{found} tasks instead of {upstream.tasks}"
    return ""
