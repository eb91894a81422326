"""The text in which Lean looks for a counterexample: in the place of the goal's `sorry` all hypotheses are reverted,
and what is left, a closed statement, is shown to be false for one of some values.

Lean itself reverts, so that no statement is printed and read again. An axiom closes the goal then, given a proof that
it is false; what else the declaration leaves open is closed by another one. So the axioms that the declaration depends
on tell whether that proof used anything that is not proved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lean_project.driver.types import Diagnostic
from lean_project.olean.closure import STANDARD_AXIOMS
from lean_project.refute.statement import Kind, Statement
from lean_project.steps import LeanGoal, LeanStep, place
from lean_project.syntax.commands import commands
from lean_project.syntax.holes import sorries

_MARK = "lemmatree_"
_NO, _OPEN = f"{_MARK}no", f"{_MARK}open"
_AXIOMS = f"axiom {_NO} {{p : Prop}} (no : ¬p) : p\naxiom {_OPEN}.{{{_MARK}u}} {{{_MARK}a : Sort {_MARK}u}} : {_MARK}a"
_DEPENDS = re.compile(r"depends on axioms: \[([^\]]*)\]")
_WITNESS = re.compile(rf"^{_MARK}witness (\d+)$")
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A text to be checked, for some choices of values."""

    text: str
    choices: tuple[Values, ...]

    def found(self, diagnostics: Sequence[Diagnostic]) -> Values | None:
        """The values for which the goal is false, of a check without errors; None unless that proof rests on the
        standard axioms alone."""
        told = [d.message.strip() for d in diagnostics if d.severity == "info"]
        numbers = [int(m[1]) for message in told if (m := _WITNESS.match(message))]
        lists = [m[1] for message in told if (m := _DEPENDS.search(message))]
        if len(numbers) != 1 or len(lists) != 1 or numbers[0] >= len(self.choices):
            return None
        axioms = {name.strip() for name in lists[0].split(",")}
        own = {name for name in axioms if name.rpartition(".")[2] in (_NO, _OPEN)}
        return self.choices[numbers[0]] if own and axioms - own <= STANDARD_AXIOMS else None


def attempt(goal: LeanGoal, statement: Statement, choices: Sequence[Values], tactics: str) -> Attempt | None:
    """Try the choices one after the other. tactics: a line that decides propositions about values. None where the
    goal's declaration has no name that one could ask about."""
    if _MARK in goal.text or not choices:
        return None
    named = _named(goal)
    if named is None:
        return None
    text, start, name = named
    for hole in reversed(sorries(text)):
        if hole.start >= goal.unit and hole.start != start:
            other = _OPEN if hole.position == "term" else f"exact {_OPEN}"
            text = text[: hole.start] + other + text[hole.end :]
            if hole.start < start:
                start += len(other) - (hole.end - hole.start)
    body = [f"rename_i {' '.join(statement.unnamed)}"] if statement.unnamed else []
    body += [f"revert {' '.join(statement.revert)}"] if statement.revert else []
    body.append("first")
    for k, choice in enumerate(choices):
        given = " ".join(_terms(statement, choice, tactics))
        # `@`: neither arguments nor variables are put in for the implicit ones of the statement.
        refuted = f"exact @(@{_NO} _ (fun h => absurd (@h {given}) (by {tactics})))"
        body.append(f'| {refuted}; trace "{_MARK}witness {k}"')
    placed = place(text, start, goal.unit, LeanStep("\n".join(body), _AXIOMS))
    return Attempt(f"{placed.text.rstrip()}\n\n#print axioms {name}\n", tuple(choices))


def _named(goal: LeanGoal) -> tuple[str, int, str] | None:
    """The goal's text, the offset of its `sorry`, and the name of its declaration; an `example` is given one."""
    around = next((c for c in commands(goal.text) if c.declares and c.start <= goal.start < c.end), None)
    if around is None:
        return None
    if around.name:
        return goal.text, goal.start, around.name
    if around.keyword != "example":
        return None
    name = f"{_MARK}example"
    at, end = around.keyword_at, around.keyword_at + len("example")
    text = f"{goal.text[:at]}theorem {name}{goal.text[end:]}"
    return text, goal.start + len(text) - len(goal.text), name


def _terms(statement: Statement, choice: Values, tactics: str) -> list[str]:
    values = iter(choice)
    proof = f"(by {tactics})"
    given = {Kind.INSTANCE: "(by infer_instance)", Kind.PREMISE: proof}
    return [next(values) if a.kind is Kind.DATA else given[a.kind] for a in statement.arguments]
