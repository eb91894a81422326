"""Bounds on what a loop moves: from guards, initial values and the lengths of what it indexes."""

from __future__ import annotations

from collections.abc import Iterator

from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.view import Idea, View, conjuncts, printed

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def bounds(view: View) -> Iterator[Idea]:
    """Bounds and differences of integer terms, constants included; the obvious ones first."""
    yield from _from_guard(view)
    moving = view.moving_integers()
    for name in moving:
        yield Idea(f"0 <= {name}", "bound")
        for length in view.lengths():
            yield Idea(f"{name} <= {length}", "bound")
            yield Idea(f"{name} < {length}", "bound")
    yield from _from_initial_values(view)
    fixed = [n for n in view.integers() if n not in moving]
    for name in moving:
        for other in [*moving, *fixed]:
            if name != other:
                yield Idea(f"{name} <= {other}", "bound")
                yield Idea(f"{other} <= {name}", "bound")
                yield Idea(f"{name} < {other}", "bound")
                yield Idea(f"{other} < {name}", "bound")
        yield Idea(f"-1 <= {name}", "bound")
        yield Idea(f"1 <= {name}", "bound")
        for length in view.lengths():
            yield Idea(f"{length} <= {name}", "bound")
            yield Idea(f"{name} == {length}", "bound")
            yield Idea(f"-1 <= {name} <= {length}", "bound")
            yield Idea(f"0 <= {name} || {length} == 0", "bound")
            yield Idea(f"{name} < {length} || {length} == 0", "bound")
        for other in [*moving, *fixed]:
            if name != other:
                yield Idea(f"{name} <= {other} + 1", "bound")
                yield Idea(f"{other} - 1 <= {name}", "bound")
    for name in view.of_type("bool"):
        if view.moves(name):
            yield Idea(f"!{name}", "bound")
            yield Idea(name, "bound")
    if isinstance(view.loop.node, ast.For):
        node = view.loop.node
        if node.high is not None:
            yield Idea(f"{printed(node.low)} <= {node.var.name} <= {printed(node.high)}", "bound")
    for name in view.of_type("seq", "string"):
        if view.moves(name):
            for other in [*moving, *fixed]:
                yield Idea(f"|{name}| == {other}", "bound")
                yield Idea(f"|{name}| <= {other}", "bound")
            for length in view.lengths():
                if length != f"|{name}|":
                    yield Idea(f"|{name}| == {length}", "bound")
                    yield Idea(f"|{name}| <= {length}", "bound")


def _from_guard(view: View) -> Iterator[Idea]:
    """`i < n` gives `i <= n`; `i != n` gives both sides; `lo <= hi` gives `lo <= hi + 1`; other conjuncts as they
    are."""
    node = view.loop.node
    guards = [node.guard] if isinstance(node, ast.While) else []
    if isinstance(node, ast.Alternatives):
        guards = [guard for guard, _ in node.cases]
    for guard in guards:
        for part in conjuncts(guard):
            if not isinstance(part, ast.Binary) or part.op not in (*FLIPPED, "!="):
                continue
            left, right = printed(part.left), printed(part.right)
            match part.op:
                case "<":
                    yield Idea(f"{left} <= {right}", "guard")
                case ">":
                    yield Idea(f"{left} >= {right}", "guard")
                case "<=":
                    yield Idea(f"{left} <= {right} + 1", "guard")
                case ">=":
                    yield Idea(f"{left} >= {right} - 1", "guard")
                case _:
                    yield Idea(f"{left} <= {right}", "guard")
                    yield Idea(f"{left} >= {right}", "guard")


def initial_values(view: View) -> dict[str, ast.Expr]:
    """The last value that straight-line text before the loop gives to a variable, where it is a plain expression."""
    found: dict[str, ast.Expr] = {}
    for node in walk(view.decl):
        if node.span.start >= view.loop.offset:
            continue
        if isinstance(node, ast.VarDecl):
            names = [b.name for b in node.names]
        elif isinstance(node, ast.Assign):
            names = [t.id if isinstance(t, ast.Name) else "" for t in node.targets]
        else:
            continue
        if len(names) == len(node.rhs):
            for name, rhs in zip(names, node.rhs, strict=True):
                if name and rhs.expr is not None and rhs.new_type is None and not isinstance(rhs.expr, ast.Star):
                    found[name] = rhs.expr
    return found


def _from_initial_values(view: View) -> Iterator[Idea]:
    moving = set(view.moving_integers())
    for name, value in initial_values(view).items():
        if name not in moving:
            continue
        text = printed(value)
        yield Idea(f"{text} <= {name}", "start")
        yield Idea(f"{name} <= {text}", "start")
