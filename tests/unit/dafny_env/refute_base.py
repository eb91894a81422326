"""Looking at one declaration of a text without any verifier, and what is said of it."""

from __future__ import annotations

import math

from dafny_env.index import callables
from dafny_env.refute.admissible import obstacle
from dafny_env.refute.looking import SUBGOAL, Bounds, Clock, Looking
from dafny_env.refute.telling import lines_of, tell
from dafny_env.steps import DafnyGoal, GoalKind
from dafny_env.syntax.parser import parse


def witness(text: str, name: str = "M", *, trusted: tuple[str, ...] = (), bounds: Bounds = SUBGOAL) -> str | None:
    """What refutes a declaration (its simple name, or all of it) as it stands; None where nothing is found. trusted:
    the names of declarations whose contracts are known to hold."""
    return _looked(text, name, None, trusted, bounds)


def fact_witness(text: str, name: str = "M", *, trusted: tuple[str, ...] = ()) -> str | None:
    """The same for the fact of the last `assume` in a text."""
    return _looked(text, name, text.rindex("assume"), trusted, SUBGOAL)


def _looked(text: str, name: str, fact: int | None, trusted: tuple[str, ...], bounds: Bounds) -> str | None:
    program = parse(text)
    assert program.problems == (), program.problems
    if obstacle((program,)) is not None:
        return None
    index = callables(program)
    name = next(each for each in index if name in (each, each.rpartition(".")[2]))
    decl = index[name].decl
    bodyless = decl.is_lemma and decl.body is None
    kind = GoalKind.FACT if fact is not None else GoalKind.LEMMA if bodyless else GoalKind.DECLARATION
    site = decl.span if fact is None else decl.span._replace(start=fact)
    goal = DafnyGoal(kind, name, text, site)
    looking = Looking(goal, program, (), {each: index[each].decl for each in trusted}, Clock(math.inf))
    evidence = looking.draw(bounds)
    return None if evidence is None else tell(name, evidence, text, lines_of(text))
