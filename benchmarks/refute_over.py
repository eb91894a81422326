"""Looking for counterexamples over files that are right and files that are wrong: what is refuted, and what wrongly.

    python benchmarks/refute_over.py --true datasets/starter/dafny --false datasets/false/dafny
    python benchmarks/refute_over.py --dafnybench DIR --limit 60          # the references, which verify

Every root goal of a file is looked at. Of a file of the true ones that has none, since it verifies, every declaration
is, as if it had failed (so are all with --every). A refuted goal of a true file is wrong. A file of the false ones is
refuted when one of its goals is; whether the witness is a good one is for people to read.
"""

from __future__ import annotations

import argparse
import asyncio
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prove_table import part
from prove_tasks import dafnybench
from prove_truth import tools_of_23

from dafny_env.driver.factory import Toolchain
from dafny_env.driver.types import Outcome
from dafny_env.environment import DafnyEnvironment
from dafny_env.index import callables
from dafny_env.steps import DafnyGoal, GoalKind
from prover.toolchain import Verifiers, in_dialect
from search.ports import Goal, Refuted, Unconfirmed

OPENING_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class File:
    """One file. wrong: whether it holds a bug, described by `bug`."""

    name: str
    text: str
    folder: Path | None = None
    wrong: bool = False
    bug: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one goal, or of a file without any (goal empty)."""

    file: File
    goal: str
    found: str
    witness: str = ""
    seconds: float = 0.0
    checks: int = 0


def files_in(folder: Path, *, wrong: bool) -> list[File]:
    found = []
    for path in sorted(folder.rglob("*.dfy")):
        about = path.with_name("task.toml")
        bug = tomllib.loads(about.read_text(encoding="utf-8")).get("bug", "") if wrong and about.is_file() else ""
        name = str(path.relative_to(folder))
        found.append(File(name, path.read_text(encoding="utf-8"), path.resolve().parent, wrong, bug))
    return found


def references(folder: Path) -> list[File]:
    return [File(task.id, task.reference or "") for task in dafnybench(folder)]


def every_declaration(environment: DafnyEnvironment) -> list[Goal]:
    """Each declaration as a goal of its own, whatever the verifier says of it."""
    text, goals = environment.text, []
    for name, located in callables(environment.program).items():
        decl = located.decl
        if decl.kind == "iterator" or (decl.body is None and not decl.is_lemma):
            continue
        kind = GoalKind.LEMMA if decl.body is None else GoalKind.DECLARATION
        goals.append(Goal(f"every {name}", name, payload=DafnyGoal(kind, name, text, decl.span)))
    return goals


async def look(file: File, tools: Toolchain, options: argparse.Namespace) -> list[Looked]:
    verifiers = await in_dialect(file.text, file.folder, tools, seconds=OPENING_SECONDS)
    if not isinstance(verifiers, Verifiers):
        return [Looked(file, "", "unsupported", verifiers.reason)]
    environment = DafnyEnvironment(file.text, verifiers.working, folder=file.folder, check_seconds=OPENING_SECONDS)
    opened = await environment.open(seconds=OPENING_SECONDS)
    goals = list(opened.roots)
    if options.every or (not file.wrong and not goals and opened.result.outcome is Outcome.VERIFIED):
        goals = every_declaration(environment)
    if not goals:
        return [Looked(file, "", "no goals", str(opened.result.outcome))]
    looked = []
    for goal in goals:
        began = time.monotonic()
        tested = await environment.refute(goal, seconds=options.seconds)
        match tested.found:
            case Refuted(witness=witness):
                found = "refuted"
            case Unconfirmed(witness=witness):
                found = "unconfirmed"
            case None:
                found, witness = "none", ""
        looked.append(Looked(file, goal.name, found, witness, time.monotonic() - began, tested.checks))
    return looked


def told(looked: Iterable[Looked], *, all_: bool) -> str:
    lines = []
    for each in looked:
        if not all_ and each.found == "none":
            continue
        wrongly = " WRONG" if each.found == "refuted" and not each.file.wrong else ""
        head = f"{each.file.name:<42} {each.goal[:28]:<28} {each.found + wrongly:<14} {each.seconds:6.1f} s"
        lines.append(f"{head}  {each.witness}")
    return "\n".join(lines)


def summary(looked: list[Looked]) -> str:
    lines = []
    for wrong in (False, True):
        mine = [each for each in looked if each.file.wrong is wrong]
        if not mine:
            continue
        goals = [each for each in mine if each.goal]
        counts = Counter(each.found for each in goals)
        names = {each.file.name for each in mine}
        refuted = {each.file.name for each in mine if each.found == "refuted"}
        lines.append(f"{'false' if wrong else 'true'} files: {len(names)}, {len(goals)} goals")
        lines += [
            f"  goals {found:<13}{part(counts[found], len(goals))}" for found in ("refuted", "unconfirmed", "none")
        ]
        lines.append(f"  files {'refuted' if wrong else 'refuted WRONGLY':<13} {part(len(refuted), len(names))}")
        seconds = sorted(each.seconds for each in goals) or [0.0]
        lines.append(
            f"  seconds a goal: median {seconds[len(seconds) // 2]:.1f}, most {seconds[-1]:.1f}; "
            f"checks {sum(each.checks for each in goals)}"
        )
        missed = sorted(names - refuted) if wrong else []
        lines += [f"  not refuted: {name}: {next(e.file.bug for e in mine if e.file.name == name)}" for name in missed]
        others = [each for each in mine if not each.goal]
        lines += [f"  not looked at: {each.file.name}: {each.found}: {each.witness}" for each in others]
    return "\n".join(lines)


async def run(options: argparse.Namespace) -> None:
    files: list[File] = []
    for folder in options.true or ():
        files += files_in(folder, wrong=False)
    for folder in options.false or ():
        files += files_in(folder, wrong=True)
    if options.dafnybench is not None:
        files += references(options.dafnybench)
    files = [f for f in files if not options.only or any(word in f.name for word in options.only)]
    tools = tools_of_23()
    looked: list[Looked] = []
    try:
        for file in files[: options.limit]:
            found = await look(file, tools, options)
            looked += found
            if said := told(found, all_=options.verbose):
                print(said, flush=True)
    finally:
        await tools.close()
    print(summary(looked))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--true", type=Path, action="append", metavar="DIR", help="files whose specifications hold")
    parser.add_argument("--false", type=Path, action="append", metavar="DIR", help="files with a bug each")
    parser.add_argument("--dafnybench", type=Path, metavar="DIR", help="folder with test.json: its references")
    parser.add_argument("--every", action="store_true", help="look at every declaration, not only at root goals")
    parser.add_argument("--seconds", type=float, default=60.0, help="bound for one goal")
    parser.add_argument("--only", nargs="+", metavar="WORD", help="files whose names contain one of these")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--verbose", action="store_true", help="also the goals that nothing is known against")
    try:
        asyncio.run(run(parser.parse_args()))
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
