"""The Dafny environment of the search: finds the root goals of a file, checks steps, assembles solved trees.

Speaks of accepted steps, never of proofs: what counts as proved is decided by the gate, from the file as it was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dafny_env import assembly
from dafny_env.attribution import StepDiagnostic, located
from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, Diagnostic, Outcome, Place, Rule
from dafny_env.gate.surroundings import read_surroundings
from dafny_env.gate.targets import depends_on_open, open_dependencies
from dafny_env.gate.verified import has_something_to_prove, resolve_target
from dafny_env.goals import UNFINISHED, GoalFinder, Keys
from dafny_env.index import Located, callables
from dafny_env.library import Library
from dafny_env.permitted import Complaint, Examined, Refused, Rules
from dafny_env.refute.refuter import Refuter
from dafny_env.remembering import Remembering, remember
from dafny_env.steps import Candidate, DafnyGoal, DafnyStep, apply
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import LineMap
from search.ports import Accepted, Assignment, Goal, Rejected, Step, Tested, Unknown, Verdict

__all__ = ["DafnyEnvironment", "Opened", "StepDiagnostic"]

NOT_A_VERDICT = (Rule.TIMEOUT, Rule.RESOURCE, Rule.INTERNAL)
"""What errors say that is no statement about the text."""
ERRORS, ERRORS_THOROUGH = 5, 60
"""How many errors are asked for, per procedure."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the first look at a file gives: the verifier's result, and the root goals in source order."""

    result: CheckResult
    roots: tuple[Goal, ...]


class DafnyEnvironment:
    """One Dafny file under one verifier; implements `search.ports.Environment`.

    text: the file as the user wrote it. folder: where its relative `include`s are (read once, here). target: the
    qualified name of a declaration, or its simple name where only one has it; then only its goals are roots.
    """

    def __init__(
        self,
        text: str,
        verifier: DafnyVerifier,
        *,
        folder: Path | None = None,
        target: str | None = None,
        solver_seconds: int = 5,
        check_seconds: float = 30.0,
    ) -> None:
        self.text = text
        self.program = parse(text)
        self.index = callables(self.program)
        self._verifier = verifier
        self._folder = folder
        self._target = resolve_target(self.program, target) if target is not None else None
        self.knows_target = target is None or self._target is not None
        """Whether there is exactly one declaration of the target's name (always, without a target)."""
        self._solver_seconds = solver_seconds
        self._check_seconds = check_seconds
        self._opened: Opened | None = None
        self._base = text
        surroundings = self._surroundings = read_surroundings(self.program, folder)
        self._rules = Rules(surroundings.programs)
        digests = (f.sha256 for f in surroundings.files)
        keys = Keys(str(verifier.info), str(solver_seconds), text, *digests)
        self._goals = GoalFinder(keys, self._rules, Library(surroundings.programs))
        self._refuter = Refuter(self.program, surroundings.programs, verifier, folder)

    # ------------------------------------------------------------------------------------------------------- root goals

    async def open(self, *, seconds: float) -> Opened:
        """Verify the file as it is, once, and find its root goals. The result is kept."""
        if self._opened is None:
            request = CheckRequest(
                self.text, self._folder, seconds=seconds, solver_seconds=self._solver_seconds, error_limit=20
            )
            result = await self._verifier.check(request)
            roots: tuple[Goal, ...] = ()
            if self.knows_target and result.outcome not in (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR):
                self._base, roots = self._goals.roots(self.program, result, self._target)
            self._opened = Opened(result, roots)
        return self._opened

    async def roots(self) -> Sequence[Goal]:
        """The root goals: declarations that fail, lemmas without bodies, and `assume` statements."""
        return (await self.open(seconds=self._check_seconds)).roots

    async def open_dependencies(self, verifier: DafnyVerifier, *, seconds: float, solver_seconds: int) -> str:
        """One sentence that names what the target depends on and is open itself; empty where nothing is. The gate would
        say so of any proof: its verifier and its solver's seconds are given."""
        if self._target is None:
            return ""
        first = (await self.open(seconds=self._check_seconds)).result
        request = CheckRequest(self.text, self._folder, seconds=seconds, solver_seconds=solver_seconds)
        needed = await open_dependencies(self.program, self._target, first, self._surroundings, verifier, request)
        return depends_on_open(self._target, needed) if needed else ""

    # ------------------------------------------------------------------------------------------------------------ steps

    def place_helpers(self, goal: DafnyGoal) -> int:
        """Where helper declarations of a goal's steps go in its base text: in front of the declaration, in its
        scope."""
        base = self._rules.base(goal)
        return base.located.decl.span.start if base is not None else goal.site.start

    def candidate(self, goal: DafnyGoal, step: DafnyStep) -> Candidate:
        """The file text of a step applied to its goal. Raises ValueError for an insertion outside of the text."""
        return apply(goal, step, self.place_helpers(goal))

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        """Whether the verifier accepts the step with its subgoals taken for granted.

        A step that is no permitted edit is rejected without asking it.
        """
        payload: DafnyGoal = goal.payload
        proposed: DafnyStep = step.payload
        examined = self._rules.examine(payload, proposed)
        if isinstance(examined, Refused):
            return _refused(examined)
        asked = (examined.target, *examined.helpers)
        text = Remembering(examined.candidate.text, examined.candidate.text, ())
        if proposed.thorough and self._verifier.info.major == 2:
            text = remember(examined.candidate.text, *self._rules.part(payload, examined.candidate))
        request = CheckRequest(
            text.text,
            self._folder,
            declarations=tuple(dict.fromkeys(a.name for a in asked)),
            seconds=min(seconds, self._check_seconds),
            solver_seconds=proposed.solver_seconds,
            error_limit=ERRORS_THOROUGH if proposed.thorough else ERRORS,
            keep_going=proposed.thorough,
        )
        result = await self._verifier.check(request)
        result = replace(result, diagnostics=text.told(result.diagnostics))
        return self._verdict(payload, proposed, examined, asked, result)

    def _verdict(
        self, goal: DafnyGoal, step: DafnyStep, examined: Examined, asked: Sequence[Located], result: CheckResult
    ) -> Verdict:
        diagnostics = located(examined.candidate, result.errors)
        if result.outcome is Outcome.VERIFIED:
            unseen = [a.name for a in asked if a.name not in result.verified and has_something_to_prove(a)]
            if unseen or result.failed or result.timed_out:
                return Unknown(f"the verifier did not say that {', '.join(unseen) or 'all'} is verified", diagnostics)
            return Accepted(self._goals.subgoals(goal, step, examined))
        real = [d for d in diagnostics if d.diagnostic.rule not in NOT_A_VERDICT]
        messages = "; ".join(d.diagnostic.message for d in real[:3])
        if result.outcome in (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR):
            return Rejected(messages or str(result.outcome), diagnostics)
        failed = result.outcome is Outcome.FAILED and (real or not result.timed_out)
        if failed or (result.outcome is Outcome.TIMEOUT and real):
            return Rejected(
                messages or f"not verified: {', '.join(result.failed)}", diagnostics, max(1, len(diagnostics))
            )
        reason = f"{result.outcome} after {result.seconds:.1f} s"
        return Unknown(f"{reason}: {messages}" if messages else reason, diagnostics)

    # ------------------------------------------------------------------------------------------------------- refutation

    async def refute(self, goal: Goal, *, seconds: float) -> Tested:
        """Look for a counterexample by running the program and evaluating what it says, for a root goal also with what
        the verifier offers. Equal goals get equal answers, unless `seconds` end the looking early."""
        first = (await self.open(seconds=self._check_seconds)).result
        return await self._refuter.refute(goal, first, seconds=seconds)

    # --------------------------------------------------------------------------------------------------------- assembly

    def render(self, solution: Mapping[str, Assignment], roots: Sequence[Goal]) -> str:
        """The file with the recorded steps of all `roots` that are solved, their subgoals' proofs put in."""
        return assembly.assemble(self._base, [part for _, part in self._parts(solution, roots)])

    def whole(self, solution: Mapping[str, Assignment], root: Goal) -> DafnyStep:
        """The step that solves a root all by itself: its subgoals' proofs put in."""
        ((_, part),) = self._parts(solution, [root])
        return DafnyStep(part.rendered.insertions, part.rendered.helpers)

    def _parts(self, solution: Mapping[str, Assignment], roots: Sequence[Goal]) -> list[tuple[str, assembly.RootPart]]:
        keys = {id(root.payload): root.key for root in roots}

        def solved(goal: DafnyGoal) -> assembly.Solution:
            assignment = solution[keys[id(goal)]]
            keys.update({id(sub.payload): sub.key for sub in assignment.subgoals})
            subgoals = [sub.payload for sub in assignment.subgoals]
            return assembly.Solution(assignment.step.payload, subgoals, assignment.goal.payload.declaration)

        parts = []
        for root in roots:
            if root.key in solution:
                goal: DafnyGoal = root.payload
                scope = self.index[goal.declaration].scope
                rendered = assembly.render(goal, solved)
                parts.append((root.key, assembly.RootPart(goal, rendered, self.place_helpers(goal), scope)))
        return parts

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        """Check the whole file with all recorded steps in it; with a target, it and all that was added."""
        parts = self._parts(solution, await self.roots())
        text = assembly.assemble(self._base, [part for _, part in parts])
        declarations = None
        if self._target is not None:
            declarations = (self._target, *(name for name in callables(parse(text)) if name not in self.index))
        request = CheckRequest(
            text,
            self._folder,
            declarations=declarations,
            seconds=min(seconds, self._check_seconds),
            solver_seconds=2 * self._solver_seconds,
        )
        result = await self._verifier.check(request)
        if result.outcome is Outcome.VERIFIED and not result.failed and not result.timed_out:
            return Accepted()
        messages = "; ".join(d.message for d in result.errors[:3])
        if result.outcome in UNFINISHED or result.outcome is Outcome.VERIFIED:
            return Unknown(f"assembled file: {result.outcome}; {messages}".removesuffix("; "))
        blamed = {*result.failed, *(d.declaration for d in result.errors)}
        return Rejected(messages or f"assembled file: {result.outcome}", _suspects(parts, blamed))


def _suspects(parts: Sequence[tuple[str, assembly.RootPart]], blamed: set[str | None]) -> tuple[str, ...]:
    """The keys of the root goals whose declarations or helpers the verifier blames."""
    simple = {name.rpartition(".")[2] for name in blamed if name}
    found = []
    for key, part in parts:
        helpers = {name.rpartition(".")[2] for name in callables(parse(part.rendered.helpers))}
        if part.goal.declaration.rpartition(".")[2] in simple or helpers & simple:
            found.append(key)
    return tuple(found)


def _refused(refused: Refused) -> Rejected:
    """The verdict on a step that is no permitted edit."""
    candidate = refused.candidate
    summary = "; ".join(dict.fromkeys(c.message for c in refused.complaints[:3]))
    if candidate is None:
        return Rejected(summary)
    lines = LineMap(candidate.text)

    def told(complaint: Complaint) -> Diagnostic:
        line, column = lines.position(complaint.offset if complaint.offset is not None else 0)
        return Diagnostic("error", Rule.OTHER, complaint.message, Place(line, column))

    return Rejected(summary, located(candidate, map(told, refused.complaints)))
