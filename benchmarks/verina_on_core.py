"""How many of Verina's tasks the Lean at hand elaborates, and what is read of them.

    python benchmarks/verina_on_core.py DIR     (DIR holds verina_basic_1/task.lean...)

Counts tasks without imports: those that elaborate, with their goals, and the others with Lean's first error, grouped.
Every text is also rendered again with nothing solved, and must come back as it was."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from pathlib import Path

from lean_project.driver.server import ServerVerifier
from lean_project.driver.types import Outcome
from lean_project.environment import LeanEnvironment
from lean_project.syntax.commands import imports
from lean_project.toolchain import discover
from sandbox.missing import Missing


def tasks(folder: Path) -> dict[str, str]:
    """The texts of the tasks without imports, by name."""
    found = {f.parent.name: f.read_text(encoding="utf-8") for f in sorted(folder.rglob("task.lean"))}
    return {name: text for name, text in found.items() if not imports(text)}


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
    parser.add_argument("--seconds", type=float, default=20.0, help="for each request to Lean")
    options = parser.parse_args()
    asyncio.run(look(tasks(options.folder), options.seconds))


if __name__ == "__main__":
    main()
