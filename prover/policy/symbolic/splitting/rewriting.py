"""A fact told with what is known: variables and elements replaced by what known equations say that they are.

What is left speaks of fewer of the program's variables, and needs fewer of the invariants to be true."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from dafny_env.syntax import ast
from dafny_env.syntax.walk import complexity, free_names, substitute, walk
from prover.policy.symbolic.view import occurrences, printed, replace_node

MAX_FORMS, MAX_ROUNDS = 16, 3


def rewritings(fact: ast.Expr, known: Sequence[ast.Expr], names: frozenset[str]) -> list[ast.Expr]:
    """The fact, and what it becomes by known equations, those first that speak of the fewest of the `names`."""
    found: dict[str, ast.Expr] = {printed(fact): fact}
    frontier = [fact]
    equations = [e for e in known if printed(e) != printed(fact)]
    for _ in range(MAX_ROUNDS):
        following: list[ast.Expr] = []
        for form in frontier:
            for told in _told(form, equations):
                text = printed(told)
                if text not in found and len(found) < MAX_FORMS and not _trivial(told):
                    found[text] = told
                    following.append(told)
        frontier = following
    return sorted(found.values(), key=lambda e: (len(free_names(e) & names), complexity(e)))


def normal(exprs: Sequence[ast.Expr], known: Sequence[ast.Expr]) -> list[ast.Expr]:
    """The formulas with every variable that a known equation defines told as what it is."""
    definitions: dict[str, ast.Expr] = {}
    for equation in known:
        name, right = _definition(equation)
        if name in free_names(right):
            continue
        told = substitute(right, definitions)
        if name and name not in definitions and name not in free_names(told):
            definitions = {n: substitute(e, {name: told}) for n, e in definitions.items()}
            definitions[name] = told
    return [substitute(e, definitions) for e in exprs] if definitions else list(exprs)


def _definition(equation: ast.Expr) -> tuple[str, ast.Expr]:
    """The variable that an equation defines, and what it is; an empty name where it defines none."""
    match equation:
        case ast.Binary(op="==" | "<==>", left=ast.Name(id=name), right=right):
            return name, right
        case ast.Binary(op="==" | "<==>", left=left, right=ast.Name(id=name)):
            return name, left
    return "", equation


def _trivial(expr: ast.Expr) -> bool:
    return isinstance(expr, ast.Binary) and expr.left == expr.right


def _told(form: ast.Expr, equations: Sequence[ast.Expr]) -> Iterator[ast.Expr]:
    for equation in equations:
        match equation:
            case ast.Binary(op="==", left=left, right=right):
                yield from _replaced(form, left, right)
                yield from _replaced(form, right, left)
            case ast.Quantifier(kind="forall"):
                yield from _instantiated(form, equation)


def _replaced(form: ast.Expr, old: ast.Expr, new: ast.Expr) -> Iterator[ast.Expr]:
    if isinstance(old, ast.Literal) or not free_names(old):
        return
    if isinstance(old, ast.Name) and old.id in free_names(new):
        return
    if not isinstance(old, ast.Name) and occurrences(new, old):
        return
    told = substitute(form, {old.id: new}) if isinstance(old, ast.Name) else replace_node(form, old, new)
    if told != form:
        yield told


def _instantiated(form: ast.Expr, known: ast.Quantifier) -> Iterator[ast.Expr]:
    """By `forall k :: R ==> t(k) == u(k)`, every `t(e)` told as `u(e)`."""
    body = known.body
    while isinstance(body, ast.Binary) and body.op == "==>":
        body = body.right
    if not isinstance(body, ast.Binary) or body.op != "==":
        return
    names = {v.name for v in known.vars}
    if not names <= free_names(body.left):
        return
    told = form
    for node in islice(walk(form), 200):
        binding: Binding = {}
        if isinstance(node, ast.Index | ast.Call) and matches(body.left, node, names, binding):
            told = replace_node(told, node, substitute(body.right, binding))
    if told != form:
        yield told


Binding = dict[str, ast.Expr]


def matches(pattern: ast.Expr, target: ast.Expr, names: set[str], binding: Binding) -> bool:
    """Whether a pattern becomes the target by putting terms for all of the names; `binding` is extended by them."""
    return _matches(pattern, target, names, binding) and names <= binding.keys()


def _matches(pattern: Any, target: Any, names: set[str], binding: Binding) -> bool:
    if isinstance(pattern, ast.Name) and pattern.id in names:
        return isinstance(target, ast.Expr) and binding.setdefault(pattern.id, target) == target
    if isinstance(pattern, tuple):
        same = isinstance(target, tuple) and len(pattern) == len(target)
        return same and all(_matches(p, t, names, binding) for p, t in zip(pattern, target, strict=True))
    if isinstance(pattern, ast.Node):
        if type(pattern) is not type(target):
            return False
        fields = [f.name for f in dataclasses.fields(pattern) if f.name != "span"]
        return all(_matches(getattr(pattern, f), getattr(target, f), names, binding) for f in fields)
    return bool(pattern == target)
