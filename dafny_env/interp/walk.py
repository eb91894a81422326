"""Enumerating the points at which a formula may have a wanted value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dafny_env.interp.domains import NOTHING, Deriver, Domain, Range, both
from dafny_env.interp.isolation import mentions
from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.names import guessed_type
from dafny_env.interp.outcome import Failure, Fault, OutOfFuel, Unsupported
from dafny_env.interp.typing_of import Unfolded, constraints_on, tested, unfold
from dafny_env.interp.values import Data, Value
from dafny_env.interp.world import Scope, compile_expr
from dafny_env.syntax import ast
from dafny_env.syntax.walk import conjuncts

_WINDOW = 12
_CHARS = " 019ABZabz"


@dataclass(frozen=True, slots=True)
class _Level:
    """One variable of a walk: where it is stored, its domain, its type's constraints (not known to be those that Dafny
    infers unless it is declared with a type), and guards decided by now."""

    name: str
    key: str
    domain: Domain
    constraints: list[Code]
    declared: bool
    guards: list[Code]
    kind: str | None


class Walk:
    """Enumerates the points at which a formula may have the wanted value."""

    def __init__(self, bound: tuple[ast.BoundVar, ...], formula: ast.Expr, wanted: bool, scope: Scope) -> None:
        """`scope` has the variables bound already."""
        guesses = {v.name: guessed_type(v.name, formula, scope) for v in bound if v.type is None}
        names = tuple(v.name for v in bound)
        deriver = Deriver(formula, wanted, scope, names)
        guards = list(_guards(formula, wanted))
        self.levels: list[_Level] = []
        rest = list(bound)
        while rest:
            domains = [both([deriver.domain(v.name), _typed(v, guesses.get(v.name), scope)]) for v in rest]
            chosen = max(range(len(rest)), key=lambda k: (domains[k].finite, domains[k].low + domains[k].high, -k))
            variable = rest.pop(chosen)
            deriver.known.add(variable.name)
            decided = [
                compile_expr(g, scope)
                for g in guards
                if rest and variable.name in (used := mentions(g)) and not used & {v.name for v in rest}
            ]
            key = scope.names[variable.name]
            self.levels.append(
                _Level(
                    variable.name,
                    key,
                    domains[chosen],
                    constraints_on(variable.type or guesses.get(variable.name), key, scope),
                    variable.type is not None,
                    decided,
                    _kind(variable.type or guesses.get(variable.name), scope),
                )
            )

    def find(self, fr: Frame, test: Callable[[Frame], bool], *, partial: bool = True) -> bool:
        """Whether `test` holds somewhere, leaving the variables there. Raises `Unsupported` when it was found nowhere
        but not every point could be looked at; without `partial`, as soon as that is known."""
        missed: list[str] = []
        try:
            if self._level(fr, 0, test, missed, partial):
                return True
        except Fault as fault:
            if all(level.declared or _surely_inferred(fr.vars.get(level.key)) for level in self.levels):
                raise
            raise fault.elsewhere() from None
        if missed:
            raise Unsupported(missed[0])
        return False

    def _level(self, fr: Frame, depth: int, test: Callable[[Frame], bool], missed: list[str], partial: bool) -> bool:
        if depth == len(self.levels):
            try:
                return test(fr)
            except Unsupported as failure:
                if not partial:
                    raise
                missed.append(failure.reason)
                return False
        level = self.levels[depth]
        known = level.domain.run(fr)
        if not known.finite:
            reason = f"unbounded {level.name}"
            if not partial:
                raise Unsupported(reason)
            missed.append(reason)
            known = _sample(known, level)
        m, variables_, key = fr.m, fr.vars, level.key
        for value in known.values():
            m.tick()
            variables_[key] = value
            if level.constraints and not tested(fr, level.constraints):
                if not level.declared:
                    reason = f"type of {level.name}"
                    if not partial:
                        raise Unsupported(reason)
                    missed.append(reason)
                continue
            if level.guards and _refuted(fr, level.guards):
                continue
            if self._level(fr, depth + 1, test, missed, partial):
                return True
        return False


def _surely_inferred(value: Value) -> bool:
    """Whether a value is among those of a variable without a type for certain: Dafny may infer `nat`."""
    return type(value) is not int or value >= 0


def _refuted(fr: Frame, guards: list[Code]) -> bool:
    """Whether a guard is false here; one that cannot be evaluated decides nothing."""
    for guard in guards:
        try:
            if guard(fr) is False:
                return True
        except OutOfFuel:
            raise
        except Failure:
            continue
    return False


def _sample(known: Range, level: _Level) -> Range:
    """Some values of an unbounded variable, among which a witness decides."""
    low, high = known.low, known.high
    if type(low) is int:
        return Range(low, low + _WINDOW)
    if type(high) is int:
        return Range(high - _WINDOW if level.kind == "int" else max(0, high - _WINDOW), high)
    if level.kind == "int":
        return Range(-3, _WINDOW - 4)
    if level.kind == "nat":
        return Range(0, _WINDOW - 4)
    if level.kind == "char":
        return Range(elements=list(_CHARS))
    return Range(elements=[])


def _guards(formula: ast.Expr, wanted: bool) -> list[ast.Expr]:
    """Formulas all of which are true wherever `formula` has the wanted value."""
    if wanted:
        return list(conjuncts(formula))
    found: list[ast.Expr] = []
    while isinstance(formula, ast.Binary) and formula.op == "==>":
        found.extend(conjuncts(formula.left))
        formula = formula.right
    return found


def _kind(type_: ast.Type | None, scope: Scope) -> str | None:
    """What to sample an unbounded variable from: `int`, `nat`, `char`, or None."""
    unfolded = None if type_ is None else unfold(type_, scope.module, scope.world)
    if unfolded is None or unfolded.constraints or unfolded.kind not in ("int", "char"):
        return None
    return "nat" if unfolded.nonnegative else unfolded.kind


def _typed(variable: ast.BoundVar, guess: ast.Type | None, scope: Scope) -> Domain:
    """What the type says of a variable's values. A guess only tells the base type: whether Dafny infers a subset type
    is left open."""
    if variable.type is None:
        unfolded = None if guess is None else unfold(guess, scope.module, scope.world)
        return NOTHING if unfolded is None or unfolded.nonnegative else _of_kind(unfolded)
    unfolded = unfold(variable.type, scope.module, scope.world)
    parts = [_of_kind(unfolded)]
    for info in unfolded.constraints:
        if info.decl.constraint is not None and info.decl.var is not None:
            names = {info.decl.var: scope.names[variable.name]}
            inner = Scope(scope.world, info.module, None, names, {})
            parts.append(Deriver(info.decl.constraint, True, inner, (info.decl.var,)).domain(info.decl.var))
    return both(parts)


def _of_kind(unfolded: Unfolded) -> Domain:
    if unfolded.nonnegative:
        return Domain(True, False, False, lambda fr: Range(low=0))
    values: list[Value] | None = None
    if unfolded.kind == "bool":
        values = [False, True]
    elif unfolded.datatype is not None and not any(c.ctor.fields for c in unfolded.datatype.ctors.values()):
        values = [Data(c.ctor) for c in unfolded.datatype.ctors.values()]
    if values is None:
        return NOTHING
    listed = values
    return Domain(False, False, True, lambda fr: Range(elements=listed))
