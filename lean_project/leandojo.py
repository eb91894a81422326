"""LeanDojo, where it is installed (the extra `leandojo`): its reading of printed goals, and the search over theorems of
repositories that it has traced.

What is found is a list of tactics that LeanDojo's own interaction accepted, for the caller to put into the file. It is
never called proved here: the gate judges whole files, and sees this one only where it lies in a Lake project and is
given to it. Known limits of LeanDojo itself: it needs git and a traced repository, and does not trace recent versions
of Lean; it tells a proof with `sorry` by the wording of older versions; after one tactic that ran out of time all later
ones do, so that it is started anew; and importing it takes seconds, resets loguru, reads `.env` and makes a cache
folder. It is therefore imported in the functions that need it, and never before.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lean_project.driver.goal_text import parse_goal
from lean_project.driver.types import Goal as PrintedGoal
from lean_project.refute.statement import split_statement
from lean_project.steps import LeanGoal, LeanStep
from lean_project.syntax.tokens import Kind, code, tokenize
from sandbox.missing import Missing
from search.ports import Accepted, Assignment, Goal, Rejected, Step, Tested, Unknown, Verdict

_METAVARIABLE = re.compile(r"\?[A-Za-z_][\w.✝]*")
_LEFT_OPEN = re.compile(r"(?:\n|^)(?:· )?sorry\s*$")
_COUNT = re.compile(r"^\d+ goals\n")


# ------------------------------------------------------------------------------------------------------- printed goals


def printed_goals(text: str) -> tuple[PrintedGoal, ...]:
    """The goals of a printed tactic state, separated by empty lines: read by LeanDojo where it is installed, and by
    this project otherwise or where LeanDojo cannot. The values are of one form. Never raises."""
    blocks = [b for b in _COUNT.sub("", text.strip()).split("\n\n") if "⊢" in b]
    own = tuple(parse_goal(block) for block in blocks)
    try:
        theirs = importlib.import_module("lean_dojo.interaction.parse_goals").parse_goals("\n\n".join(blocks))
        read = tuple(_as_ours(goal, mine) for goal, mine in zip(theirs, own, strict=True))
    except Exception:  # not installed, not importable here, or not a text that its assertions allow
        return own
    return read


def _as_ours(goal: Any, own: PrintedGoal) -> PrintedGoal:
    """A goal of LeanDojo, which keeps neither case names nor the values of `let` variables apart."""
    lines = [f"{d.ident} : {d.lean_type}" for d in goal.assumptions]
    read = parse_goal("\n".join([*lines, f"⊢ {goal.conclusion}"]))
    return PrintedGoal(read.hypotheses, read.target, own.case, own.text)


# ---------------------------------------------------------------------------------------------------------- the search


@dataclass(frozen=True, slots=True)
class TracedTheorem:
    """A theorem of a repository. repository: URL or local path of a git repository; file: inside it."""

    repository: str
    commit: str
    file: Path
    full_name: str


class DojoEnvironment:
    """Implements `search.ports.Environment` over LeanDojo. A goal is a tactic state as printed, all of its goals
    together; a step is a tactic in it, and leaves the next state. States of LeanDojo do not outlive its process, so
    that each is kept as the tactics that lead to it.

    tactic_seconds: wall clock of one tactic, at which LeanDojo is started anew. prefix: what stands in front of the
    theorem, for policies that look at declarations. Cancelling a check ends LeanDojo's processes.
    """

    def __init__(self, theorem: TracedTheorem, *, tactic_seconds: int = 30, prefix: str = "") -> None:
        self._theorem = theorem
        self._seconds = tactic_seconds
        self._prefix = prefix
        self._dojo: _Session | None = None
        self._free = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lean-dojo")
        self._paths: dict[str, tuple[str, ...]] = {}
        self._root: Goal | None = None

    async def roots(self) -> Sequence[Goal]:
        """The first state of the theorem. Raises DojoUnavailable where there is none."""
        if self._root is None:
            async with self._free:
                session = await self._in_thread(self._session)
            self._root = self._goal(session.states[()].pp, ())
        return (self._root,)

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        """Run a step's tactics in a goal's state. seconds: bounded by a tactic's own as well."""
        tactic = tactic_of(step)
        if isinstance(tactic, Rejected):
            return tactic
        path = self._paths[goal.key]
        async with self._free:
            found = await self._in_thread(lambda: self._run(path, tactic), seconds)
        if isinstance(found, Rejected | Unknown):
            return found
        if found is None:
            return Accepted()
        if found == goal.text:
            return Rejected("it leaves the state as it was")
        return Accepted((self._goal(found, (*path, tactic)),))

    async def refute(self, goal: Goal, *, seconds: float) -> Tested:
        """Nothing is looked for."""
        return Tested()

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        """Run all tactics of a solution, one after the other, in a fresh LeanDojo."""
        tactics = await self.tactics(solution)
        if not tactics:
            return Rejected("nothing is solved")
        async with self._free:
            found = await self._in_thread(lambda: self._again(tactics), seconds)
        if isinstance(found, Rejected | Unknown):
            return found
        return Accepted() if found is None else Rejected("goals are left")

    async def tactics(self, solution: Mapping[str, Assignment]) -> tuple[str, ...]:
        """The tactics of a solution, from the first state to the last; empty where it does not solve it."""
        found: list[str] = []
        (goal,) = await self.roots()
        while goal.key in solution:
            assignment = solution[goal.key]
            tactic = tactic_of(assignment.step)
            if isinstance(tactic, Rejected):
                return ()
            found.append(tactic)
            if not assignment.subgoals:
                return tuple(found)
            (goal,) = assignment.subgoals
        return ()

    async def close(self) -> None:
        """End LeanDojo's processes."""
        self._drop()
        self._thread.shutdown(wait=False)

    # -------------------------------------------------------------------------------------------- in LeanDojo's thread

    def _session(self) -> _Session:
        if self._dojo is None:
            self._dojo = _Session.open(self._theorem, self._seconds)
        return self._dojo

    def _again(self, tactics: Sequence[str]) -> str | Rejected | Unknown | None:
        self._drop()
        return self._run(tuple(tactics[:-1]), tactics[-1])

    def _run(self, path: tuple[str, ...], tactic: str) -> str | Rejected | Unknown | None:
        """The printed state behind a tactic; None where nothing is left."""
        try:
            session = self._session()
            session.reach(path)
            return session.run(path, tactic)
        except DojoUnavailable as problem:
            self._drop()
            return Unknown(str(problem))
        except Exception as error:
            self._drop()
            name = type(error).__name__
            timed_out = "Timeout" in name
            return Unknown(f"no verdict after {self._seconds} s" if timed_out else f"LeanDojo: {name}: {error}")

    def _drop(self) -> None:
        session, self._dojo = self._dojo, None
        if session is not None:
            session.close()

    async def _in_thread(self, work: Callable[[], Any], seconds: float = float("inf")) -> Any:
        """Work in LeanDojo's own thread. Out of time or cancelled, its processes are ended, which ends the work."""
        job = asyncio.get_running_loop().run_in_executor(self._thread, work)
        done: set[Any] = set()
        try:
            done, _ = await asyncio.wait([job], timeout=None if seconds == float("inf") else seconds)
        finally:
            if not done:
                self._drop()
        return job.result() if done else Unknown("the time was up")

    def _goal(self, printed: str, path: tuple[str, ...]) -> Goal:
        parts = (self._theorem.repository, self._theorem.commit, self._theorem.full_name, printed)
        key = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self._paths.setdefault(key, path)
        goals = printed_goals(printed)
        first = goals[0] if goals else PrintedGoal((), printed)
        name = self._theorem.full_name
        text = f"{self._prefix}theorem {name.rpartition('.')[2]} : True := by\n  sorry\n"
        payload = LeanGoal(
            text, text.rindex("sorry"), len(self._prefix), name, first.hypotheses, first.target, first.case
        )
        size = sum(_size(goal.target) for goal in goals)
        variables = frozenset(_METAVARIABLE.findall(printed))
        return Goal(key, name, printed, max(size, 1), False, variables, payload)


class DojoUnavailable(Exception):
    """LeanDojo, or the theorem in it, cannot be had here: the message says why."""


@dataclass(slots=True)
class _Session:
    """An open Dojo. states: by the tactics that lead to them, as far as they were reached in this process."""

    module: Any
    dojo: Any
    states: dict[tuple[str, ...], Any] = field(default_factory=dict)

    @classmethod
    def open(cls, theorem: TracedTheorem, seconds: int) -> _Session:
        module = lean_dojo()
        if isinstance(module, Missing):
            raise DojoUnavailable(str(module))
        try:
            repository = module.LeanGitRepo(theorem.repository, theorem.commit)
            wanted = module.Theorem(repository, theorem.file, theorem.full_name)
            dojo = module.Dojo(wanted, timeout=seconds)
            opened, state = dojo.__enter__()
        except Exception as error:
            raise DojoUnavailable(f"LeanDojo cannot open {theorem.full_name}: {error}") from error
        return cls(module, opened, {(): state})

    def reach(self, path: tuple[str, ...]) -> None:
        """Run again what leads to a state that this process has not seen. Raises DojoUnavailable where that fails."""
        for length in range(1, len(path) + 1):
            if path[:length] in self.states:
                continue
            if not isinstance(self.run(path[: length - 1], path[length - 1]), str):
                raise DojoUnavailable("a tactic that was accepted before is not any more")

    def run(self, path: tuple[str, ...], tactic: str) -> str | Rejected | None:
        """The printed state behind a tactic, which is kept; None where nothing is left."""
        module = self.module
        found = self.dojo.run_tac(self.states[path], tactic)
        if isinstance(found, module.ProofFinished):
            return None
        if isinstance(found, module.TacticState):
            self.states[(*path, tactic)] = found
            return str(found.pp)
        if isinstance(found, module.ProofGivenUp):
            return Rejected("it gives the proof up (`sorry`)")
        return Rejected(str(getattr(found, "error", found)).strip().split("\n", 1)[0])

    def close(self) -> None:
        """End its processes, in the middle of a tactic too."""
        with suppress(Exception):
            self.dojo.__exit__(None, None, None)


def lean_dojo() -> Any | Missing:
    """LeanDojo, imported now, or how to get it."""
    try:
        return importlib.import_module("lean_dojo")
    except Exception as error:  # without git or a token it raises other errors than ImportError
        return Missing(f"LeanDojo cannot be imported: {error}", "pip install 'lemmatree[leandojo]'")


def tactic_of(step: Step) -> str | Rejected:
    """A step as one tactic. Goals that it leaves open at its end stay in the state; those elsewhere, and lemmas, have
    no place there."""
    payload = step.payload
    body = payload.body if isinstance(payload, LeanStep) else step.text
    if isinstance(payload, LeanStep) and payload.helpers.strip():
        return Rejected("not permitted: lemmas have no place in a tactic state")
    while (match := _LEFT_OPEN.search(body)) is not None:
        body = body[: match.start()]
    if not body.strip():
        return Rejected("it does nothing")
    if any(t.kind is Kind.WORD and t.text in ("sorry", "admit") for t in code(tokenize(body))):
        return Rejected("not permitted: `sorry` in the middle of a tactic")
    body = body.strip("\n")
    return body if "\n" not in body else "(\n" + "\n".join(f"  {line}" for line in body.split("\n")) + "\n)"


def _size(target: str) -> int:
    """Operators of a printed statement, roughly: LeanDojo tells no other form."""
    arguments, rest = split_statement(target)
    symbols = [t for t in code(tokenize(rest)) if t.kind is Kind.SYMBOL and t.text not in "()[]{}⟨⟩,.:"]
    return len(arguments) + len(symbols) + 1
