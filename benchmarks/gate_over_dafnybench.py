"""How the gate judges DafnyBench's ground truths against the tasks with their hints removed.

None that verifies here may be rejected, unless it cheats itself.

    python benchmarks/gate_over_dafnybench.py --data DIR [--static] [--limit N] [--only ID ...] [--seconds S]

DIR holds `test.json`. `--static` leaves the verifier out (a second or two for 157 tasks)."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import time
from collections import Counter
from pathlib import Path

from dafny_env.gate.static import judge_text
from dafny_env.gate.surroundings import Surroundings
from dafny_env.syntax.parser import parse
from prover.engine import DefaultEngine
from prover.inputs import SourceFile
from prover.results import GateVerdict, Objection
from prover.settings import Settings


def static(original: str, candidate: str) -> GateVerdict:
    found = judge_text(parse(original), parse(candidate), Surroundings())
    objections = tuple(Objection(o.rule, o.message, o.line, o.column) for o in found.objections)
    return GateVerdict("rejected" if objections else "accepted", "", found.baseline, objections)


def source(text: str) -> SourceFile:
    return SourceFile(None, text, hashlib.sha256(text.encode()).hexdigest())


async def sweep(tasks: list[dict[str, str]], seconds: float, only_static: bool) -> Counter[str]:
    """Judge every ground truth as `prover check TRUTH --against TASK` does."""
    tally: Counter[str] = Counter()
    engine, settings = DefaultEngine(), Settings()
    for task in tasks:
        began = time.monotonic()
        original, candidate = task["hints_removed"], task["ground_truth"]
        if only_static:
            verdict = static(original, candidate)
        else:
            verdict = await engine.judge(source(original), source(candidate), settings=settings, seconds=seconds)
        tally[verdict.verdict] += 1
        why = "; ".join(f"{o.rule} (line {o.line}): {o.message}" for o in verdict.objections[:2]) or verdict.reason
        notes = ", ".join(sorted({b.split(" in ")[0] for b in verdict.baseline}))
        took = time.monotonic() - began
        print(
            f"{task['test_ID']:>4}  {verdict.verdict:<8}  {took:6.2f} s  {why}{f'  [{notes}]' if notes else ''}",
            flush=True,
        )
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--static", action="store_true")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    tasks = json.loads((arguments.data / "test.json").read_text())
    if arguments.only:
        tasks = [t for t in tasks if t["test_ID"] in arguments.only]
    tasks = tasks[: arguments.limit]
    print(dict(asyncio.run(sweep(tasks, arguments.seconds, arguments.static))))


if __name__ == "__main__":
    main()
