"""How many of Verina's tasks the Lean at hand elaborates, and what is read of them.

    python benchmarks/verina_on_core.py DIR [--rendered]     (DIR: a clone, or the folder of its tasks)

Counts tasks without imports: those that elaborate, with their goals, and the others with Lean's first error, grouped.
Every text is also rendered again with nothing solved, and must come back as it was. With --rendered the text is the one
that upstream's evaluator makes of the task."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from pathlib import Path

from lean_project.driver.server import ServerVerifier
from lean_project.driver.types import Outcome
from lean_project.environment import LeanEnvironment
from lean_project.toolchain import discover
from prover.benchmarks.benchmark import Choice, DataProblem
from prover.benchmarks.task import BenchmarkTask
from prover.benchmarks.verina import BENCHMARK
from prover.benchmarks.verina_form import read_sections, read_signature, rendered
from sandbox.missing import Missing


def texts_of(folder: Path, as_rendered: bool) -> dict[str, str]:
    """The texts of the tasks without imports, by name."""
    tasks = BENCHMARK.load(folder, Choice())
    if isinstance(tasks, DataProblem):
        raise SystemExit(tasks.reason)
    found = {t.id: t.source for t in tasks if isinstance(t, BenchmarkTask) and not t.imports}
    return {name: _rendered(text) for name, text in found.items()} if as_rendered else found


def _rendered(text: str) -> str:
    sections, signature = read_sections(text), read_signature(text)
    if isinstance(sections, str) or isinstance(signature, str):
        raise SystemExit(f"{sections}; {signature}")
    return "".join(rendered(signature, sections, proof=True, solution_imports=""))


async def look(texts: dict[str, str], seconds: float) -> None:
    installation = discover()
    if isinstance(installation, Missing):
        raise SystemExit(str(installation))
    verifier = ServerVerifier(installation)
    reasons: Counter[str] = Counter()
    elaborated = goals = changed = 0
    try:
        for name, text in texts.items():
            environment = LeanEnvironment(text, verifier, check_seconds=seconds)
            opened = await environment.open(seconds=seconds)
            changed += environment.render({}) != text
            if opened.result.outcome is Outcome.OK and not opened.reason:
                elaborated += 1
                goals += len(opened.roots)
                continue
            errors = opened.result.errors
            told = errors[0].message.split("\n", 1)[0] if errors else opened.reason or str(opened.result.outcome)
            reasons[told[:70]] += 1
            print(f"{name:<24} {told[:140]}", flush=True)
    finally:
        await verifier.close()
    print(f"{installation}: {elaborated} of {len(texts)} tasks without imports elaborate, with {goals} goals")
    print(f"rendered differently: {changed}")
    for reason, count in reasons.most_common():
        print(f"{count:>4}  {reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rendered", action="store_true", help="as upstream's evaluator has them")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each request to Lean")
    options = parser.parse_args()
    asyncio.run(look(texts_of(options.folder, options.rendered), options.seconds))


if __name__ == "__main__":
    main()
