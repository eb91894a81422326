"""The Dafny environment of the search: finds the root goals of a file, checks steps, assembles solved trees.

Speaks of accepted steps, never of proofs: what counts as proved is decided by the gate, from the file as it was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dafny_env import steps as st
from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, Diagnostic, Outcome, Rule
from dafny_env.index import Located, callables
from dafny_env.steps import Candidate, DafnyGoal, DafnyStep, GoalKind, Hole
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Span
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import LineMap
from dafny_env.syntax.walk import complexity, walk
from search.ports import Accepted, Assignment, Goal, Rejected, Step, Unknown, Verdict

UNFINISHED = (Outcome.TIMEOUT, Outcome.CRASHED, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class StepDiagnostic:
    """A diagnostic of a candidate, told in terms of its step: which insertion it stands in (None: in the base text), the
    character offset in the candidate text, and in which original text its related places lie."""

    diagnostic: Diagnostic
    insertion: int | None
    offset: int
    base_offset: int | None
    related: tuple[tuple[int | None, int | None], ...] = ()
    """Per related place: the insertion it stands in, and its offset in the base text when it stands there."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the first look at a file gives: the verifier's result, and the root goals."""

    result: CheckResult
    roots: tuple[Goal, ...]


class DafnyEnvironment:
    """One Dafny file under one verifier; implements `search.ports.Environment`.

    text: the file as the user wrote it. target: a qualified or simple declaration name; then only its goals are roots.
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
        self._target = target
        self._solver_seconds = solver_seconds
        self._check_seconds = check_seconds
        self._opened: Opened | None = None

    @property
    def knows_target(self) -> bool:
        """Whether there is a declaration of the target's name (always, without a target)."""
        return self._target is None or any(self._is_target(name) for name in self.index)

    def _is_target(self, name: str) -> bool:
        return self._target is None or self._target in (name, name.rpartition(".")[2])

    # -------------------------------------------------------------------------------------------------------- root goals

    async def open(self, *, seconds: float) -> Opened:
        """Verify the file as it is, once, and find its root goals. The result is kept."""
        if self._opened is None:
            result = await self._verifier.check(
                CheckRequest(
                    self.text,
                    self._folder,
                    seconds=seconds,
                    solver_seconds=self._solver_seconds,
                    error_limit=20,
                )
            )
            roots = () if result.outcome in (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR) else self._find_roots(result)
            self._opened = Opened(result, roots)
        return self._opened

    async def roots(self) -> Sequence[Goal]:
        """The root goals: declarations that fail, lemmas without bodies, and `assume` statements."""
        return (await self.open(seconds=self._check_seconds)).roots

    def _find_roots(self, result: CheckResult) -> tuple[Goal, ...]:
        goals: list[Goal] = []
        broken = set(result.failed) | set(result.timed_out)
        broken |= {d.declaration for d in result.errors if d.declaration}
        if result.outcome in UNFINISHED and not broken:
            broken = set(self.index) - set(result.verified)
        for name, located in self.index.items():
            if not self._is_target(name):
                continue
            decl = located.decl
            if decl.is_lemma and decl.body is None:
                if not has_attribute(decl.attributes, "axiom"):
                    goals.append(self._declaration_goal(GoalKind.LEMMA, name, decl, ()))
                continue
            for node in walk(decl):
                if isinstance(node, ast.Assume) and not has_attribute(node.attributes, "axiom"):
                    goals.append(self._fact_goal(self.text, name, decl, node, None))
            if name in broken:
                errors = tuple(d for d in result.errors if d.declaration == name)
                goals.append(self._declaration_goal(GoalKind.DECLARATION, name, decl, errors))
        return tuple(goals)

    def _declaration_goal(
        self, kind: GoalKind, name: str, decl: ast.Callable, errors: tuple[Diagnostic, ...]
    ) -> Goal:
        payload = DafnyGoal(kind, name, self.text, decl.span)
        ensures = decl.clauses_of("ensures")
        size = sum(complexity(e) for c in ensures for e in c.exprs)
        failing = sum(1 for d in errors if d.rule is not Rule.POSTCONDITION)
        text = "; ".join(self.text[e.span.start : e.span.end] for c in ensures for e in c.exprs)
        return Goal(self._key(kind, self.text, name), name, text, max(1, size + failing), payload=payload)

    def _fact_goal(
        self, base: str, name: str, decl: ast.Callable, fact: ast.Assume, hole: Hole | None, owner: str = ""
    ) -> Goal:
        text = base[fact.expr.span.start : fact.expr.span.end]
        payload = DafnyGoal(GoalKind.FACT, name, base, fact.span, hole, text)
        # The key covers the whole current text of the declaration, with the place of the fact in it.
        current = f"{base[decl.span.start : fact.span.start]}\0{base[fact.span.start : decl.span.end]}"
        key = self._key(GoalKind.FACT, name, current, owner)
        false = isinstance(fact.expr, ast.Literal) and fact.expr.value is False
        return Goal(key, f"{name}: {text}", text, max(1, complexity(fact.expr)), false, payload=payload)

    def _lemma_goal(self, base: str, name: str, lemma: ast.Callable, hole: Hole, visible: str) -> Goal:
        payload = DafnyGoal(GoalKind.LEMMA, name, base, lemma.span, hole)
        statement = base[lemma.span.start : lemma.span.end]
        start = lemma.name_span.start - lemma.span.start
        nameless = statement[:start] + "_" + statement[start + len(lemma.name) :]
        ensures = [e for c in lemma.clauses_of("ensures") for e in c.exprs]
        false = any(isinstance(e, ast.Literal) and e.value is False for e in ensures)
        key = self._key(GoalKind.LEMMA, nameless, visible)
        return Goal(key, name, statement, max(1, sum(map(complexity, ensures))), false, payload=payload)

    def _key(self, *parts: str) -> str:
        digest = hashlib.sha256()
        for part in (str(self._verifier.info), str(self._solver_seconds), self.text, *parts):
            encoded = part.encode()
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        return digest.hexdigest()[:32]

    # ------------------------------------------------------------------------------------------------------------- steps

    def place_helpers(self, goal: DafnyGoal) -> int:
        """Where helper declarations of a goal's steps go in its base text: in front of the declaration, in its scope."""
        program = self.program if goal.base == self.text else parse(goal.base)
        located = callables(program).get(goal.declaration)
        return located.decl.span.start if located else goal.site.start

    def candidate(self, goal: DafnyGoal, step: DafnyStep) -> Candidate:
        """The file text of a step applied to its goal."""
        return st.apply(goal, step, self.place_helpers(goal))

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        """Whether the verifier accepts the step with its subgoals taken for granted."""
        payload: DafnyGoal = goal.payload
        proposed: DafnyStep = step.payload
        candidate = self.candidate(payload, proposed)
        program = parse(candidate.text)
        helpers = [
            located
            for located in callables(program).values()
            if candidate.helper_range.start <= located.decl.span.start < candidate.helper_range.end
        ]
        result = await self._verifier.check(
            CheckRequest(
                candidate.text,
                self._folder,
                declarations=(payload.declaration, *(h.name for h in helpers if h.decl.body is not None)),
                seconds=min(seconds, self._check_seconds),
                solver_seconds=proposed.solver_seconds,
                error_limit=60 if proposed.thorough else 5,
                keep_going=proposed.thorough,
            )
        )
        diagnostics = tuple(self._locate(payload, proposed, candidate, d) for d in result.errors)
        if result.outcome is Outcome.VERIFIED:
            return Accepted(self._subgoals(payload, proposed, candidate, program, helpers))
        timed_out = bool(result.timed_out) or result.outcome in UNFINISHED
        real = [d for d in diagnostics if d.diagnostic.rule not in (Rule.TIMEOUT, Rule.RESOURCE, Rule.INTERNAL)]
        if timed_out and not real:
            return Unknown(f"{result.outcome} after {result.seconds:.1f} s", diagnostics)
        summary = "; ".join(d.diagnostic.message for d in real[:3]) or str(result.outcome)
        return Rejected(summary, diagnostics, len(diagnostics) + 100 * (not real))

    def _locate(self, goal: DafnyGoal, step: DafnyStep, candidate: Candidate, diagnostic: Diagnostic) -> StepDiagnostic:
        lines = LineMap(candidate.text)
        offset = lines.offset(diagnostic.place.line, diagnostic.place.column)
        related = tuple(
            self._attribute(goal, step, candidate, lines.offset(place.line, place.column))
            for place, _ in diagnostic.related
            if place.file is None
        )
        insertion, base_offset = self._attribute(goal, step, candidate, offset)
        if diagnostic.place.file is not None:
            insertion, base_offset = None, None
        return StepDiagnostic(diagnostic, insertion, offset, base_offset, related)

    def _attribute(
        self, goal: DafnyGoal, step: DafnyStep, candidate: Candidate, offset: int
    ) -> tuple[int | None, int | None]:
        """The insertion that an offset of the candidate stands in, or else its offset in the base text."""
        insertion = candidate.insertion_at(offset)
        if insertion is not None or candidate.helper_range.start <= offset < candidate.helper_range.end:
            return insertion, None
        before = sum(r.end - r.start for r in candidate.ranges if r.end <= offset)
        if candidate.helper_range.end <= offset:
            before += candidate.helper_range.end - candidate.helper_range.start
        if goal.kind is GoalKind.FACT:
            return None, offset if offset < goal.site.start else None
        return None, offset - before

    def _subgoals(
        self,
        goal: DafnyGoal,
        step: DafnyStep,
        candidate: Candidate,
        program: ast.Program,
        helpers: Sequence[Located],
    ) -> tuple[Goal, ...]:
        found: list[Goal] = []
        located = callables(program).get(goal.declaration)
        scopes = [*(h for h in helpers)] + ([located] if located else [])
        for scope in scopes:
            for node in walk(scope.decl):
                if not isinstance(node, ast.Assume):
                    continue
                hole = self._hole(step, candidate, node.span)
                if hole is not None:
                    found.append(self._fact_goal(candidate.text, scope.name, scope.decl, node, hole, step.helpers))
        open_lemmas = [h for h in helpers if h.decl.is_lemma and h.decl.body is None]
        for lemma in open_lemmas:
            hole = self._hole(step, candidate, lemma.decl.span)
            if hole is None:
                continue
            # A lemma is proved on its own: without this step's other insertions, and without its unproved siblings.
            kept = self._cut(candidate.text, candidate.helper_range, [o.decl.span for o in open_lemmas if o is not lemma])
            base = goal.base[: (at := self.place_helpers(goal))] + kept + goal.base[at:]
            again = callables(parse(base)).get(lemma.name)
            if again is not None:
                found.append(self._lemma_goal(base, lemma.name, again.decl, hole, kept.replace(lemma.decl.name, "_")))
        return tuple(found)

    @staticmethod
    def _cut(text: str, whole: Span, spans: Sequence[Span]) -> str:
        kept, done = [], whole.start
        for span in sorted(spans):
            kept.append(text[done : span.start])
            done = span.end
        kept.append(text[done : whole.end])
        return "".join(kept)

    @staticmethod
    def _hole(step: DafnyStep, candidate: Candidate, span: Span) -> Hole | None:
        for k, (start, end) in enumerate(candidate.ranges):
            if start <= span.start and span.end <= end:
                return Hole(k, Span(span.start - start, span.end - start))
        start, end = candidate.helper_range
        if start <= span.start and span.end <= end:
            return Hole(-1, Span(span.start - start, span.end - start))
        return None

    # ---------------------------------------------------------------------------------------------------------- assembly

    def render(self, solution: Mapping[str, Assignment], roots: Sequence[Goal]) -> str:
        """The file with the recorded steps of all `roots` that are solved, their subgoals' proofs put in."""
        by_payload = {id(a.goal.payload): a for a in solution.values()}

        def solved(goal: DafnyGoal) -> tuple[DafnyStep, Sequence[DafnyGoal]]:
            assignment = by_payload.get(id(goal)) or solution[keys[id(goal)]]
            for sub in assignment.subgoals:
                keys[id(sub.payload)] = sub.key
            return assignment.step.payload, [sub.payload for sub in assignment.subgoals]

        keys = {id(root.payload): root.key for root in roots}
        parts = [
            (root.payload, st.render(root.payload, solved), self.place_helpers(root.payload))
            for root in roots
            if root.key in solution
        ]
        return st.assemble(self.text, parts)

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        """Check the whole file with all recorded steps in it."""
        roots = await self.roots()
        text = self.render(solution, roots)
        request = CheckRequest(text, self._folder, seconds=seconds, solver_seconds=2 * self._solver_seconds)
        if self._target is not None:
            request = replace(request, declarations=tuple(dict.fromkeys(r.payload.declaration for r in roots)))
        result = await self._verifier.check(request)
        if result.outcome is Outcome.VERIFIED:
            return Accepted()
        if result.outcome in UNFINISHED or result.timed_out:
            return Unknown(f"assembled file: {result.outcome}")
        blamed = {d.declaration for d in result.errors} | set(result.failed)
        keys = tuple(r.key for r in roots if r.payload.declaration in blamed)
        return Rejected("; ".join(d.message for d in result.errors[:3]), keys)


def has_attribute(attributes: tuple[ast.Attribute, ...], name: str) -> bool:
    """Whether an attribute of that name is present."""
    return any(a.name == name for a in attributes)
