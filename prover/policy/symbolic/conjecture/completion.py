"""Equations, cases and implications that hold of an opening on small inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, islice

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import free_names, walk
from prover.policy.symbolic.conjecture.atoms import atoms_of
from prover.policy.symbolic.conjecture.lab import LEAST, Lab
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.statement import Conjecture, conjecture
from prover.policy.symbolic.conjecture.synthesis import equal_terms
from prover.policy.symbolic.conjecture.terms import (
    BOOL,
    NAT,
    Fn,
    Term,
    is_integer,
    number,
    requirements,
    size,
)

CHEAP, MAX_CASES, MAX_HYPOTHESES, LARGEST = 1, 10, 4, 1000
"""The cost up to which cases are told apart, by how many conditions; predicates that may imply another; and the largest
constant that is taken from a function."""
ATTEMPTS = 6
"""Terms that are tried for the other side."""
AGAINST = 2
"""What it costs to take a sequence apart from both ends."""


def completed(
    opening: Opening, functions: Sequence[Fn], lab: Lab, table: TypeTable, taken: frozenset[str]
) -> Iterator[Conjecture]:
    """The equations that hold of an opening on small inputs, with what their calls ask for as preconditions."""
    requires = [*opening.requires, *requirements([opening.left.expr], functions)]
    requires += natural_arguments(opening.left.expr, functions, opening.variables, table)
    inputs = lab.inputs(opening.variables, requires)
    if len(inputs) < LEAST:
        return

    def distinct(known: Sequence[Term], new: Sequence[Term]) -> list[Term]:
        seen = {lab.column(t.expr, inputs, lenient=True) for t in known}
        kept = []
        for term in new:
            column = lab.column(term.expr, inputs, lenient=True)
            if column is not None and column not in seen:
                seen.add(column)
                kept.append(term)
        return kept

    atoms = list(atoms_of(opening, table, distinct))
    numbers = [n for f in opening.others[:1] for n in _constants_of(f)]
    conditions = _cases(opening, atoms, table) if opening.cost <= CHEAP else []
    smallest: int | None = None
    rights = equal_terms(opening.left, atoms, inputs, lab, table, numbers=numbers, conditions=conditions)
    for right in islice(rights, ATTEMPTS):
        if smallest is not None and size(right) > smallest:
            return  # what is longer follows, as a rule
        if right == opening.left.expr or _inside(opening.left.expr, right):
            continue
        ensures = _equation(opening.left, right)
        needed = [
            *requires,
            *requirements([right], functions),
            *natural_arguments(right, functions, opening.variables, table),
        ]
        found = conjecture(
            opening.family,
            opening.variables,
            needed,
            ensures,
            table,
            cost=opening.cost + (AGAINST if against_each_other([opening.left.expr, right], functions) else 0),
            distance=opening.distance,
            taken=taken,
        )
        if lab.survives(found):
            smallest = size(right)
            yield _weakened(found, opening, lab)
    if smallest is None and opening.left.type == BOOL:
        yield from _implied(opening, requires, atoms, functions, lab, table, taken)


def against_each_other(exprs: Sequence[ast.Expr], functions: Sequence[Fn]) -> bool:
    """Whether functions take one sequence apart from different ends: then induction needs more than a step."""
    ends: dict[str, set[str]] = {}
    for call in (n for e in exprs for n in walk(e) if isinstance(n, ast.Call)):
        for function in functions:
            for k, argument in enumerate(function.arguments(call) or ()):
                for name in free_names(argument):
                    ends.setdefault(name, set()).update({"front"} if k in function.from_front else ())
                    ends[name].update({"back"} if k in function.from_back else ())
    return any(len(e) == 2 for e in ends.values())


def _constants_of(function: Fn) -> Iterator[int]:
    """The numbers in a function's body."""
    for node in walk(function.decl.body) if function.decl.body is not None else ():
        if isinstance(node, ast.Literal) and type(node.value) is int and 2 < node.value <= LARGEST:
            yield node.value


def _cases(opening: Opening, atoms: Sequence[Term], table: TypeTable) -> list[ast.Expr]:
    """What cases may be told apart by: conditions that the function itself knows, and comparisons of numbers."""
    numbers = [a for a in atoms if is_integer(a.type, table) and not isinstance(a.expr, ast.Cardinality | ast.Literal)][
        :4
    ]
    pairs = ((a, b) for k, a in enumerate(numbers) for b in numbers[k + 1 :])
    compared = [ast.Binary(op, a.expr, b.expr) for a, b in pairs for op in (">", "<")]
    return [*opening.conditions, *(compared if is_integer(opening.left.type, table) else ())][:MAX_CASES]


def _implied(
    opening: Opening,
    requires: Sequence[ast.Expr],
    atoms: Sequence[Term],
    functions: Sequence[Fn],
    lab: Lab,
    table: TypeTable,
    taken: frozenset[str],
) -> Iterator[Conjecture]:
    """Where a predicate has no equivalent: other predicates of the parts that imply it."""
    parts = {p.expr for p in opening.parts}
    told = [a.expr for a in atoms if a.type == BOOL and isinstance(a.expr, ast.Call)]
    told = [e for e in told if e != opening.left.expr and set(_arguments(e)) <= parts]
    own = _arguments(opening.left.expr)
    taken_apart = next((f.descending for f in functions if f.arguments(opening.left.expr) is not None), ())

    def unlike(expr: ast.Expr) -> tuple[bool, int]:
        """Another predicate, or the same of other things than parts in the same context."""
        args = _arguments(expr)
        same = _callee(expr) == _callee(opening.left.expr)
        return not same, sum((a != o) != (k in taken_apart) for k, (a, o) in enumerate(zip(args, own, strict=False)))

    told = sorted(told, key=unlike)[:MAX_HYPOTHESES]
    for hypotheses in (*combinations(told, 1), *combinations(told, 2)):
        more = [*requires, *requirements(hypotheses, functions), *hypotheses]
        inputs = lab.inputs(opening.variables, more)
        values = lab.column(opening.left.expr, inputs) if len(inputs) >= LEAST else None
        if values is not None and all(values):
            found = conjecture(
                opening.family,
                opening.variables,
                more,
                opening.left.expr,
                table,
                cost=opening.cost,
                distance=opening.distance,
                taken=taken,
            )
            if lab.survives(found):
                yield found
                return


def _arguments(call: ast.Expr) -> tuple[ast.Expr, ...]:
    match call:
        case ast.Call(function=ast.Member(object=receiver), args=args):
            return (receiver, *args)
        case ast.Call(args=args):
            return args
    return ()


def _callee(expr: ast.Expr) -> str:
    match expr:
        case ast.Call(function=ast.Name(id=name) | ast.Member(name=name)):
            return name
    return ""


def _weakened(found: Conjecture, opening: Opening, lab: Lab) -> Conjecture:
    """The conjecture without those conditions of the opening that it does without."""
    if opening.cost >= 0:  # a law states what it needs
        return found
    for condition in found.requires:
        fewer = replace(found, requires=tuple(r for r in found.requires if r != condition))
        if lab.survives(fewer) and lab.defined(fewer):
            found = fewer
    return found


def _inside(part: ast.Expr, whole: ast.Expr) -> bool:
    return any(n == part for n in walk(whole))


def _equation(left: Term, right: ast.Expr) -> ast.Expr:
    match right:
        case ast.Literal(kind="bool", value=True):
            return left.expr
        case ast.Literal(kind="bool", value=False):
            return ast.Unary("!", left.expr)
    return ast.Binary("<==>" if left.type == BOOL else "==", left.expr, right)


def natural_arguments(
    expr: ast.Expr, functions: Sequence[Fn], variables: Mapping[str, Type], table: TypeTable
) -> Iterator[ast.Expr]:
    """That what calls pass for natural numbers is none below zero, where it is not plain from the term."""
    for call in (n for n in walk(expr) if isinstance(n, ast.Call)):
        for function in functions:
            for formal, argument in zip(function.params, function.arguments(call) or (), strict=False):
                if formal.type == NAT and not _natural(argument, variables, functions, table):
                    yield ast.Binary(">=", argument, number(0))


def _natural(expr: ast.Expr, variables: Mapping[str, Type], functions: Sequence[Fn], table: TypeTable) -> bool:
    match expr:
        case ast.Name(id=name):
            return variables.get(name) == NAT
        case ast.Literal(value=value):
            return type(value) is int and value >= 0
        case ast.Cardinality():
            return True
        case ast.Binary(op="+" | "*" | "/", left=left, right=right):
            return _natural(left, variables, functions, table) and _natural(right, variables, functions, table)
        case ast.Binary(op="%"):
            return True
        case ast.Call():
            return any(f.result == NAT for f in functions if f.arguments(expr) is not None)
    return False
