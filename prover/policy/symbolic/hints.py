"""Assertion hints: identities on sequences and multisets, and calls of lemmas in scope, at the places where they help.

Dafny proves these identities when asked but does not think of them; asserted, they give the solver the terms it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from dafny_env.scope import TypeTable, Variable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import fresh_name, walk
from prover.policy.symbolic.functions import arguments
from prover.policy.symbolic.houdini import Item
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
    for text in appended(view, node.body):
        order += 1
        yield Item(start, f"assert {text};", order, 3, indent=inner)
    for before, after_ in kept(view):
        order += 2
        yield Item(start, before, order - 1, 3, fixed=True, indent=inner)
        yield Item(end, after_, order, 3, indent=inner)
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


def kept(view: View) -> Iterator[tuple[str, str]]:
    """What one turn of the loop leaves in a map: its value at the start of the body, and a fact for the end."""
    taken = view.taken()
    for name in view.of_type("map"):
        if view.moves(name) and name in view.loop.assigned:
            before, key = fresh_name(f"{name}'", taken), fresh_name("k'", taken)
            same = f"{key} in {name} && {name}[{key}] == {before}[{key}]"
            yield f"ghost var {before} := {name};", f"assert forall {key} :: {key} in {before} ==> {same};"


def whole(view: View) -> Iterator[str]:
    """The end of a walk: a prefix that has become everything."""
    for name, _, array in view.sequences():
        full = f"{name}[..]" if array else name
        length = view.length(name, array)
        yield f"{name}[..{length}] == {full}"
        yield f"{name}[0..] == {full}"


def appended(view: View, body: ast.Block) -> Iterator[str]:
    """Associativity where the body appends: for `s := s + [e]` and `c := rest`, `s + ([e] + f(rest)) == s + [e] +
    f(rest)`."""
    steps = {
        target.id: rhs.expr
        for node in walk(body)
        if isinstance(node, ast.Assign) and len(node.targets) == len(node.rhs)
        for target, rhs in zip(node.targets, node.rhs, strict=True)
        if isinstance(target, ast.Name) and rhs.expr is not None
    }
    for name, value in steps.items():
        match value:
            case ast.Binary(op="+", left=ast.Name(id=same), right=ast.SeqDisplay() as new) if same == name:
                front = False
            case ast.Binary(op="+", left=ast.SeqDisplay() as new, right=ast.Name(id=same)) if same == name:
                front = True
            case _:
                continue
        for function in view.table.functions.values():
            if function.result is None or function.result.name != "seq" or len(function.params) != 1:
                continue
            for other, rest in steps.items():
                if other != name and isinstance(rest, ast.Member | ast.Slice):
                    tail, item = f"{function.name}({printed(rest)})", printed(new)
                    if front:
                        yield f"({tail} + {item}) + {name} == {tail} + ({item} + {name})"
                    else:
                        yield f"{name} + ({item} + {tail}) == ({name} + {item}) + {tail}"


def lemma_calls(view: View) -> Iterator[str]:
    """Calls of the file's lemmas on terms in scope."""
    for lemma in view.table.callables.values():
        if not lemma.is_lemma or lemma.name == view.decl.name or not lemma.params:
            continue
        choices = [arguments(view, view.table.resolve(p.type)) for p in lemma.params]
        for args in islice(product(*choices), MAX_CALLS_PER_LEMMA):
            yield f"{lemma.name}({', '.join(args)});"


def sequence_identities(exprs: list[ast.Expr], variables: list[Variable], table: TypeTable) -> list[str]:
    """Identities on the sequence terms of a lemma: how `+`, `[1..]` and `[..|s| - 1]` go together, in the directions in
    which the file's functions recurse."""
    scope = {v.name: v.type for v in variables}
    front, back = directions(table)
    found: dict[str, None] = {}
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
            found[f"|{left}| == 0 ==> {both} == {right}"] = None
            found[f"|{right}| == 0 ==> {both} == {left}"] = None
            if isinstance(node.left, ast.Call) or isinstance(node.right, ast.Call):
                continue
            if front:
                found[f"|{left}| > 0 ==> {both}[0] == {left}[0] && {both}[1..] == {left}[1..] + {right}"] = None
            if back:
                found[f"|{right}| > 0 ==> {both}[..|{both}| - 1] == {left} + {right}[..|{right}| - 1]"] = None
    for expr in exprs:
        for text in _pointwise_functions(expr, variables, table, front=front, back=back):
            found[text] = None
    for variable in variables:
        type_ = table.resolve(variable.type)
        if type_ is None or type_.name not in ("seq", "string"):
            continue
        name = variable.name
        if front:
            found[f"|{name}| > 0 ==> {name} == [{name}[0]] + {name}[1..]"] = None
        if back:
            found[f"|{name}| > 0 ==> {name} == {name}[..|{name}| - 1] + [{name}[|{name}| - 1]]"] = None
    return list(found)


def _pointwise_functions(
    expr: ast.Expr, variables: list[Variable], table: TypeTable, *, front: bool, back: bool
) -> Iterator[str]:
    """That a function from sequences to sequences goes element by element: `F(k, s)[1..] == F(k, s[1..])`."""
    sequences = {v.name for v in variables if (t := table.resolve(v.type)) and t.name in ("seq", "string")}
    scope = {v.name: v.type for v in variables}
    for node in walk(expr):
        if not isinstance(node, ast.Call) or not isinstance(node.function, ast.Name):
            continue
        type_ = table.of(node, scope)
        if type_ is None or type_.name not in ("seq", "string"):
            continue
        for k, argument in enumerate(node.args):
            if isinstance(argument, ast.Name) and argument.id in sequences:
                whole, name = printed(node), argument.id
                before, after = node.args[:k], node.args[k + 1 :]
                rest = ast.Call(node.function, (*before, ast.Slice(argument, ast.Literal("int", 1), None), *after))
                shorter = ast.Binary("-", ast.Cardinality(argument), ast.Literal("int", 1))
                start = ast.Call(node.function, (*before, ast.Slice(argument, None, shorter), *after))
                if front:
                    yield f"|{name}| > 0 && |{whole}| > 0 ==> {whole}[1..] == {printed(rest)}"
                if back:
                    yield f"|{name}| > 0 && |{whole}| > 0 ==> {whole}[..|{whole}| - 1] == {printed(start)}"


def directions(table: TypeTable) -> tuple[bool, bool]:
    """Whether the file's functions take sequences apart from the front, and from the back; both where neither is
    seen."""
    front = back = False
    for function in table.functions.values():
        for node in walk(function.body) if isinstance(function.body, ast.Expr) else ():
            if isinstance(node, ast.Slice):
                front |= node.low is not None and node.high is None
                back |= node.high is not None and node.low is None
    return (front, back) if front or back else (True, True)
