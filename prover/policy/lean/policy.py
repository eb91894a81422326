"""The symbolic policy for Lean goals: which steps are proposed at which rung of a goal's ladder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lean_project.steps import LeanStep, as_step
from prover.policy.lean.instances import instances
from prover.policy.lean.lemmas import lemmas
from prover.policy.lean.look import Look, applied, words_of
from prover.policy.lean.moves import applications, inductions, moves, rewrites, taken_apart
from prover.policy.lean.portfolio import filled, portfolio
from search.ports import Accepted, Goal, PolicyContext, Proposals, Rung

Alternatives = tuple[str, tuple[LeanStep, ...]]
"""What kind of steps, and several that come to the same: those behind the first that is accepted are not tried."""
_SUMS = "Nat.add_comm, Nat.add_left_comm, Nat.add_assoc"
_PRODUCTS = "Nat.mul_add, Nat.add_mul"
_BRANCHES = frozenset(["if", "match"])
_COUNTED = frozenset(["Nat", "Int", "Fin", "List", "Array", "String"])
"""Types with numbers in them or lengths: where no variable has one, `omega` is not tried after other tactics."""
_MOST_MOVED = 2
_MOST_APART = 3
"""Variables of which all cases are taken at once, besides the one of an induction."""
MOST_DEEP = 12
"""Depth from which on nothing is decomposed any more."""


class LeanPolicy:
    """Implements `search.ports.Policy` for Lean goals. Needs no model. missing: tactics that do not work here (see
    `portfolio.missing_tactics`)."""

    name = "symbolic"
    rungs = tuple(Rung)

    def __init__(self, missing: frozenset[str] = frozenset()) -> None:
        self._portfolio = portfolio().without(missing)
        self._missing = missing
        self._without_numbers = self._portfolio.without({"omega"})

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        """Yield candidates for a goal until out of ideas."""
        for kind, alternatives in self._steps(Look(goal.payload), context):
            for step in alternatives:
                verdict = yield as_step(step, kind)
                if isinstance(verdict, Accepted):
                    break

    def _steps(self, look: Look, context: PolicyContext) -> Iterator[Alternatives]:
        counted = any(not words_of(type_).isdisjoint(_COUNTED) for _, type_ in look.variables)
        known = self._portfolio if counted else self._without_numbers
        missing = self._missing if counted else self._missing | {"omega"}
        match context.rung:
            case Rung.PROBE:
                yield from _closing(look, self._portfolio.probe)
            case Rung.CLOSE:
                # Outside of an induction, one is what it mostly takes.
                nested = any(n.startswith("ih") for n, _ in look.facts)
                if not nested:
                    yield from _inductions(look, missing)
                yield from _moved_on(look)
                yield from _closing(look, known.closing(look.signs))
                yield from _specialised(look)
                if nested:
                    yield from _inductions(look, missing)
            case Rung.DECOMPOSE if not context.whole and context.depth <= MOST_DEEP:
                yield from _bodies("move", moves(look))
                yield from _bodies("rewrite", rewrites(look))
                yield from _bodies("apply", applications(look))
            case Rung.REPAIR if not context.whole and context.depth <= MOST_DEEP:
                yield from (("lemma", steps) for steps in lemmas(look))


def _bodies(kind: str, bodies: Iterable[str | tuple[str, ...]]) -> Iterator[Alternatives]:
    for body in bodies:
        yield kind, tuple(LeanStep(b) for b in ((body,) if isinstance(body, str) else body))


def _closing(look: Look, lines: Iterable[str]) -> Iterator[Alternatives]:
    names = [f.name for f in look.functions]
    recursive = [f.name for f in look.functions if f.recursive]
    fillings = {
        "defs": [", ".join(names)] if names else [],
        "recs": [", ".join(recursive)] if recursive and recursive != names else [],
        "def": names,
        "lemmas": [", ".join(x.name for x in look.lemmas)] if look.lemmas else [],
        "hyp": [n for n, _ in look.facts],
    }
    return _bodies("tactic", filled(lines, fillings))


def _inductions(look: Look, missing: frozenset[str]) -> Iterator[Alternatives]:
    """Whole proofs by induction, all cases closed in one go."""
    names = [f.name for f in look.functions]
    defs = ", ".join(names)
    endings = ["simp_all"] if not names else [f"simp_all [{defs}]", f"simp_all [{defs}, {_SUMS}]"]
    if any(not f.words.isdisjoint(_BRANCHES) for f in look.functions):
        endings.append(f"simp_all [{defs}] <;> (repeat' split) <;> simp_all [{_SUMS}]")
    if "omega" not in missing:
        endings.append(f"simp_all [{', '.join([*names, _PRODUCTS])}] <;> omega")
    apart = taken_apart(look)
    for body in inductions(look):
        head = body.partition(" with\n")[0]
        for ending in endings:
            yield "induction", (LeanStep(f"{head} <;> {ending}"),)
        if not names:
            continue
        # Case by case: an equation that simplification would use for ever is turned, and the arguments that the
        # functions take apart along with the one of the induction come in all their cases.
        closed = f"first | (simp_all [{defs}]; done) | (apply ih <;> assumption) | (simp [{defs}, ← ih]; done)"
        others = [n for n in apart if n != head.split()[1]] if "generalizing" in head else []
        cases = "".join(f"cases {n} <;> " for n in others) if len(others) <= _MOST_APART else ""
        yield "induction", (LeanStep(body.replace("sorry", f"{cases}{closed} | (simp [{defs}, *]; done)")),)
    if "fun_induction" not in missing:
        for call in _calls(look):
            closing = endings[:1] if "omega" in missing else [endings[0], endings[-1]]
            yield "induction", tuple(LeanStep(f"fun_induction {call} <;> {ending}") for ending in closing)


def _moved_on(look: Look) -> Iterator[Alternatives]:
    """A universal hypothesis about the next number, which no rewriting comes upon."""
    defs = ", ".join(f.name for f in look.functions)
    h = look.fresh("h")[0]
    for term in [t for t in instances(look) if "+ 1)" in t][:_MOST_MOVED] if defs else ():
        yield "instance", (LeanStep(f"have {h} := {term}\nsimp_all [{defs}, {_SUMS}]"),)


def _specialised(look: Look) -> Iterator[Alternatives]:
    """A universal hypothesis applied to what there is, and simplification."""
    defs = ", ".join(f.name for f in look.functions)
    h = look.fresh("h")[0]
    for term in instances(look) if defs else ():
        for ending in (f"simp_all [{defs}]", f"simp_all [{defs}, {_SUMS}]"):
            yield "instance", (LeanStep(f"have {h} := {term}\n{ending}"),)


def _calls(look: Look) -> Iterator[str]:
    for function in look.functions:
        count = len(function.explicit) + len(function.arrows) - 1
        short = function.name.rpartition(".")[2]
        for _, args in applied(look.target, short, count):
            if function.recursive and all(a.isidentifier() for a in args):
                yield " ".join([short, *args])
