"""Assertion hints: identities on sequences and multisets, and calls of lemmas in scope, at the places where they help.

Dafny proves these identities when asked but does not think of them; asserted, they give the solver the terms it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from dafny_env.scope import INTEGERS, TypeTable, Variable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.houdini import Item
from prover.policy.symbolic.relations import _arguments
from prover.policy.symbolic.view import View, printed

MAX_CALLS_PER_LEMMA = 10


def indent_at(text: str, offset: int) -> str:
    """The white space that starts the line of an offset."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip())]


def around_loop(view: View) -> Iterator[Item]:
    """Hints at the start and end of a loop's body, and behind the loop."""
    node = view.loop.node
    if isinstance(node, ast.Alternatives) or node.body is None:
        return
    inner = view.loop.indent + "    "
    start = node.body.span.start + 1
    end = node.body.body[-1].span.end if node.body.body else start
    after = node.span.end
    order = 0
    for text in growth(view):
        for offset in (start, end):
            order += 1
            yield Item(offset, f"assert {text};", order, 3, indent=inner)
    for text in whole(view):
        order += 1
        yield Item(after, f"assert {text};", order, 3, indent=view.loop.indent)
    for text in lemma_calls(view):
        for offset in (start, end):
            order += 1
            yield Item(offset, text, order, 4, indent=inner)
        yield Item(after, text, order, 4, indent=view.loop.indent)


def growth(view: View) -> Iterator[str]:
    """One step of a prefix or suffix: `s[..i + 1] == s[..i] + [s[i]]` and its kin, for indices that the loop moves."""
    for name, _, array in view.sequences():
        body = view.text[view.loop.node.span.start : view.loop.node.span.end]
        if name not in body:
            continue
        length = view.length(name, array)
        for i in view.moving_integers()[:3]:
            if f"{name}[{i}" not in body and f"{i}]" not in body:
                continue
            yield f"0 <= {i} < {length} ==> {name}[..{i} + 1] == {name}[..{i}] + [{name}[{i}]]"
            yield f"0 <= {i} < {length} ==> {name}[{i}..] == [{name}[{i}]] + {name}[{i} + 1..]"
            yield f"0 < {i} <= {length} ==> {name}[..{i}] == {name}[..{i} - 1] + [{name}[{i} - 1]]"
            yield f"0 <= {i} < {length} ==> {name}[..{i} + 1][..{i}] == {name}[..{i}]"


def whole(view: View) -> Iterator[str]:
    """The end of a walk: a prefix that has become everything."""
    for name, _, array in view.sequences():
        full = f"{name}[..]" if array else name
        length = view.length(name, array)
        yield f"{name}[..{length}] == {full}"
        yield f"{name}[0..] == {full}"


def lemma_calls(view: View) -> Iterator[str]:
    """Calls of the file's lemmas on terms in scope."""
    for lemma in view.table.callables.values():
        if not lemma.is_lemma or lemma.name == view.decl.name or not lemma.params:
            continue
        choices = [_arguments(view, view.table.resolve(p.type)) for p in lemma.params]
        for args in islice(product(*choices), MAX_CALLS_PER_LEMMA):
            yield f"{lemma.name}({', '.join(args)});"


def sequence_identities(exprs: list[ast.Expr], variables: list[Variable], table: TypeTable) -> list[str]:
    """Identities on the sequence terms of a lemma: how `+`, `[1..]`, `[..|s| - 1]` and multisets go together."""
    scope = {v.name: v.type for v in variables}
    found: dict[str, None] = {}
    names = [v.name for v in variables if (t := table.resolve(v.type)) is not None and t.name in ("seq", "string")]
    for name in names:
        found[f"|{name}| > 0 ==> {name} == [{name}[0]] + {name}[1..]"] = None
        found[f"|{name}| > 0 ==> {name} == {name}[..|{name}| - 1] + [{name}[|{name}| - 1]]"] = None
        found[f"|{name}| == 0 ==> {name} == []"] = None
    for expr in exprs:
        for node in walk(expr):
            if not isinstance(node, ast.Binary) or node.op != "+":
                continue
            type_ = table.of(node, scope)
            if type_ is None or type_.name not in ("seq", "string"):
                continue
            left, right = printed(node.left), printed(node.right)
            left = f"({left})" if isinstance(node.left, ast.Binary) else left
            right = f"({right})" if isinstance(node.right, ast.Binary) else right
            both = f"({left} + {right})"
            found[f"|{left}| > 0 ==> {both}[0] == {left}[0] && {both}[1..] == {left}[1..] + {right}"] = None
            found[f"|{left}| == 0 ==> {both} == {right}"] = None
            found[f"|{right}| == 0 ==> {both} == {left}"] = None
            found[f"|{right}| > 0 ==> {both}[..|{both}| - 1] == {left} + {right}[..|{right}| - 1]"] = None
    return list(found)


def integer_names(variables: list[Variable], table: TypeTable) -> list[str]:
    """Names of the integer variables."""
    return [v.name for v in variables if (t := table.resolve(v.type)) is not None and t.name in INTEGERS]
