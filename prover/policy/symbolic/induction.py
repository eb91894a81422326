"""Bodies for lemmas: induction hypotheses by the shape of the parameters and by the recursion of the functions
spoken of.

A body is a list of lines for Houdini: braces and cases are fixed, every call and assertion can be pruned, so one batch
holds many hypotheses at once and the verifier's errors say which of them make no sense.
"""

from __future__ import annotations

from collections.abc import Iterator

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import fresh_name, substitute, walk
from prover.policy.symbolic.points import Line
from prover.policy.symbolic.recursing import call_of, recursive_calls, wrapped
from prover.policy.symbolic.view import printed


def hypotheses(decl: ast.Callable, table: TypeTable, fresh: str = "'", *, functional: bool = False) -> list[Line]:
    """Guarded recursive calls: as the functions recurse (`functional`: these alone, where there are any), structural in
    each parameter, and in pairs of parameters."""
    lines: list[Line] = []
    seen: set[str] = set()
    natural = list(recursive_calls(decl, table))
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
    there = [wrapped(printed(substitute(e, values))) for e in requires]
    return " && ".join([*([wrapped(condition)] if condition else []), *there])


def natural_calls(decl: ast.Callable, table: TypeTable) -> list[ast.Call]:
    """The recursive calls that follow the recursion of the functions in the statement."""
    parsed = (parse_expression(call.rstrip(";")) for _, call in recursive_calls(decl, table))
    return [e for e in parsed if isinstance(e, ast.Call)]


def _structural(decl: ast.Callable, table: TypeTable) -> Iterator[tuple[str, str]]:
    smaller: list[tuple[str, str, list[str]]] = []
    for formal in decl.params:
        type_ = table.resolve(formal.type)
        if type_ is None:
            continue
        name = formal.name
        if type_.name in INTEGERS:
            smaller.append((f"{name} > 0", name, [f"{name} - 1"]))
            yield f"{name} > 1", call_of(decl, {name: f"{name} - 2"})
            yield f"{name} > 1", call_of(decl, {name: f"{name} / 2"})
        elif type_.name in ("seq", "string"):
            smaller.append((f"|{name}| > 0", name, [f"{name}[1..]", f"{name}[..|{name}| - 1]"]))
    for condition, name, choices in smaller:
        for choice in choices:
            yield condition, call_of(decl, {name: choice})
    yield from _one_element_less(decl, table)
    for k, (left, a, to_a) in enumerate(smaller):
        for right, b, to_b in smaller[k + 1 :]:
            for x, y in zip(to_a, to_b, strict=False):
                yield f"{left} && {right}", call_of(decl, {a: x, b: y})


def _one_element_less(decl: ast.Callable, table: TypeTable) -> Iterator[tuple[str, str]]:
    """Induction over a set: without some element of it, in that set alone and in all of them."""
    sets = [p.name for p in decl.params if (t := table.resolve(p.type)) and t.name in ("set", "multiset")]
    element = fresh_name("x'", [p.name for p in decl.params])
    for name in sets[:2]:
        empty = f"|{name}| > 0"
        less = {n: f"{n} - {{{element}}}" for n in sets}
        for changes in ({name: less[name]}, less) if len(sets) > 1 else (less,):
            yield empty, f"var {element} :| {element} in {name}; {call_of(decl, changes)}"


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
                    cases.append(Line(call_of(decl, {formal.name: name}), 2))
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
                    found[call_of(decl, changes)] = None
    return list(found)
