"""What a goal needs to know of its functions: the calls that it speaks of where something has changed, and those that it
speaks of before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dafny_env.scope import TypeTable, formals, loops
from dafny_env.steps import GoalKind
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import free_names, walk
from prover.policy.symbolic.conjecture.paths import Path, conditions_of, is_known, negated, paths
from prover.policy.symbolic.instantiate import Term, goal_terms, terms_of
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.view import printed

MAX_TERMS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a body and the terms that matter from there on: those `known` at it, and those `wanted` later, told in
    its variables. offset: where a statement would stand; None for the start of a lemma's body."""

    offset: int | None
    indent: str
    scope: Mapping[str, Type]
    known: tuple[Term, ...]
    wanted: tuple[Term, ...]


def places(setting: Setting, invariants: Mapping[int, Sequence[ast.Expr]]) -> list[Place]:
    """The points of a goal's declaration. invariants: candidates, by the offset of their loop."""
    located = setting.located
    assert located is not None
    decl, table = located.decl, setting.table
    scope = {v.name: v.type for v in formals(decl) if v.type is not None}
    if setting.goal.kind is not GoalKind.DECLARATION or decl.is_lemma:
        wanted = tuple(goal_terms(decl, table)[:MAX_TERMS])
        requires = [e for c in decl.clauses_of("requires") for e in c.exprs]
        return [Place(None, "", scope, tuple(terms_of(requires, table, rounds=0)), wanted)]
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
        through = [p for p in paths(node.body.body, decl, table)]
        if isinstance(node, ast.For):
            step = ast.Binary("-" if node.down else "+", ast.Name(node.var.name), ast.Literal("int", 1))
            through = [Path({**p.values, node.var.name: step}, p.conditions, p.known, p.returned) for p in through]
        inner = loop.indent + "    "
        yield _place(node.body.span.start + 1, inner, scope, known, known, through, guard, table, ensures)
        if not loop.enclosing:
            behind = [s for s in decl.body.body if s.span.start > node.span.start] if isinstance(decl.body, ast.Block) else []
            left = tuple(negated(g) for g in guard)
            yield _place(node.span.end, loop.indent, scope, known, ensures, paths(behind, decl, table), left, table)


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
    after: dict[str, Term] = {}
    for path in through:
        conditions = tuple(c for c in (*guard, *conditions_of(path)) if is_known(c))
        told = [path.told(e) for e in (at_return if path.returned and at_return else wanted)]
        before += [Term(t.call, conditions) for t in terms_of(list(path.known), table, rounds=0)]
        for term in terms_of(told, table, rounds=1):
            new = Term(term.call, (*conditions, *term.conditions))
            after.setdefault(printed(new.call) + "|" + "|".join(map(printed, new.conditions)), new)
    names = frozenset(scope)
    known_terms = tuple(dict.fromkeys(t for t in before if _nameable(t.call, names, table)))
    calls = {t.call for t in known_terms}
    wanted_terms = tuple(t for t in after.values() if _nameable(t.call, names, table) and t.call not in calls)
    return Place(offset, indent, scope, known_terms[:MAX_TERMS], wanted_terms[:MAX_TERMS])


def _nameable(expr: ast.Expr, names: frozenset[str], table: TypeTable) -> bool:
    free = free_names(expr)
    return is_known(expr) and all(n in names or n in table.callables or n in table.constructors for n in free)
