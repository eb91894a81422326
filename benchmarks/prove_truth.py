"""Looking at texts with the cold command line, in their own dialect: what a benchmark's references are worth here, and
whether a proof really verifies outside the program."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from prove_tasks import Task

from dafny_env.dialect.context import Unsupported
from dafny_env.dialect.dialect import Invalid, Translated, Undecided, choose
from dafny_env.dialect.rewrite import to_v2
from dafny_env.dialect.translating import TranslatingVerifier
from dafny_env.driver.factory import Toolchain, open_verifiers
from dafny_env.driver.includes import absolute_includes
from dafny_env.driver.types import CheckRequest, DafnyVerifier
from sandbox.limits import Ended, Limits
from sandbox.process import run_async
from sandbox.scratch import scratch_directory

_TRAILER = re.compile(r"finished with [1-9]\d* verified, 0 errors\s*\Z")
_TRUTH_WALL = 6.0
"""Wall-clock bound of a check, as a multiple of the solver's: parsing and many procedures need time too."""


def tools_of_23() -> Toolchain:
    """The verifiers of Dafny 2.3, which every figure of ours is about."""
    tools = open_verifiers(prefer=2)
    if not isinstance(tools, Toolchain):
        raise SystemExit(str(tools))
    return tools


async def outcome_of(text: str, tools: Toolchain, seconds: float) -> tuple[str, bool]:
    """What a fresh verifier says of a text, and whether it saw a translation."""
    choice = await choose(text, None, tools.working, seconds=_TRUTH_WALL * seconds)
    if isinstance(choice, Unsupported):
        return "unsupported", False
    if isinstance(choice, Invalid | Undecided):
        return str(choice.result.outcome), False
    verifier: DafnyVerifier = tools.cold
    if translated := isinstance(choice, Translated):
        verifier = TranslatingVerifier(tools.cold, choice)
    request = CheckRequest(text, seconds=_TRUTH_WALL * seconds, solver_seconds=int(seconds))
    return str((await verifier.check(request)).outcome), translated


async def make_truth(
    tasks: Iterable[Task],
    done: dict[str, dict[str, object]],
    append: Callable[[dict[str, object]], None],
    seconds: float,
) -> dict[str, dict[str, object]]:
    """For each task with a reference: does that verify, and does the task as it is? A verdict that a slow machine may
    have spoilt (timeout, crash) is asked for again the next time."""
    found = dict(done)
    tools = tools_of_23()
    try:
        for task in tasks:
            settled = {"timeout", "crashed", "unknown"}.isdisjoint(
                str(found.get(task.id, {}).get(key, "unknown")) for key in ("truth", "untouched")
            )
            if task.reference is None or settled:
                continue
            began = time.monotonic()
            truth, translated = await outcome_of(task.reference, tools, seconds)
            untouched, _ = await outcome_of(task.source, tools, seconds)
            record: dict[str, object] = {
                "id": task.id,
                "truth": truth,
                "untouched": untouched,
                "translated": translated,
            }
            record["seconds"] = round(time.monotonic() - began, 2)
            append(record)
            found[task.id] = record
    finally:
        await tools.close()
    return found


async def confirm(task: Task, proof: str, tools: Toolchain, seconds: float) -> tuple[bool, str]:
    """Whether the plain command line accepts a proof, run as one would by hand, and why not."""
    choice = await choose(proof, task.folder, tools.working, seconds=seconds)
    if isinstance(choice, Translated):
        translation = to_v2(proof, choice.demoted, plain_is_compiled=choice.compiled)
        if isinstance(translation, Unsupported):
            return False, translation.reason
        proof = translation.text
    solver = tools.installation.solver
    switches = ["/nologo", "/compile:0", f"/timeLimit:{int(seconds)}"]
    switches += [f"/z3exe:{solver.path}"] if solver else []
    with scratch_directory("confirm") as scratch:
        file = Path(scratch) / "proof.dfy"
        file.write_text(absolute_includes(proof, task.folder) if task.folder else proof, encoding="utf-8")
        argv = (*tools.cold.info.command, *switches, str(file))
        ended = await run_async(argv, limits=replace(Limits(), seconds=_TRUTH_WALL * seconds), cwd=scratch)
    accepted = ended.ended is Ended.EXITED and ended.returncode == 0 and _TRAILER.search(ended.stdout) is not None
    return accepted, "" if accepted else f"{ended.ended}, exit status {ended.returncode}: {ended.stdout[-300:].strip()}"
