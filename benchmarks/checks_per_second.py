"""Checks per second through the warm pool against the cold command line, on the same candidates in one run, cache
off.

Candidates are what a search tries on real programs: each program as given, its reference, and the reference with one
hint line (invariant, assert, decreases) left out. Every candidate is checked once by each side, one after the other,
so both see the same machine; with one worker each side has one core at a time (its solver and its front end take
turns).

    python benchmarks/checks_per_second.py [--data FOLDER_WITH_test.json] [--programs 20] [--per-program 4]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from dafny_env.driver.cold import ColdVerifier
from dafny_env.driver.discovery import Installation, discover
from dafny_env.driver.parse_output import parse_transcript
from dafny_env.driver.server23 import ServerVerifier
from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier

STARTER = Path(__file__).resolve().parent.parent / "datasets" / "starter" / "dafny"
HINT = re.compile(r"^\s*(invariant|assert|decreases)\b.*$")


@dataclass
class Side:
    """What one way of checking took, in seconds."""

    name: str
    verifier: DafnyVerifier
    wall: list[float] = field(default_factory=list)
    solving: float = 0.0
    outcomes: list[str] = field(default_factory=list)

    async def check(self, request: CheckRequest) -> CheckResult:
        """Check and keep account."""
        result = await self.verifier.check(request)
        self.wall.append(result.seconds)
        self.solving += sum(p.seconds for p in parse_transcript(result.output, ()).procedures)
        self.outcomes.append(result.outcome)
        return result


def programs(data: Path | None, count: int, seed: int) -> list[tuple[str, str]]:
    """(task, reference) texts of up to `count` programs."""
    if data is not None:
        file = data / "test.json" if data.is_dir() else data
        found = [(t["hints_removed"], t["ground_truth"]) for t in json.loads(file.read_text())]
    else:
        folders = [f for f in sorted(STARTER.iterdir()) if (f / "task.dfy").is_file()]
        found = [((f / "task.dfy").read_text(), (f / "solution.dfy").read_text()) for f in folders]
    random.Random(seed).shuffle(found)
    return found[:count]


def candidates(task: str, reference: str, count: int, rng: random.Random) -> list[str]:
    lines = reference.splitlines(keepends=True)
    hints = [i for i, line in enumerate(lines) if HINT.match(line)]
    rng.shuffle(hints)
    without = ["".join(lines[:i] + lines[i + 1 :]) for i in hints]
    return list(dict.fromkeys([task, reference, *without]))[:count]


async def measure(options: argparse.Namespace, dafny: Installation) -> None:
    rng = random.Random(options.seed)
    warm, cold = Side("warm pool", ServerVerifier(dafny)), Side("command line", ColdVerifier(dafny))
    resolving: list[float] = []
    await warm.verifier.check(CheckRequest("method Start() { assert 1 + 1 == 2; }"))
    for task, reference in programs(options.data, options.programs, options.seed):
        for text in candidates(task, reference, options.per_program, rng):
            request = CheckRequest(text, solver_seconds=options.solver_seconds, seconds=60.0, keep_going=True)
            for side in (warm, cold):
                await side.check(request)
            resolving.append((await warm.verifier.check(CheckRequest(text, resolve_only=True))).seconds)
    await warm.verifier.close()
    await cold.verifier.close()
    report(warm, cold, resolving)


def report(warm: Side, cold: Side, resolving: list[float]) -> None:
    checks = len(warm.wall)
    for side in (warm, cold):
        total = sum(side.wall)
        print(
            f"{side.name:13} {checks} checks in {total:.1f} s: {checks / total:.2f} checks/s, "
            f"median {statistics.median(side.wall):.2f} s; "
            f"proving (solver and its input) {side.solving:.1f} s = {100 * side.solving / total:.0f}%, "
            f"the rest {total - side.solving:.1f} s"
        )
    ratios = [c / w for w, c in zip(warm.wall, cold.wall, strict=True) if w > 0]
    print(f"type checking only, warm: median {1000 * statistics.median(resolving):.0f} ms")
    agree = sum(a == b for a, b in zip(warm.outcomes, cold.outcomes, strict=True))
    print(f"same outcome: {agree} of {checks}")
    total = sum(cold.wall) / sum(warm.wall)
    print(f"ratio of totals: {total:.2f}; of a check (median): {statistics.median(ratios):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with DafnyBench's test.json (default: the starter tasks)")
    parser.add_argument("--programs", type=int, default=20)
    parser.add_argument("--per-program", type=int, default=4)
    parser.add_argument("--solver-seconds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    dafny = discover().dafny2
    if not isinstance(dafny, Installation):
        raise SystemExit(str(dafny))
    asyncio.run(measure(options, dafny))


if __name__ == "__main__":
    main()
