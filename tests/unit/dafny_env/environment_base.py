"""A verifier that says what the test tells it to, and shorthands for goals and steps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo
from dafny_env.environment import DafnyEnvironment
from dafny_env.index import callables
from dafny_env.steps import DafnyStep, Insertion
from dafny_env.syntax.parser import parse
from search.ports import Accepted, Goal, Step, Verdict

Answer = Callable[[CheckRequest], CheckResult]


def verified(request: CheckRequest) -> CheckResult:
    """Everything asked about is verified."""
    names = request.declarations if request.declarations is not None else tuple(callables(parse(request.source)))
    return CheckResult(Outcome.VERIFIED, verified=names)


def failing(text: str, *names: str, rule: Rule = Rule.ASSERTION, declaration: str | None = None) -> Answer:
    """Errors at the first occurrence of a text in whatever is checked, in the declarations named."""

    def answer(request: CheckRequest) -> CheckResult:
        line, column = place_of(request.source, text)
        errors = tuple(Diagnostic("error", rule, "failed", Place(line, column), (), n) for n in names or (declaration,))
        return CheckResult(Outcome.FAILED, errors, failed=names)

    return answer


def place_of(source: str, text: str) -> tuple[int, int]:
    """Line from 1 and column from 0 of the first occurrence of a text; lines end as Dafny's do."""
    before = source[: source.index(text)].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n") - 1


INFO = VerifierInfo("2.3.0.10506", 2, "z3 4.8.5", ("dafny",))


@dataclass
class FakeVerifier:
    answer: Answer = verified
    info: VerifierInfo = INFO
    requests: list[CheckRequest] = field(default_factory=list)

    async def check(self, request: CheckRequest) -> CheckResult:
        self.requests.append(request)
        return self.answer(request)

    async def close(self) -> None:
        pass


@dataclass
class Bench:
    """An environment over a fake verifier. broken: the declarations that fail at first."""

    text: str
    broken: tuple[str, ...] = ()
    verifier: FakeVerifier = field(default_factory=FakeVerifier)
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment = DafnyEnvironment(self.text, self.verifier, **self.options)
        later, outcome = self.verifier.answer, Outcome.FAILED if self.broken else Outcome.VERIFIED
        self.verifier.answer = lambda request: CheckResult(outcome, failed=self.broken)
        self.roots = list(asyncio.run(self.environment.open(seconds=9)).roots)
        self.verifier.answer = later

    def root(self, name: str = "") -> Goal:
        return next(r for r in self.roots if r.name.startswith(name))

    def check(self, goal: Goal, step: DafnyStep) -> Verdict:
        return asyncio.run(self.environment.check(goal, as_step(step), seconds=9))

    def subgoals(self, goal: Goal, step: DafnyStep) -> tuple[Goal, ...]:
        verdict = self.check(goal, step)
        assert isinstance(verdict, Accepted), verdict
        return verdict.subgoals

    def insert(self, *pairs: tuple[str, str], helpers: str = "", base: str = "") -> DafnyStep:
        """A step that inserts each second text in front of the first occurrence of the first."""
        text = base or self.text
        return DafnyStep(tuple(Insertion(text.index(mark), new) for mark, new in pairs), helpers)


def as_step(payload: DafnyStep, key: str = "step") -> Step:
    return Step(key, "", payload=payload)


def in_fact(*texts: str, helpers: str = "") -> DafnyStep:
    """A step for a fact."""
    return DafnyStep(tuple(Insertion(0, t) for t in texts), helpers)


def body(goal: Goal, text: str, helpers: str = "") -> DafnyStep:
    """A step that gives a lemma a body."""
    return DafnyStep((Insertion(goal.payload.site.end, text),), helpers)
