"""Which lemmas speak of the terms at hand: matching their statements against a goal's terms, functions unfolded once.

First-order matching of calls, as solvers instantiate quantifiers by triggers (Nelson's e-matching, without the
equalities). Every instance is a candidate line under the conditions of the branch that its terms came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import free_names, substitute, walk
from prover.policy.symbolic.view import printed

TRUE = ast.Literal("bool", True)
MAX_TERMS, MAX_INSTANCES, MAX_PAIRED = 160, 24, 40
Binding = dict[str, ast.Expr]


@dataclass(frozen=True, slots=True)
class Term:
    """A call that occurs in a goal or in what it unfolds to, and the conditions on the way there."""

    call: ast.Call
    conditions: tuple[ast.Expr, ...] = ()


def terms_of(exprs: list[ast.Expr], table: TypeTable, *, rounds: int = 2) -> list[Term]:
    """The calls of the file's functions in some formulas, and in their bodies unfolded `rounds` times."""
    found: dict[str, Term] = {}
    frontier = [Term(node) for e in exprs for node in walk(e) if isinstance(node, ast.Call) and not _bound_inside(e)]
    for _ in range(rounds + 1):
        following: list[Term] = []
        for term in frontier:
            key = printed(term.call)
            if key in found or len(found) > MAX_TERMS:
                continue
            found[key] = term
            following += _unfolded(term, table)
        frontier = following
    return list(found.values())


def _bound_inside(expr: ast.Expr) -> bool:
    return any(isinstance(n, ast.Quantifier | ast.SetComp | ast.MapComp | ast.Lambda) for n in walk(expr))


def _unfolded(term: Term, table: TypeTable) -> list[Term]:
    """The calls in a function's body with the call's arguments put in; an argument that is a call is unfolded in
    place."""
    result: list[Term] = []
    for conditions, body in unfold(term.call, table):
        outer = (*term.conditions, *conditions)
        result += [Term(n, outer) for n in walk(body) if isinstance(n, ast.Call)]
    for k, argument in enumerate(term.call.args):
        for conditions, body in _unfolded_inside(argument, table):
            args = (*term.call.args[:k], body, *term.call.args[k + 1 :])
            result.append(Term(ast.Call(term.call.function, args), (*term.conditions, *conditions)))
    return result


def _unfolded_inside(expr: ast.Expr, table: TypeTable) -> Iterator[tuple[tuple[ast.Expr, ...], ast.Expr]]:
    """An expression with a call unfolded that is all of it, or a summand."""
    match expr:
        case ast.Call():
            yield from unfold(expr, table)
        case ast.Binary(op="+", left=left, right=right):
            for conditions, body in _unfolded_inside(left, table):
                yield conditions, ast.Binary("+", body, right)
            for conditions, body in _unfolded_inside(right, table):
                yield conditions, ast.Binary("+", left, body)


def unfold(call: ast.Call, table: TypeTable) -> Iterator[tuple[tuple[ast.Expr, ...], ast.Expr]]:
    """The branches of a function's body at a call, each with its conditions."""
    if not isinstance(call.function, ast.Name):
        return
    function = table.functions.get(call.function.id)
    if function is None or not isinstance(function.body, ast.Expr) or len(function.params) != len(call.args):
        return
    binding = {f.name: a for f, a in zip(function.params, call.args, strict=True)}
    for conditions, body in _branches(function.body, (), table):
        yield tuple(substitute(c, binding) for c in conditions), substitute(body, binding)


def _taken_apart(subject: ast.Expr, pattern: ast.Pattern, table: TypeTable) -> tuple[ast.Expr, Binding] | None:
    """The condition of a case and its variables as destructors of the subject; None where parts have no names, and
    where the subject is plainly of another shape."""
    constructor = table.constructors.get(pattern.name)
    if constructor is None:
        return None
    made = _made_by(subject, table)
    if made is not None:
        name, args = made
        if name != pattern.name or any(argument.args is not None for argument in pattern.args or ()):
            return None
        return TRUE, {p.name: a for p, a in zip(pattern.args or (), args, strict=False)}
    condition = ast.Member(subject, f"{pattern.name}?")
    binding: Binding = {}
    for argument, formal in zip(pattern.args or (), constructor[1].params, strict=False):
        if argument.args is not None or not formal.name:
            return None
        binding[argument.name] = ast.Member(subject, formal.name)
    return condition, binding


def _made_by(expr: ast.Expr, table: TypeTable) -> tuple[str, tuple[ast.Expr, ...]] | None:
    """The constructor that made a value and what it was given, where the expression shows it."""
    match expr:
        case ast.Name(id=name) if name in table.constructors:
            return name, ()
        case ast.Call(function=ast.Name(id=name), args=args) if name in table.constructors:
            return name, args
    return None


def guards(exprs: Iterable[ast.Expr], table: TypeTable) -> Iterator[ast.Expr]:
    """That the values have the shapes of which some terms take parts."""
    for expr in exprs:
        for node in reversed(list(walk(expr))):
            if isinstance(node, ast.Member):
                owners = [(t, c) for t, c in table.constructors.values() if any(p.name == node.name for p in c.params)]
                if len({t for t, _ in owners}) == 1 and len(table.datatypes[owners[0][0]].constructors) > len(owners):
                    shapes: list[ast.Expr] = [ast.Member(node.object, f"{c.name}?") for _, c in owners]
                    yield reduce(lambda a, b: ast.Binary("||", a, b), shapes)


def _branches(
    expr: ast.Expr, conditions: tuple[ast.Expr, ...], table: TypeTable
) -> Iterator[tuple[tuple[ast.Expr, ...], ast.Expr]]:
    match expr:
        case ast.IfExpr(cond=cond, then=then, orelse=orelse, binder=()):
            yield from _branches(then, (*conditions, cond), table)
            yield from _branches(orelse, (*conditions, ast.Unary("!", cond)), table)
        case ast.MatchExpr(subject=subject, cases=cases):
            for pattern, body in cases:
                known = _taken_apart(subject, pattern, table)
                if known is not None:
                    condition, binding = known
                    yield from _branches(substitute(body, binding), (*conditions, condition), table)
        case ast.Let():
            return
        case _:
            yield conditions, expr


def instances(decl: ast.Callable, table: TypeTable) -> list[str]:
    """Statements that call the file's other lemmas where their statements match the terms of a declaration's
    contract."""
    goal = goal_terms(decl, table)
    found: dict[str, None] = {}
    for lemma in table.callables.values():
        if not lemma.is_lemma or lemma.name == decl.name or "twostate" in lemma.kind or not lemma.params:
            continue
        for conditions, binding in _matches(lemma, goal):
            args = [binding[p.name] for p in lemma.params]
            call = f"{lemma.name}({', '.join(map(printed, args))});"
            needed = [*(g for c in conditions for g in (*guards([c], table), c)), *guards(args, table)]
            guard = " && ".join(f"({printed(c)})" for c in dict.fromkeys(needed) if c != TRUE)
            found[f"if {guard} {{ {call} }}" if guard else call] = None
            if len(found) >= MAX_INSTANCES:
                return list(found)
    return list(found)


def goal_terms(decl: ast.Callable, table: TypeTable) -> list[Term]:
    """The calls in a declaration's contract, unfolded, and in what it says of its parameters' parts."""
    stated = [e for c in decl.clauses if c.kind in ("ensures", "requires") for e in c.exprs]
    smaller = [substitute(e, part) for part in _parts(decl, table) for e in stated]
    return _rebuilt(terms_of([*stated, *smaller], table), decl, table)


def _parts(decl: ast.Callable, table: TypeTable) -> list[Binding]:
    """The parameters' immediate parts of the same type, one at a time: what induction hypotheses speak of."""
    found: list[Binding] = []
    for formal in decl.params:
        type_ = table.resolve(formal.type)
        here = ast.Name(formal.name)
        if type_ is None:
            continue
        if type_.name in INTEGERS:
            found.append({formal.name: ast.Binary("-", here, ast.Literal("int", 1))})
        elif type_.name in ("seq", "string"):
            found.append({formal.name: ast.Slice(here, ast.Literal("int", 1), None)})
        for constructor in table.datatypes[type_.name].constructors if type_.name in table.datatypes else ():
            for part in constructor.params:
                inner = table.resolve(part.type)
                if part.name and inner is not None and inner.name == type_.name:
                    found.append({formal.name: ast.Member(here, part.name)})
    return found


def _rebuilt(terms: list[Term], decl: ast.Callable, table: TypeTable) -> list[Term]:
    """The terms, and those where a parameter of a datatype is written out under the condition that tells its shape."""
    result = list(terms)
    for formal in decl.params:
        type_ = table.resolve(formal.type)
        for constructor in table.datatypes[type_.name].constructors if type_ and type_.name in table.datatypes else ():
            if not constructor.params or not all(p.name for p in constructor.params):
                continue
            here = ast.Name(formal.name)
            parts = tuple(ast.Member(here, p.name) for p in constructor.params)
            shape: ast.Expr = ast.Call(ast.Name(constructor.name), parts)
            condition: ast.Expr = ast.Member(here, f"{constructor.name}?")
            for term in terms:
                for k, argument in enumerate(term.call.args):
                    if argument == here:
                        args = (*term.call.args[:k], shape, *term.call.args[k + 1 :])
                        result.append(Term(ast.Call(term.call.function, args), (*term.conditions, condition)))
    return result


def _matches(lemma: ast.Callable, goal: list[Term]) -> Iterator[tuple[tuple[ast.Expr, ...], Binding]]:
    names = {p.name for p in lemma.params}
    exprs = [e for c in lemma.clauses if c.kind == "ensures" for e in c.exprs]
    patterns = [n for e in exprs for n in walk(e) if isinstance(n, ast.Call)]
    for pattern in patterns:
        if not names <= free_names(pattern):
            continue
        for term in goal:
            binding: Binding = {}
            if match(pattern, term.call, names, binding) and names <= binding.keys():
                yield term.conditions, binding
    for left, right in combinations(patterns, 2):
        if names <= free_names(left) | free_names(right) and not names <= free_names(left) and len(names) == 2:
            for first, second in product(goal[:MAX_PAIRED], goal[:MAX_PAIRED]):
                binding = {}
                if not match(left, first.call, names, binding) or not match(right, second.call, names, binding):
                    continue
                if names <= binding.keys() and len({printed(b) for b in binding.values()}) == len(names):
                    yield (*first.conditions, *second.conditions), binding


def match(pattern: ast.Expr, target: ast.Expr, names: set[str], binding: Binding) -> bool:
    """Whether a pattern becomes the target by putting terms for the names; `binding` is extended."""
    if isinstance(pattern, ast.Name) and pattern.id in names:
        known = binding.setdefault(pattern.id, target)
        return known == target
    if type(pattern) is not type(target):
        return False
    match pattern, target:
        case (ast.Call(), ast.Call()):
            same = pattern.function == target.function and len(pattern.args) == len(target.args)
            return same and all(match(p, t, names, binding) for p, t in zip(pattern.args, target.args, strict=True))
        case (ast.Binary(), ast.Binary()):
            return (
                pattern.op == target.op
                and match(pattern.left, target.left, names, binding)
                and match(pattern.right, target.right, names, binding)
            )
        case (ast.SeqDisplay(), ast.SeqDisplay()):
            same = len(pattern.items) == len(target.items)
            return same and all(match(p, t, names, binding) for p, t in zip(pattern.items, target.items, strict=True))
    return pattern == target
