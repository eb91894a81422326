"""Laws of functions on sequences: one element more or less, one replaced, two sequences one behind the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import children, free_names, substitute, transform
from prover.policy.symbolic.conjecture.draft import Draft, Shapes, others_of, titled, with_variables
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.recursion import Move
from prover.policy.symbolic.conjecture.terms import (
    BOOL,
    INT,
    NAT,
    Fn,
    Term,
    added,
    at,
    behind,
    element_of,
    is_sequence,
    number,
    upto,
)


def at_sequences(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """One element more at the end that the recursion does not start at, and two sequences one behind the other."""
    positions = [k for k, p in enumerate(f.params) if p.type is not None and is_sequence(p.type, table)]
    shape = shapes[f.name]
    for k in positions:
        moves = shape.moves(k) if shape.calls else frozenset(Move)
        together = [j for j in positions if j != k and Move.SAME not in shape.moves(j)] if shape.calls else []
        if shape.calls and not shape.descends(k):
            continue
        if Move.BACK not in moves or Move.FRONT in moves or Move.PART in moves:
            yield _one_more(f, k, together, functions, table, front=False)
        if Move.FRONT not in moves or Move.BACK in moves or Move.PART in moves:
            yield _one_more(f, k, together, functions, table, front=True)
        if not together:
            draft = Draft(table)
            s, t = draft.variable(f.params[k].type or INT), draft.variable(f.params[k].type or INT)
            left = with_variables(draft, f, {k: added(s, t)})
            _defined_of(draft, f, left, {k: [s, t]})
            yield draft.opening(f"{titled(f)}Append", left, f.result, others_of(f, functions), 1)
            yield _without_one(f, k, functions, table)
            yield _changed(f, k, functions, table)


def _one_more(
    f: Fn, k: int, together: Sequence[int], functions: Sequence[Fn], table: TypeTable, *, front: bool
) -> Opening:
    draft = Draft(table)
    given: dict[int, ast.Expr] = {}
    shorter: dict[int, Sequence[ast.Expr]] = {}
    first: ast.Expr | None = None
    for position in (k, *together):
        type_ = f.params[position].type or INT
        s, x = draft.variable(type_), draft.variable(element_of(type_, table))
        one = ast.SeqDisplay((x,))
        given[position] = added(one, s) if front else added(s, one)
        shorter[position] = [s]
        if first is None:
            first = s
        else:
            draft.requires.append(ast.Binary("==", ast.Cardinality(first), ast.Cardinality(s)))
    word = "Cons" if front else "Snoc"
    left = with_variables(draft, f, given)
    _defined_of(draft, f, left, shorter)
    for told in _of_elements(f, left, [k, *together], table):
        if told.type == BOOL:
            draft.conditions.append(told.expr)
        draft.parts.append(told)
    return draft.opening(f"{titled(f)}{word}", left, f.result, others_of(f, functions), 0)


def _defined_of(draft: Draft, f: Fn, call: ast.Expr, parts: Mapping[int, Sequence[ast.Expr]]) -> None:
    """That the function is defined of the parts as well, in the same context."""
    args = f.arguments(call)
    for position, exprs in parts.items() if args is not None else ():
        for expr in exprs:
            draft.requires += f.asks([expr if k == position else a for k, a in enumerate(args or ())])


def _of_elements(f: Fn, call: ast.Expr, positions: Sequence[int], table: TypeTable) -> Iterator[Term]:
    """What the function makes of an element at the end that it starts at, told of the element that is added: squares,
    conditions, one or none."""
    args = f.arguments(call)
    if args is None or f.member or not isinstance(f.decl.body, ast.Expr):
        return
    values: dict[str, ast.Expr] = {}
    elements: dict[str, ast.Expr] = {}
    for k, (formal, arg) in enumerate(zip(f.params, args, strict=True)):
        if k in positions and isinstance(arg, ast.Binary):
            one = arg.left if isinstance(arg.left, ast.SeqDisplay) else arg.right
            if isinstance(one, ast.SeqDisplay):
                elements[formal.name] = one.items[0]
        else:
            values[formal.name] = arg

    def change(node: ast.Node) -> ast.Node:
        match node:
            case ast.Index(object=ast.Name(id=name)) if name in elements:
                return elements[name]
        return node

    body = substitute(transform(f.decl.body, change), values)
    new = {e.id for e in elements.values() if isinstance(e, ast.Name)}
    hidden = {p.name for p in f.params} - values.keys()
    seen: set[ast.Expr] = set()
    stack: list[ast.Node] = [body]
    while stack:
        node = stack.pop()
        names = free_names(node)
        told = names & new and not names & hidden and f.name not in names
        if isinstance(node, ast.Expr) and not isinstance(node, ast.Name) and told:
            type_ = table.of(node, {}) or (INT if isinstance(node, ast.IfExpr) else None)
            if isinstance(node, ast.Binary) and node.op in ("+", "-", "*", "/", "%"):
                type_ = INT
            if type_ is not None and node not in seen and len(seen) < 4:
                seen.add(node)
                yield Term(node, type_)
            if type_ == BOOL or not isinstance(node, ast.IfExpr):
                continue
        stack.extend(reversed(children(node)))


def _without_one(f: Fn, k: int, functions: Sequence[Fn], table: TypeTable) -> Opening:
    """The whole, and what is left when one element anywhere is taken out."""
    draft = Draft(table)
    type_ = f.params[k].type or INT
    s, i = draft.variable(type_, part=False), draft.variable(NAT)
    draft.requires.append(ast.Binary("<", i, ast.Cardinality(s)))
    rest = added(upto(s, i), behind(s, added(i, number(1))))
    draft.parts = [Term(at(s, i), element_of(type_, table)), Term(rest, type_)]
    left = with_variables(draft, f, {k: s})
    return draft.opening(f"{titled(f)}TakeOut", left, f.result, others_of(f, functions), 3)


def _changed(f: Fn, k: int, functions: Sequence[Fn], table: TypeTable) -> Opening:
    """The value when one element anywhere is replaced."""
    draft = Draft(table)
    type_ = f.params[k].type or INT
    s, i = draft.variable(type_), draft.variable(NAT, part=False)
    x = draft.variable(element_of(type_, table))
    draft.requires.append(ast.Binary("<", i, ast.Cardinality(s)))
    draft.parts.append(Term(at(s, i), element_of(type_, table)))
    left = with_variables(draft, f, {k: ast.Update(s, ((i, x),))})
    return draft.opening(f"{titled(f)}Update", left, f.result, others_of(f, functions), 4)
