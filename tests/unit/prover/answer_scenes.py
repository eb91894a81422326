"""Goals of small files and of the starter tasks, made without a verifier, and what holds of steps read for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dafny_env.gate import compare
from dafny_env.index import callables
from dafny_env.library import Library
from dafny_env.permitted import taken_facts
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind, apply
from dafny_env.syntax.parser import parse
from dafny_env.syntax.tokens import tokenize as dafny_tokens
from lean_project.driver.types import Hypothesis
from lean_project.gate.text import judge_text, read
from lean_project.steps import LeanGoal, LeanStep, place, unit_of
from lean_project.syntax.holes import sorries
from lean_project.syntax.tokens import code
from lean_project.syntax.tokens import tokenize as lean_tokens
from prover.answers.dafny import read_dafny
from prover.answers.lean import read_lean
from prover.answers.reading import NotAnEdit, Reading

STARTER = Path(__file__).parents[3] / "datasets" / "starter"


def dafny_goal(text: str, name: str, *, included: Library | None = None) -> DafnyGoal:
    """The goal of a declaration: a lemma's where it has no body, a fact's where it takes one for granted."""
    decl = callables(parse(text))[name].decl
    fact = next(iter(taken_facts(decl)), None)
    library = included or Library()
    if fact is not None:
        said = text[slice(*fact.expr.span)]
        return DafnyGoal(GoalKind.FACT, name, text, fact.span, fact=said, library=library)
    kind = GoalKind.LEMMA if decl.is_lemma and decl.body is None else GoalKind.DECLARATION
    return DafnyGoal(kind, name, text, decl.span, library=library)


def lean_goal(text: str, nth: int = 0, *hypotheses: str, target: str = "") -> LeanGoal:
    """The goal at one `sorry` of a text."""
    hole = sorries(text)[nth]
    unit, end = unit_of(text, hole.start)
    name = hole.declaration.full_name or hole.declaration.keyword if hole.declaration is not None else "?"
    known = tuple(Hypothesis((h,), "Nat") for h in hypotheses)
    return LeanGoal(text[:end].rstrip() + "\n", hole.start, unit, name, known, target)


def dafny_text(goal: DafnyGoal, step: DafnyStep) -> str:
    """The file with a step in it."""
    return apply(goal, step, callables(parse(goal.base))[goal.declaration].decl.span.start).text


def lean_text(goal: LeanGoal, step: LeanStep) -> str:
    """The goal's text with a step in it."""
    return place(goal.text, goal.start, goal.unit, step).text


def dafny_words(text: str) -> list[str]:
    return [t.text for t in dafny_tokens(text)]


def lean_words(text: str) -> list[str]:
    return [t.text for t in code(lean_tokens(text))]


def honest_dafny(goal: DafnyGoal, step: DafnyStep) -> None:
    """A step is insertions alone, and the gate has nothing against it but what it leaves open."""
    text = dafny_text(goal, step)
    found = compare(goal.base, text, goal.library.programs)
    assert {o.rule for o in found} <= {"assume", "bodyless-lemma"}, (found, text)


def honest_lean(goal: LeanGoal, step: LeanStep) -> None:
    """As `honest_dafny`."""
    text = lean_text(goal, step)
    found = judge_text(read(goal.text), read(text)).objections
    assert {o.rule for o in found} <= {"sorry"}, (found, text)


def one_dafny(goal: DafnyGoal, answer: str, *, cut: bool = False, raw: bool = False) -> DafnyStep:
    """The best step of an answer."""
    reading = read_dafny(goal, answer, cut=cut, raw=raw)
    assert reading.steps, reading.refused
    for step in reading.steps:
        honest_dafny(goal, step)
    return reading.steps[0]


def one_lean(goal: LeanGoal, answer: str, *, cut: bool = False, raw: bool = False) -> LeanStep:
    """The best step of an answer."""
    reading = read_lean(goal, answer, cut=cut, raw=raw)
    assert reading.steps, reading.refused
    for step in reading.steps:
        honest_lean(goal, step)
    return reading.steps[0]


def refusal(reading: Reading[DafnyStep] | Reading[LeanStep]) -> NotAnEdit:
    """Why an answer has no step."""
    assert not reading.steps and reading.refused, reading
    assert all(r.reason for r in reading.refused)
    return reading.refused[0]


def starter_dafny() -> Iterator[tuple[str, DafnyGoal, str, list[str], str]]:
    """Id, goal, the solution as a whole, its new declarations, and the goal's declaration in it. Facts that a task
    takes for granted are asserted, as in root goals of declarations that fail."""
    for folder in sorted((STARTER / "dafny").iterdir()):
        task, solution = ((folder / name).read_text() for name in ("task.dfy", "solution.dfy"))
        task = task.replace("assume ", "assert ")
        others = [parse(p.read_text()) for p in folder.glob("*.dfy") if p.stem not in ("task", "solution")]
        before, after = callables(parse(task)), callables(parse(solution))
        helpers = [solution[slice(*d.decl.span)] for name, d in after.items() if name not in before]
        for name, located in before.items():
            text = solution[slice(*after[name].decl.span)]
            if text.split() != task[slice(*located.decl.span)].split():
                goal = dafny_goal(task, name, included=Library(tuple(others)))
                yield f"{folder.name}:{name}", goal, solution, helpers, text


def starter_lean() -> Iterator[tuple[str, LeanGoal, str, list[str], str]]:
    """The same of the Lean tasks."""
    for folder in sorted((STARTER / "lean").iterdir()):
        task, solution = ((folder / name).read_text() for name in ("task.lean", "solution.lean"))
        commands = {c.full_name: c for c in read(solution).commands if c.declares}
        known = {c.full_name for c in read(task).commands if c.declares}
        helpers = [solution[c.start : c.end] for name, c in commands.items() if name not in known]
        for nth, _ in enumerate(sorries(task)):
            goal = lean_goal(task, nth)
            own = commands[goal.declaration]
            yield f"{folder.name}:{goal.declaration}", goal, solution, helpers, solution[own.start : own.end]
