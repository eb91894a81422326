"""What a goal needs to know of its functions: the calls that it speaks of where something has changed, and those that
it speaks of before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dafny_env.scope import TypeTable, formals, loops
from dafny_env.steps import GoalKind
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import free_names, substitute, walk
from prover.policy.symbolic.conjecture.paths import Path, conditions_of, is_known, negated, paths
from prover.policy.symbolic.conjecture.terms import Fn
from prover.policy.symbolic.instantiate import Term, goal_terms, terms_of
from prover.policy.symbolic.setting import Setting

MAX_TERMS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a body and the terms that matter from there on: those `known` at it, and those `wanted` later, told in
    its variables; `beyond` are those that definitions make of the latter. Calls that a definition tells at once are
    left out. offset: where a statement would stand; None for the start of a lemma's body."""

    offset: int | None
    indent: str
    scope: Mapping[str, Type]
    known: tuple[Term, ...]
    wanted: tuple[Term, ...]
    beyond: tuple[Term, ...] = ()
    origins: Mapping[ast.Expr, ast.Expr] = field(default_factory=dict)
    """The call at hand that one beyond was unfolded from."""


def places(setting: Setting, invariants: Mapping[int, Sequence[ast.Expr]], functions: Sequence[Fn]) -> list[Place]:
    """The points of a goal's declaration. invariants: candidates, by the offset of their loop."""
    return [_without_plain(p, functions, setting.table) for p in _places(setting, invariants)]


def _without_plain(place: Place, functions: Sequence[Fn], table: TypeTable) -> Place:
    def telling(terms: Iterable[Term]) -> tuple[Term, ...]:
        found = (t for t in terms if not any(f.tells_at_once(t.call, table) for f in functions))
        return tuple(dict.fromkeys(found))[:MAX_TERMS]

    return replace(place, known=telling(place.known), wanted=telling(place.wanted), beyond=telling(place.beyond))


def _places(setting: Setting, invariants: Mapping[int, Sequence[ast.Expr]]) -> list[Place]:
    located = setting.located
    assert located is not None
    decl, table = located.decl, setting.table
    scope = {v.name: v.type for v in formals(decl) if v.type is not None}
    if setting.goal.kind is not GoalKind.DECLARATION or decl.is_lemma:
        requires = [e for c in decl.clauses_of("requires") for e in c.exprs]
        stated = [e for c in decl.clauses_of("ensures") for e in c.exprs]
        known, direct = (tuple(terms_of(exprs, table, rounds=0)) for exprs in (requires, stated))
        return [Place(None, "", scope, known, direct, tuple(t for t in goal_terms(decl, table) if t not in direct))]
    if not isinstance(decl.body, ast.Block):
        return []
    found = [p for p in _at_loops(setting, invariants) if p.wanted]
    ensures = [e for c in decl.clauses_of("ensures") for e in c.exprs]
    requires = [e for c in decl.clauses_of("requires") for e in c.exprs]
    if not any(isinstance(n, ast.While | ast.For | ast.Alternatives) for n in walk(decl.body)):
        through = paths(decl.body.body, decl, table)
        place = _place(decl.body.span.start + 1, "  ", scope, requires, ensures, through, (), table)
        found.append(place)
    return found


def _at_loops(setting: Setting, invariants: Mapping[int, Sequence[ast.Expr]]) -> Iterator[Place]:
    assert setting.located is not None
    decl, table = setting.located.decl, setting.table
    ensures = [e for c in decl.clauses_of("ensures") for e in c.exprs]
    for loop in loops(setting.goal.base, decl, table):
        node = loop.node
        if isinstance(node, ast.Alternatives) or node.body is None:
            continue
        known = [*invariants.get(loop.last, ()), *(e for c in node.clauses if c.kind == "invariant" for e in c.exprs)]
        guard: tuple[ast.Expr, ...] = (node.guard,) if isinstance(node, ast.While) else ()
        scope = {v.name: v.type for v in loop.variables if v.type is not None}
        through = paths(node.body.body, decl, table)
        if isinstance(node, ast.For):
            step = ast.Binary("-" if node.down else "+", ast.Name(node.var.name), ast.Literal("int", 1))
            through = [Path({**p.values, node.var.name: step}, p.conditions, p.known, p.returned) for p in through]
        if not loop.enclosing and isinstance(decl.body, ast.Block):
            first = [s for s in decl.body.body if s.span.end <= node.span.start]
            given = {v.name: v.type for v in formals(decl) if v.type is not None}
            entry = known
            if isinstance(node, ast.For) and (begin := node.high if node.down else node.low) is not None:
                entry = [substitute(e, {node.var.name: begin}) for e in known]
            requires = [e for c in decl.clauses_of("requires") for e in c.exprs]
            start = decl.body.span.start + 1
            yield _place(start, "  ", given, requires, entry, paths(first, decl, table), (), table)
        inner = loop.indent + "    "
        yield _place(node.body.span.start + 1, inner, scope, known, known, through, guard, table, ensures)
        if not loop.enclosing and isinstance(decl.body, ast.Block):
            rest = [s for s in decl.body.body if s.span.start > node.span.start]
            left = tuple(negated(g) for g in guard)
            if isinstance(node, ast.For):
                name, end = node.var.name, node.low if node.down else node.high
                scope = {n: t for n, t in scope.items() if n != name}
                known = [substitute(e, {name: end}) for e in known] if end is not None else []
            yield _place(node.span.end, loop.indent, scope, known, ensures, paths(rest, decl, table), left, table)


def _place(
    offset: int,
    indent: str,
    scope: Mapping[str, Type],
    known: Sequence[ast.Expr],
    wanted: Sequence[ast.Expr],
    through: Sequence[Path],
    guard: tuple[ast.Expr, ...],
    table: TypeTable,
    at_return: Sequence[ast.Expr] = (),
) -> Place:
    before = [Term(t.call, guard) for t in terms_of([*known], table, rounds=0)]
    after: list[Term] = []
    for path in through:
        conditions = tuple(c for c in (*guard, *conditions_of(path)) if is_known(c))
        told = [path.told(e) for e in (at_return if path.returned and at_return else wanted)]
        before += [Term(t.call, conditions) for t in terms_of(list(path.known), table, rounds=0)]
        after += [Term(t.call, (*conditions, *t.conditions)) for t in terms_of(told, table, rounds=0)]
    names = frozenset(scope)
    known_terms, direct = (
        tuple(t for t in dict.fromkeys(ts) if _nameable(t.call, names, table)) for ts in (before, after)
    )
    beyond: dict[Term, ast.Expr] = {}
    for term in (*direct, *known_terms):
        for new in terms_of([term.call], table, rounds=1):
            if new.call != term.call and _nameable(new.call, names, table):
                beyond.setdefault(Term(new.call, (*term.conditions, *new.conditions)), term.call)
    origins: dict[ast.Expr, ast.Expr] = {t.call: origin for t, origin in beyond.items()}
    return Place(offset, indent, scope, known_terms, direct, tuple(beyond), origins)


def _nameable(expr: ast.Expr, names: frozenset[str], table: TypeTable) -> bool:
    free = free_names(expr)
    return is_known(expr) and all(n in names or n in table.callables or n in table.constructors for n in free)
