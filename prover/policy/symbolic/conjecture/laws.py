"""Laws worth conjecturing of recursive functions, as the left-hand sides of equations: at arguments that the definition
does not take apart, of accumulators, and of functions applied to what other functions make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import children, free_names, substitute, transform
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.recursion import Move, Shape, shape_of
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
    instance,
    is_integer,
    is_sequence,
    number,
    rigid,
    settled,
    unify,
    upto,
)


class Draft:
    """An opening in the making: variables, conditions, and what the other side may speak of."""

    def __init__(self, table: TypeTable) -> None:
        self.table = table
        self.types: dict[str, Type] = {}
        self.variables: dict[str, Type] = {}
        self.requires: list[ast.Expr] = []
        self.parts: list[Term] = []
        self.conditions: list[ast.Expr] = []

    def variable(self, type_: Type, *, part: bool = True) -> ast.Name:
        """A new variable."""
        name = ast.Name(f"v'{len(self.variables)}")
        self.variables[name.id] = type_
        if part:
            self.parts.append(Term(name, type_))
        return name

    def opening(self, family: str, left: ast.Expr, type_: Type, others: Sequence[Fn], cost: int) -> Opening:
        """What has been drafted, with a left-hand side."""

        def final(t: Type) -> Type:
            return rigid(settled(t, self.types))

        variables = {n: final(t) for n, t in self.variables.items()}
        parts = tuple(Term(p.expr, final(p.type)) for p in self.parts)
        cost += min((o.distance for o in others[:1]), default=0)
        told = Term(left, final(type_))
        conditions = tuple(self.conditions)
        return Opening(family, variables, told, parts, tuple(self.requires), tuple(others), cost, conditions)


def laws(functions: Sequence[Fn], table: TypeTable) -> list[Opening]:
    """All of them, the most promising first."""
    shapes = {f.name: shape_of(f, table) for f in functions}
    found = [
        opening
        for f in functions
        for family in (_at_sequences, _at_numbers, _at_ranges, _accumulated, _composed, _fed, _built, _observed)
        for opening in family(f, shapes, functions, table)
    ]
    return sorted(found, key=lambda o: o.cost)


Shapes = Mapping[str, Shape]


def _others(function: Fn, functions: Sequence[Fn]) -> list[Fn]:
    return [function, *(f for f in functions if f.name != function.name)]


def with_variables(draft: Draft, function: Fn, given: Mapping[int, ast.Expr]) -> ast.Expr:
    """A call with variables where no argument is given."""
    args = [
        given[k] if k in given else draft.variable(p.type) for k, p in enumerate(function.params) if p.type is not None
    ]
    return function.call(args)


# ------------------------------------------------------------------------------------------------------------ sequences


def _at_sequences(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
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
            yield draft.opening(f"{titled(f)}Append", left, f.result, _others(f, functions), 1)
            yield _without_one(f, k, functions, table)
            yield _changed(f, k, functions, table)


def _one_more(
    f: Fn, k: int, together: Sequence[int], functions: Sequence[Fn], table: TypeTable, *, front: bool
) -> Opening:
    draft = Draft(table)
    given: dict[int, ast.Expr] = {}
    first: ast.Expr | None = None
    for position in (k, *together):
        type_ = f.params[position].type or INT
        s, x = draft.variable(type_), draft.variable(element_of(type_, table))
        one = ast.SeqDisplay((x,))
        given[position] = added(one, s) if front else added(s, one)
        if first is None:
            first = s
        else:
            draft.requires.append(ast.Binary("==", ast.Cardinality(first), ast.Cardinality(s)))
    word = "Cons" if front else "Snoc"
    left = with_variables(draft, f, given)
    _defined_of(
        draft,
        f,
        left,
        {
            k: [a.left if isinstance(a.right, ast.SeqDisplay) else a.right]
            for k, a in given.items()
            if isinstance(a, ast.Binary)
        },
    )
    for told in _of_elements(f, left, [k, *together], table):
        if told.type == BOOL:
            draft.conditions.append(told.expr)
        draft.parts.append(told)
    return draft.opening(f"{titled(f)}{word}", left, f.result, _others(f, functions), 0)


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
        whole = isinstance(node, ast.Expr) and not isinstance(node, ast.Name)
        if whole and names & new and not names & hidden and f.name not in names:
            type_ = table.of(node, {}) or (INT if isinstance(node, ast.IfExpr) else None)
            if isinstance(node, ast.Binary) and node.op in ("+", "-", "*", "/", "%"):
                type_ = INT
            if type_ is not None and node not in seen and len(seen) < 4:
                seen.add(node)
                yield Term(node, type_)
            if type_ == BOOL or not isinstance(node, ast.IfExpr):
                continue
        stack.extend(reversed(children(node)))


def _fed(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """A function that takes a sequence apart and gathers something, given what another function makes and a rest."""
    for k in f.descending:
        type_ = f.params[k].type
        if not f.gathers or type_ is None or not is_sequence(type_, table):
            continue
        for g in functions:
            draft = Draft(table)
            if g.name == f.name or not is_sequence(g.result, table) or not unify(type_, g.result, draft.types, table):
                continue
            made = with_variables(draft, g, {})
            left = with_variables(draft, f, {k: added(made, draft.variable(type_))})
            others = [f, *(h for h in functions if h.name not in (f.name, g.name))]
            yield draft.opening(f"{titled(f)}{titled(g)}", left, f.result, others, 1)


def _without_one(f: Fn, k: int, functions: Sequence[Fn], table: TypeTable) -> Opening:
    """The whole, and what is left when one element anywhere is taken out."""
    draft = Draft(table)
    type_ = f.params[k].type or INT
    s, i = draft.variable(type_, part=False), draft.variable(NAT)
    draft.requires.append(ast.Binary("<", i, ast.Cardinality(s)))
    rest = added(upto(s, i), behind(s, added(i, number(1))))
    draft.parts = [Term(at(s, i), element_of(type_, table)), Term(rest, type_)]
    left = with_variables(draft, f, {k: s})
    return draft.opening(f"{titled(f)}TakeOut", left, f.result, _others(f, functions), 3)


def _changed(f: Fn, k: int, functions: Sequence[Fn], table: TypeTable) -> Opening:
    """The value when one element anywhere is replaced."""
    draft = Draft(table)
    type_ = f.params[k].type or INT
    s, i = draft.variable(type_), draft.variable(NAT, part=False)
    x = draft.variable(element_of(type_, table))
    draft.requires.append(ast.Binary("<", i, ast.Cardinality(s)))
    draft.parts.append(Term(at(s, i), element_of(type_, table)))
    left = with_variables(draft, f, {k: ast.Update(s, ((i, x),))})
    return draft.opening(f"{titled(f)}Update", left, f.result, _others(f, functions), 4)


# -------------------------------------------------------------------------------------------------------------- numbers


def _at_numbers(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """Sums, products and doubles where the recursion goes down by one number; the same of the others."""
    shape = shapes[f.name]
    descending = [k for k, p in enumerate(f.params) if p.type and is_integer(p.type, table) and shape.descends(k)]
    if len(descending) != 1:
        return
    for k, formal in enumerate(f.params):
        if formal.type is None or not is_integer(formal.type, table):
            continue
        draft = Draft(table)
        type_ = formal.type
        m, n = draft.variable(type_), draft.variable(type_)
        if k == descending[0]:
            one = number(1)
            yield draft.opening(
                f"{titled(f)}Sum", with_variables(draft, f, {k: added(m, n)}), f.result, _others(f, functions), 2
            )
            draft = Draft(table)
            m, n = draft.variable(type_), draft.variable(type_)
            draft.parts += [Term(added(m, one), type_), Term(added(n, one), type_)]
            left = with_variables(draft, f, {k: added(added(m, n), one)})
            yield draft.opening(f"{titled(f)}SumAndOne", left, f.result, [f], 4)
            draft = Draft(table)
            n = draft.variable(type_)
            left = with_variables(draft, f, {k: ast.Binary("*", number(2), n)})
            yield draft.opening(f"{titled(f)}Double", left, f.result, _others(f, functions), 3)
            draft = Draft(table)
            m, n = draft.variable(type_), draft.variable(type_)
        else:
            yield draft.opening(
                f"{titled(f)}Sum", with_variables(draft, f, {k: added(m, n)}), f.result, _others(f, functions), 4
            )
            draft = Draft(table)
            m, n = draft.variable(type_), draft.variable(type_)
        left = with_variables(draft, f, {k: ast.Binary("*", m, n)})
        yield draft.opening(f"{titled(f)}Product", left, f.result, _others(f, functions), 4)


def _at_ranges(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """A range of numbers taken apart at its other end, and in the middle."""
    shape = shapes[f.name]
    numbers = [k for k, p in enumerate(f.params) if p.type is not None and is_integer(p.type, table)]
    for k in numbers:
        moves = shape.moves(k)
        for j in numbers:
            if j == k or shape.moves(j) != {Move.SAME} or not moves & {Move.UP, Move.DOWN} or len(moves) != 1:
                continue
            up = Move.UP in moves
            low, high = (k, j) if up else (j, k)
            yield from _range(f, low, high, functions, table, up=up)


def _range(f: Fn, low: int, high: int, functions: Sequence[Fn], table: TypeTable, *, up: bool) -> Iterator[Opening]:
    one = number(1)
    draft = Draft(table)
    lo, hi = draft.variable(f.params[low].type or INT), draft.variable(f.params[high].type or INT)
    draft.requires.append(ast.Binary("<", lo, hi))
    inner = ast.Binary("-", hi, one) if up else added(lo, one)
    context = {k: draft.variable(p.type) for k, p in enumerate(f.params) if k not in (low, high) and p.type is not None}
    edge = inner if up else lo
    draft.parts.append(Term(edge, INT))
    draft.parts += [
        Term(at(name, edge), element_of(draft.variables[name.id], table))
        for name in context.values()
        if _indexed(draft.variables[name.id], table)
    ]
    draft.parts.append(Term(inner, f.params[high if up else low].type or INT))
    left = f.call([context.get(k, lo if k == low else hi) for k in range(len(f.params))])
    yield draft.opening(f"{titled(f)}OtherEnd", left, f.result, [f, *_others(f, functions)[1:3]], 0)
    draft = Draft(table)
    lo, mid, hi = (draft.variable(t) for t in (f.params[low].type or INT, INT, f.params[high].type or INT))
    draft.requires.append(ast.Chain(("<=", "<="), (lo, mid, hi)))
    context = {k: draft.variable(p.type) for k, p in enumerate(f.params) if k not in (low, high) and p.type is not None}
    left = f.call([context.get(k, lo if k == low else hi) for k in range(len(f.params))])
    yield draft.opening(f"{titled(f)}Split", left, f.result, [f], 1)


def _indexed(type_: Type, table: TypeTable) -> bool:
    resolved = table.resolve(type_) or type_
    return resolved.name in ("seq", "string", "array")


# --------------------------------------------------------------------------------------------- accumulators, functions


def _accumulated(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """With any accumulator, in terms of the functions that have none, and of its own with the usual first one."""
    shape = shapes[f.name]
    for k, formal in enumerate(f.params):
        if formal.type is None or not shape.calls or not shape.accumulates(k):
            continue
        draft = Draft(table)
        left = with_variables(draft, f, {})
        own = [Term(e, formal.type) for e in _first_values(formal.type, table)]
        draft.parts += own
        yield draft.opening(f"{titled(f)}Accumulates", left, f.result, [*_others(f, functions)[1:], f], 0)


def _first_values(type_: Type, table: TypeTable) -> Iterator[ast.Expr]:
    resolved = table.resolve(type_) or type_
    if resolved.name in INTEGERS:
        yield from (number(0), number(1))
    elif resolved.name in ("seq", "string"):
        yield ast.SeqDisplay(())


def _composed(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """A function of what a function of the file gives, in an argument that it takes apart."""
    shape = shapes[f.name]
    for k, formal in enumerate(f.params):
        if formal.type is None or (shape.calls and not shape.descends(k)):
            continue
        for h in functions:
            resolved = table.resolve(h.result) or h.result
            if resolved.name in (*INTEGERS, "bool", "char", "real"):
                continue
            draft = Draft(table)
            if not unify(formal.type, h.result, draft.types, table):
                continue
            inner = with_variables(draft, h, {})
            left = with_variables(draft, f, {k: inner})
            family = f"{titled(f)}{titled(h)}" if f.name != h.name else f"{titled(f)}Twice"
            others = (
                [f, h, *(g for g in functions if g.name not in (f.name, h.name))]
                if h.name != f.name
                else _others(f, functions)
            )
            yield draft.opening(family, left, f.result, others, 1 + h.distance)


def _built(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """At a constant or a constructor in an argument that it does not take apart."""
    shape = shapes[f.name]
    for k, formal in enumerate(f.params):
        resolved = table.resolve(formal.type)
        if resolved is None or resolved.name not in table.datatypes or (shape.calls and shape.descends(k)):
            continue
        for constructor in table.datatypes[resolved.name].constructors:
            draft = Draft(table)
            made: ast.Expr = ast.Name(constructor.name)
            if constructor.params:
                values = {
                    p.name: a for p, a in zip(table.datatypes[resolved.name].type_params, resolved.args, strict=False)
                }
                args = [draft.variable(instance(p.type, values)) for p in constructor.params if p.type is not None]
                made = ast.Call(made, tuple(args))
            yield draft.opening(
                f"{titled(f)}{constructor.name}",
                with_variables(draft, f, {k: made}),
                f.result,
                _others(f, functions),
                0,
            )
        if resolved.name == (table.resolve(f.result) or f.result).name and len(f.params) == 2:
            draft = Draft(table)
            a, b = draft.variable(formal.type or INT), draft.variable(f.params[1 - k].type or INT)
            turned = f.call([b, a] if k == 0 else [a, b])
            draft.parts = [Term(f.call([a, b] if k == 0 else [b, a]), f.result)]
            yield draft.opening(f"{titled(f)}Swapped", turned, f.result, [], 3)


def _observed(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """Lengths, elements and multisets of what a function gives."""
    resolved = table.resolve(f.result) or f.result
    if resolved.name not in ("seq", "string", "set", "multiset", "map"):
        return
    draft = Draft(table)
    left: ast.Expr = ast.Cardinality(with_variables(draft, f, {}))
    numeric = [g for g in functions if is_integer(g.result, table)]
    yield draft.opening(f"{titled(f)}Size", left, NAT, [f, *numeric], 1)
    if resolved.name in ("seq", "string"):
        draft = Draft(table)
        left = ast.MultisetOf(with_variables(draft, f, {}))
        element = element_of(f.result, table)
        for name, type_ in list(draft.variables.items()):
            if is_sequence(type_, table):
                draft.parts.append(Term(ast.MultisetOf(ast.Name(name)), Type("multiset", (element,))))
            elif type_ == element:
                draft.parts.append(Term(ast.SetDisplay("multiset", (ast.Name(name),)), Type("multiset", (element,))))
        yield draft.opening(f"{titled(f)}Elements", left, Type("multiset", (element,)), [f], 2)
    if resolved.name != "map":
        draft = Draft(table)
        x = draft.variable(element_of(f.result, table) if resolved.name != "set" else resolved.args[0])
        left = ast.Binary("in", x, with_variables(draft, f, {}))
        yield draft.opening(f"{titled(f)}Has", left, BOOL, [f, *functions[:3]], 3)


def titled(function: Fn) -> str:
    """Its name as the start of a lemma's."""
    return function.name[:1].upper() + function.name[1:]
