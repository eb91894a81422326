"""Whether what one module states is what another states: term by term, down to everything that both define themselves.

Two texts that differ in proofs alone still differ a little as Lean compiled them: it names auxiliary definitions and
lemmas after the first declaration that needs them. So the names of definitions and theorems may differ where their
content agrees, and of theorems only the statements count. That is sound: equal definitions are equal by unfolding, and
all proofs of one statement are equal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lean_project.olean.module import Constant, Module, Sort
from lean_project.olean.region import Malformed, UnknownFormat
from lean_project.olean.terms import Terms, simple_parts

_NUMBERED = re.compile(r"_.*|(match|proof|eq|splitter|aux|sizeOf|congr|hcongr)_\d+")
_ON_DEMAND = frozenset(
    """eq_def congr_simp induct induct_unfolding fun_cases fun_cases_unfolding mutual_induct sizeOf_spec injEq
    inj splitter hcongr""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A constant of the original that is another one in the candidate, or none. what: `missing`, `kind`, `type`,
    `value`, `details`, or `axiom-added`. through: the constant used in it where the difference was seen."""

    name: str
    what: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A constant of the original and the one of the candidate that has to say the same."""

    original: str
    candidate: str


def is_numbered(name: str) -> bool:
    """Whether Lean may have made up the name for an auxiliary definition or lemma, counting them: another one may have
    it in another text."""
    parts = simple_parts(name)
    return any(_NUMBERED.fullmatch(p) for p in (parts[1:] if parts[:1] == ("_private",) else parts))


def is_on_demand(name: str) -> bool:
    """Whether Lean may have made it up when something first asked for it: it may be missing in another text."""
    return simple_parts(name)[-1:] != () and simple_parts(name)[-1] in _ON_DEMAND


def compare(
    original: Module, candidate: Module, required: Iterable[str] = (), *, may_differ: Iterable[str] = ()
) -> list[Difference] | UnknownFormat:
    """How the constants of the original differ in the candidate; both must have been read into one store.

    required: constants that are compared even if Lean could have generated their names. may_differ: constants whose
    values may differ although they are no theorems.
    """
    try:
        return _Comparison(original, candidate, frozenset(may_differ)).run(required)
    except Malformed as error:
        return UnknownFormat(str(error))


class _Comparison:
    def __init__(self, original: Module, candidate: Module, may_differ: frozenset[str]) -> None:
        if original.terms is not candidate.terms:
            raise ValueError("modules from different stores cannot be compared")
        self._original = original
        self._candidate = candidate
        self._terms: Terms = original.terms
        self._may_differ = may_differ
        self._verdicts: dict[_Pair, tuple[Difference | None, frozenset[_Pair]]] = {}
        # Data that the original leaves open carries its place in the text: places move, but two never become one.
        self._places: tuple[dict[int, int], dict[int, int]] = ({}, {})

    def run(self, required: Iterable[str]) -> list[Difference]:
        wanted = set(required)
        found = []
        for name in self._original.names:
            absent = name not in self._candidate and is_on_demand(name)
            if name not in wanted and (is_numbered(name) or absent):
                continue  # looked at where something uses it
            difference = self._statement(name)
            if difference is not None:
                found.append(difference)
        found += [Difference(n, "missing") for n in sorted(wanted) if n not in self._original]
        for name in self._candidate.names:
            if self._candidate.constant(name).sort is Sort.AXIOM and name not in self._original:
                found.append(Difference(name, "axiom-added"))
        return found

    def _statement(self, name: str) -> Difference | None:
        """The first difference of a constant, or of one that it uses."""
        if name not in self._candidate:
            return Difference(name, "missing")
        start = _Pair(name, name)
        todo, seen = [start], {start}
        while todo:
            pair = todo.pop()
            if pair not in self._verdicts:
                below = set[_Pair]()
                self._verdicts[pair] = (self._pair(pair, below), frozenset(below))
            difference, needs = self._verdicts[pair]
            if difference is not None:
                through = "" if pair == start else difference.through or difference.name
                return Difference(name, difference.what, through)
            todo.extend(needs - seen)
            seen |= needs
        return None

    def _pair(self, pair: _Pair, needs: set[_Pair]) -> Difference | None:
        a, b = self._original.constant(pair.original), self._candidate.constant(pair.candidate)
        if a.sort is not b.sort or a.safety != b.safety or len(a.parameters) != len(b.parameters):
            return Difference(a.name, "kind")
        if a.parameters != b.parameters or not self._agree(a.type, b.type, needs):
            return Difference(a.name, "type")
        if a.sort is Sort.THEOREM:
            return None
        if a.value is not None and a.name not in self._may_differ and not self._values(a, b, needs):
            return Difference(a.name, "value")
        if a.details != b.details or len(a.rules) != len(b.rules):
            return Difference(a.name, "details")
        for left, right in zip(a.rules, b.rules, strict=True):
            if not self._agree(left, right, needs):
                return Difference(a.name, "details")
        for name in a.related:
            if (name in self._original) != (name in self._candidate):
                return Difference(a.name, "details", name)
            if name in self._original:
                needs.add(_Pair(name, name))
        return None

    def _values(self, a: Constant, b: Constant, needs: set[_Pair]) -> bool:
        return a.value is not None and b.value is not None and self._agree(a.value, b.value, needs)

    def _agree(self, left: int, right: int, needs: set[_Pair]) -> bool:
        """Whether two expressions are the same, given that the pairs of constants in `needs` are."""
        terms, todo, seen = self._terms, [(left, right)], set[tuple[int, int]]()
        while todo:
            pair = todo.pop()
            if pair in seen:
                continue
            seen.add(pair)
            a, b = pair
            names = terms.constants(a) if a == b else frozenset(["sorryAx"])
            if "sorryAx" not in names:
                if not all(self._constant(name, name, needs) for name in names):
                    return False
                continue
            terms.spend(1)
            hole = self._hole(a)
            if hole is not None:
                if hole == "proof":
                    continue
                if not self._same_place(a, b, todo):
                    return False
                continue
            x, y = terms.nodes[a], terms.nodes[b]
            if x[0] != y[0]:
                return False
            if x[0] == "const":
                if x[2] != y[2] or not self._constant(str(x[1]), str(y[1]), needs):
                    return False
            elif x[0] == "proj":
                if x[1:3] != y[1:3] or not self._constant(str(x[1]), str(y[1]), needs):
                    return False
                todo.append((int(str(x[3])), int(str(y[3]))))
            else:
                below = list(zip(terms.parts(a), terms.parts(b), strict=True))
                if not below and a != b:  # bound variables, sorts, literals
                    return False
                todo += below
        return True

    def _constant(self, left: str, right: str, needs: set[_Pair]) -> bool:
        """Whether two constants may stand for each other; what is still to be seen goes into `needs`."""
        a, b = left in self._original, right in self._candidate
        if not a and not b:
            return left == right  # imported, and the imports are the same
        if a != b:
            return False
        if left != right:
            sorts = {self._original.constant(left).sort, self._candidate.constant(right).sort}
            if len(sorts) != 1 or not sorts <= {Sort.DEFINITION, Sort.THEOREM}:
                return False
        needs.add(_Pair(left, right))
        return True

    def _hole(self, term: int) -> str | None:
        """`proof` or `data` where the original has a `sorry` for one; None elsewhere."""
        head, _ = self._terms.spine(term)
        node = self._terms.nodes[head]
        if node[0] != "const" or node[1] != "sorryAx" or "sorryAx" in self._original:
            return None
        levels = self._terms.nodes[int(str(node[2]))]
        if len(levels) != 2:
            return None
        return "proof" if self._terms.is_zero(int(str(levels[1]))) else "data"

    def _same_place(self, a: int, b: int, todo: list[tuple[int, int]]) -> bool:
        """A `sorry` for data is `sorryAx (Name → T) _ place`: all but the place is compared as usual."""
        (head, left), (other, right) = self._terms.spine(a), self._terms.spine(b)
        if head != other or len(left) != len(right) or len(left) < 3:
            return False
        there, back = self._places
        if there.setdefault(left[2], right[2]) != right[2] or back.setdefault(right[2], left[2]) != left[2]:
            return False
        todo += [pair for k, pair in enumerate(zip(left, right, strict=True)) if k != 2]
        return True
