"""Bodies for lemmas: induction hypotheses by the shape of the parameters and by the recursion of the functions
spoken of.

A body is a list of lines for Houdini: braces and cases are fixed, every call and assertion can be pruned, so one batch
holds many hypotheses at once and the verifier's errors say which of them make no sense.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from dafny_env.scope import INTEGERS, TypeTable, formals
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import fresh_name, substitute, walk
from prover.policy.symbolic.algebra import expansions
from prover.policy.symbolic.hints import sequence_identities
from prover.policy.symbolic.regroup import regrouped
from prover.policy.symbolic.view import printed, replace_node

MAX_LEMMA_CALLS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a body; depth in indentation steps."""

    text: str
    depth: int = 0
    fixed: bool = False
    cost: int = 2


def hypotheses(decl: ast.Callable, table: TypeTable, fresh: str = "'", *, functional: bool = False) -> list[Line]:
    """Guarded recursive calls: as the functions recurse (`functional`: these alone, where there are any), structural in
    each parameter, and in pairs of parameters."""
    lines: list[Line] = []
    seen: set[str] = set()
    natural = list(_functional(decl, table))
    for condition, call in natural if functional and natural else (*natural, *_structural(decl, table)):
        condition = _with_requires(condition, call, decl)
        text = f"if {condition} {{ {call} }}" if condition else call
        if text in seen or f"{decl.name}({', '.join(p.name for p in decl.params)});" in text:
            continue
        seen.add(text)
        lines.append(Line(text))
    lines += _cases(decl, table, fresh)
    return lines


def _with_requires(condition: str, call: str, decl: ast.Callable) -> str:
    """The condition of a hypothesis with the preconditions that it has there, as far as they can be tested: where they
    do not hold it is not needed."""
    requires = [e for c in decl.clauses_of("requires") for e in c.exprs]
    expr = parse_expression(call.rstrip(";")) if requires else None
    if not isinstance(expr, ast.Call) or any(
        isinstance(n, ast.Quantifier | ast.Call) for e in requires for n in walk(e)
    ):
        return condition
    values = {p.name: a for p, a in zip(decl.params, expr.args, strict=False)}
    there = [_wrapped(printed(substitute(e, values))) for e in requires]
    return " && ".join([*([_wrapped(condition)] if condition else []), *there])


def natural_calls(decl: ast.Callable, table: TypeTable) -> list[ast.Call]:
    """The recursive calls that follow the recursion of the functions in the statement."""
    parsed = (parse_expression(call.rstrip(";")) for _, call in _functional(decl, table))
    return [e for e in parsed if isinstance(e, ast.Call)]


def _call(decl: ast.Callable, changes: dict[str, str]) -> str:
    return f"{decl.name}({', '.join(changes.get(p.name, p.name) for p in decl.params)});"


def _structural(decl: ast.Callable, table: TypeTable) -> Iterator[tuple[str, str]]:
    smaller: list[tuple[str, str, list[str]]] = []
    for formal in decl.params:
        type_ = table.resolve(formal.type)
        if type_ is None:
            continue
        name = formal.name
        if type_.name in INTEGERS:
            smaller.append((f"{name} > 0", name, [f"{name} - 1"]))
            yield f"{name} > 1", _call(decl, {name: f"{name} - 2"})
            yield f"{name} > 1", _call(decl, {name: f"{name} / 2"})
        elif type_.name in ("seq", "string"):
            smaller.append((f"|{name}| > 0", name, [f"{name}[1..]", f"{name}[..|{name}| - 1]"]))
    for condition, name, choices in smaller:
        for choice in choices:
            yield condition, _call(decl, {name: choice})
    yield from _one_element_less(decl, table)
    for k, (left, a, to_a) in enumerate(smaller):
        for right, b, to_b in smaller[k + 1 :]:
            for x, y in zip(to_a, to_b, strict=False):
                yield f"{left} && {right}", _call(decl, {a: x, b: y})


def _one_element_less(decl: ast.Callable, table: TypeTable) -> Iterator[tuple[str, str]]:
    """Induction over a set: without some element of it, in that set alone and in all of them."""
    sets = [p.name for p in decl.params if (t := table.resolve(p.type)) and t.name in ("set", "multiset")]
    element = fresh_name("x'", [p.name for p in decl.params])
    for name in sets[:2]:
        empty = f"|{name}| > 0"
        less = {n: f"{n} - {{{element}}}" for n in sets}
        for changes in ({name: less[name]}, less) if len(sets) > 1 else (less,):
            yield empty, f"var {element} :| {element} in {name}; {_call(decl, changes)}"


def _functional(decl: ast.Callable, table: TypeTable) -> Iterator[tuple[str, str]]:
    """As the functions in the statement recurse: their conditions and arguments, with the lemma's parameters for
    theirs."""
    names = {p.name for p in decl.params}
    for clause in decl.clauses:
        if clause.kind not in ("ensures", "requires"):
            continue
        for node in (n for e in clause.exprs for n in walk(e)):
            if not isinstance(node, ast.Call) or not isinstance(node.function, ast.Name):
                continue
            function = table.functions.get(node.function.id)
            if function is None or not isinstance(function.body, ast.Expr) or len(node.args) != len(function.params):
                continue
            binding = {f.name: arg for f, arg in zip(function.params, node.args, strict=True)}
            for conditions, args in _recursion(function.body, function.name, ()):
                changes, reached = {}, []
                shorter: dict[ast.Expr, ast.Expr] = {}
                for actual, inner in zip(node.args, args, strict=False):
                    if isinstance(actual, ast.Name) and actual.id in names:
                        changes[actual.id] = substitute(inner, binding)
                    elif (part := _inside(actual, substitute(inner, binding), names)) is not None:
                        changes[part.name] = part.smaller
                        reached.append(part.condition)
                        shorter |= part.elements
                if changes:
                    told = {n: printed(_replaced(e, shorter)) for n, e in changes.items()}
                    tests = [*reached, *(substitute(c, binding) for c in conditions)]
                    yield " && ".join(_wrapped(printed(c)) for c in tests), _call(decl, told)


@dataclass(frozen=True, slots=True)
class _Part:
    """A parameter inside of an argument that gets smaller when the argument does: how it does, when, and where the
    argument's elements at that end are found then."""

    name: str
    smaller: ast.Expr
    condition: ast.Expr
    elements: dict[ast.Expr, ast.Expr]


def _inside(actual: ast.Expr, inner: ast.Expr, names: set[str]) -> _Part | None:
    """For `(s + t)[1..]` that `s` becomes `s[1..]` where it is not empty, for `(s + t)[..|s + t| - 1]` the like of `t`,
    for `m + n - 1` that `m` becomes `m - 1`."""
    zero, one = ast.Literal("int", 0), ast.Literal("int", 1)
    if not isinstance(actual, ast.Binary) or actual.op != "+":
        return None
    match inner:
        case ast.Slice(object=whole, low=ast.Literal(value=1), high=None) if whole == actual:
            start = _leftmost(actual)
            if isinstance(start, ast.Name) and start.id in names:
                first: dict[ast.Expr, ast.Expr] = {ast.Index(actual, (zero,)): ast.Index(start, (zero,))}
                longer = ast.Binary(">", ast.Cardinality(start), zero)
                return _Part(start.id, ast.Slice(start, one, None), longer, first)
        case ast.Slice(object=whole, low=None, high=ast.Binary(op="-", right=ast.Literal(value=1)) as end) if (
            whole == actual
        ):
            rest = actual.right
            if isinstance(rest, ast.Name) and rest.id in names:
                last = ast.Binary("-", ast.Cardinality(rest), one)
                longer = ast.Binary(">", ast.Cardinality(rest), zero)
                return _Part(
                    rest.id, ast.Slice(rest, None, last), longer, {ast.Index(actual, (end,)): ast.Index(rest, (last,))}
                )
        case ast.Binary(op="-", left=whole, right=ast.Literal() as step) if whole == actual:
            for side in (actual.left, actual.right):
                if isinstance(side, ast.Name) and side.id in names:
                    return _Part(side.id, ast.Binary("-", side, step), ast.Binary(">=", side, step), {})
    return None


def _leftmost(expr: ast.Expr) -> ast.Expr:
    while isinstance(expr, ast.Binary) and expr.op == "+":
        expr = expr.left
    return expr


def _replaced(expr: ast.Expr, values: dict[ast.Expr, ast.Expr]) -> ast.Expr:
    for old, new in values.items():
        expr = replace_node(expr, old, new)
    return expr


def _wrapped(text: str) -> str:
    return f"({text})" if any(op in text for op in ("||", "==>", "<==>", " if ")) else text


def _recursion(
    expr: ast.Expr, name: str, conditions: tuple[ast.Expr, ...]
) -> Iterator[tuple[tuple[ast.Expr, ...], tuple[ast.Expr, ...]]]:
    """Recursive calls in a function's body with the conditions on the way to them (matches are left to `_cases`)."""
    match expr:
        case ast.IfExpr(cond=cond, then=then, orelse=orelse, binder=()):
            yield from _recursion(cond, name, conditions)
            yield from _recursion(then, name, (*conditions, cond))
            yield from _recursion(orelse, name, (*conditions, ast.Unary("!", cond)))
        case ast.Binary(op="&&" | "==>", left=left, right=right):
            yield from _recursion(left, name, conditions)
            yield from _recursion(right, name, (*conditions, left))
        case ast.Binary(op="||", left=left, right=right):
            yield from _recursion(left, name, conditions)
            yield from _recursion(right, name, (*conditions, ast.Unary("!", left)))
        case ast.Let(patterns=patterns, values=values, body=body) if (
            len(patterns) == len(values) and not expr.such_that
        ):
            binding = {p.name: v for p, v in zip(patterns, values, strict=True) if p.args is None}
            yield from _recursion(substitute(body, binding), name, conditions)
        case ast.MatchExpr() | ast.Quantifier() | ast.SetComp() | ast.Lambda():
            return
        case ast.Call(function=ast.Name(id=called), args=args) if called == name:
            yield conditions, args
            for argument in args:
                yield from _recursion(argument, name, conditions)
        case _:
            from dafny_env.syntax.walk import children

            for child in children(expr):
                if isinstance(child, ast.Expr):
                    yield from _recursion(child, name, conditions)


def _cases(decl: ast.Callable, table: TypeTable, fresh: str) -> list[Line]:
    """A match on each parameter of a datatype, with calls on the parts of the same type."""
    lines: list[Line] = []
    for formal in decl.params:
        type_ = table.resolve(formal.type)
        datatype = table.datatypes.get(type_.name) if type_ is not None else None
        if datatype is None:
            continue
        cases: list[Line] = []
        recursive = False
        for constructor in datatype.constructors:
            names = [f"{(p.name or 'x').lstrip('_') or 'x'}{fresh}{k}" for k, p in enumerate(constructor.params)]
            pattern = f"{constructor.name}({', '.join(names)})" if names else constructor.name
            cases.append(Line(f"case {pattern} =>", 1, fixed=True))
            for name, part in zip(names, constructor.params, strict=True):
                part_type = table.resolve(part.type)
                if part_type is not None and part_type.name == datatype.name:
                    recursive = True
                    cases.append(Line(_call(decl, {formal.name: name}), 2))
                    cases += [Line(c, 2) for c in _as_functions_recurse(decl, formal.name, name, table)]
        if recursive:
            lines += [Line(f"match {formal.name} {{", 0, fixed=True), *cases, Line("}", 0, fixed=True)]
    return lines


def _as_functions_recurse(decl: ast.Callable, matched: str, part: str, table: TypeTable) -> list[str]:
    """Calls where another parameter changes as well, as an accumulator does in the functions that the lemma speaks
    of."""
    found: dict[str, None] = {}
    names = {p.name for p in decl.params}
    for node in (n for c in decl.clauses for e in c.exprs for n in walk(e)):
        if not isinstance(node, ast.Call) or not isinstance(node.function, ast.Name):
            continue
        function = table.functions.get(node.function.id)
        if function is None or not isinstance(function.body, ast.MatchExpr) or len(node.args) != len(function.params):
            continue
        binding = {f.name: a for f, a in zip(function.params, node.args, strict=True)}
        if substitute(function.body.subject, binding) != ast.Name(matched):
            continue
        for pattern, body in function.body.cases:
            inner = {a.name: ast.Member(ast.Name(matched), a.name) for a in pattern.args or () if a.args is None}
            constructor = table.constructors.get(pattern.name)
            if constructor is not None:
                for argument, formal in zip(pattern.args or (), constructor[1].params, strict=False):
                    if formal.name:
                        inner[argument.name] = ast.Member(ast.Name(matched), formal.name)
            for call in walk(body):
                if not (isinstance(call, ast.Call) and isinstance(call.function, ast.Name)):
                    continue
                if call.function.id != function.name:
                    continue
                changes = {matched: part}
                for actual, arg in zip(node.args, call.args, strict=False):
                    if isinstance(actual, ast.Name) and actual.id in names and actual.id != matched:
                        changes[actual.id] = printed(substitute(arg, {**binding, **inner}))
                if len(changes) > 1:
                    found[_call(decl, changes)] = None
    return list(found)


def hints(decl: ast.Callable, table: TypeTable) -> list[Line]:
    """Identities on the lemma's terms, and calls of the file's other lemmas on its parameters."""
    return identities_of(decl, table) + other_lemmas(decl, table)


def identities_of(decl: ast.Callable, table: TypeTable) -> list[Line]:
    """Labels to reveal, sequence identities and products multiplied out, for the terms of a declaration's contract."""
    exprs = [e for c in decl.clauses for e in c.exprs]
    lines = [Line(f"reveal {', '.join(labels)};") for labels in [_labels(decl)] if labels]
    lines += [Line(f"assert {text};", cost=3) for text in sequence_identities(exprs, formals(decl), table)]
    stated = [e for c in decl.clauses_of("ensures") for e in c.exprs]
    return lines + [
        Line(f"assert {text};", cost=2) for text in (*regrouped(stated, table), *multiplied_out(decl, table))
    ]


def _labels(decl: ast.Callable) -> list[str]:
    """Labels of preconditions and assertions, which hide them until revealed."""
    return list(dict.fromkeys(c.label for c in decl.clauses if c.label))


def measures(decl: ast.Callable, table: TypeTable) -> list[str]:
    """Measures for a lemma's own recursion: those of the functions it speaks of, then other orders of its
    parameters."""
    found: dict[str, None] = {}
    for node in (n for c in decl.clauses for e in c.exprs for n in walk(e)):
        if isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
            function = table.functions.get(node.function.id)
            for clause in function.clauses_of("decreases") if function is not None else ():
                binding = {f.name: a for f, a in zip(function.params, node.args, strict=False)} if function else {}
                found[", ".join(printed(substitute(e, binding)) for e in clause.exprs)] = None
    sized = [_size(p, table) for p in decl.params]
    names = [s for s in sized if s is not None]
    if len(names) > 1:
        found[", ".join(reversed(names))] = None
        found[" + ".join(n for n in names if n.startswith("|")) or " + ".join(names)] = None
        found[", ".join(names[1:] + names[:1])] = None
    return list(found)[:4]


def _size(formal: ast.Formal, table: TypeTable) -> str | None:
    type_ = table.resolve(formal.type)
    if type_ is None:
        return None
    if type_.name in ("seq", "string", "set", "multiset", "map"):
        return f"|{formal.name}|"
    return formal.name if type_.name in INTEGERS or type_.name in table.datatypes else None


def multiplied_out(decl: ast.Callable, table: TypeTable) -> list[str]:
    """Expanded products of the statement, and of the statement as recursive calls in the body state it."""
    exprs = [e for c in decl.clauses if c.kind == "ensures" for e in c.exprs]
    bindings: list[dict[str, ast.Expr]] = [{}]
    calls = walk(decl.body) if isinstance(decl.body, ast.Block) else iter(())
    for node in calls:
        if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.id == decl.name:
            bindings.append({p.name: a for p, a in zip(decl.params, node.args, strict=False)})
    for formal in decl.params:
        type_ = table.resolve(formal.type)
        if type_ is not None and type_.name in INTEGERS:
            bindings.append({formal.name: ast.Binary("-", ast.Name(formal.name), ast.Literal("int", 1))})
    found: dict[str, None] = {}
    for binding in bindings:
        for expr in exprs:
            for text in expansions(substitute(expr, binding)):
                found[text] = None
    return list(found)[:10]


def other_lemmas(decl: ast.Callable, table: TypeTable) -> list[Line]:
    """Calls of the file's other lemmas on parameters, their predecessors and their parts."""
    lines: list[Line] = []
    for lemma in table.callables.values():
        if not lemma.is_lemma or lemma.name == decl.name or "twostate" in lemma.kind:
            continue
        choices = [_terms(decl, p.type, table) for p in lemma.params]
        for args in islice(product(*choices), MAX_LEMMA_CALLS):
            lines.append(Line(f"{lemma.name}({', '.join(args)});", cost=3))
    return lines


def _terms(decl: ast.Callable, wanted: ast.Type | None, table: TypeTable) -> list[str]:
    type_ = table.resolve(wanted)
    if type_ is None:
        return []
    plain: list[str] = []
    derived: list[str] = []
    for formal in decl.params:
        own = table.resolve(formal.type)
        if own is None:
            continue
        generic = type_.name[:1].isupper() and type_.name not in table.datatypes
        if own.name == type_.name or generic or (own.name in INTEGERS and type_.name in INTEGERS):
            plain.append(formal.name)
            if own.name in INTEGERS:
                derived.append(f"{formal.name} - 1")
            elif own.name in ("seq", "string"):
                derived += [f"{formal.name}[1..]", f"{formal.name}[..|{formal.name}| - 1]"]
        elif own.name in ("seq", "set") and own.args and own.args[0].name == type_.name and own.name == "seq":
            derived += [f"{formal.name}[0]", f"{formal.name}[|{formal.name}| - 1]"]
    for clause in decl.clauses:
        for node in (n for e in clause.exprs for n in walk(e)):
            if isinstance(node, ast.Call | ast.Binary) and not isinstance(node, ast.Quantifier):
                shape = table.of(node, {p.name: p.type for p in decl.params})
                if shape is not None and shape.name == type_.name and shape.name != "bool":
                    derived.append(printed(node))
    return list(dict.fromkeys([*plain, *derived]))[:8]
