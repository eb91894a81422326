"""Facts about the elements of sequences and arrays: comparison with a variable, order, partition, frames through
`old`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from dafny_env.scope import INTEGERS
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.generalise import in_turn
from prover.policy.symbolic.view import Idea, View, fresh_names, printed

ORDER = (("==", "<=", ">="), ("<", ">", "!="))
EQUAL = (("==",), ("!=",))
"""Comparisons worth a try, the likelier ones for all ranges before the others."""


def index_terms(view: View, length: str) -> list[str]:
    """Ends of ranges worth trying: 0, the loop's variables and their neighbours, and the length."""
    moving = view.moving_integers()[:4]
    neighbours = [f"{n} + 1" for n in moving]
    fixed = [n for n in view.integers() if not view.moves(n)][:2]
    spec = " ".join(view.text[c.span.start : c.span.end] for c in view.decl.clauses)
    neighbours += [f"{n} + 1" for n in fixed if n in spec and view.loop.assigned]
    return ["0", *moving, *neighbours, *fixed, length]


def ranges(view: View, length: str) -> list[tuple[str, str]]:
    """Pairs of ends (low, high), one of which the loop moves, the whole range last."""
    terms = index_terms(view, length)
    moving = set(view.moving_integers())
    pairs = [
        (low, high)
        for low in terms
        for high in terms
        if low != high and high not in ("0", f"{low} + 1") and low != length
        if {low.split()[0], high.split()[0]} & moving
    ]
    return [*pairs, ("0", length)]


def fresh(view: View, *wanted: str) -> list[str]:
    """Names for bound variables that nothing here is called."""
    return fresh_names(view.taken(), *wanted)


def elements(view: View) -> Iterator[Idea]:
    """`forall k :: low <= k < high ==> s[k] R x` for every variable or small constant x of the element's type."""
    (k,) = fresh(view, "k")
    for name, element, array in view.sequences():
        if element is None:
            continue
        if not (array or view.moves(name) or view.moving_integers()):
            continue
        ordered = element.name in INTEGERS or element.name in ("real", "char")
        same_type = [v.name for v in view.variables if v.type is not None and _same(v.type.name, element.name)]
        indices = [i for i in view.moving_integers() if _is_index(view, i)]
        scalars = [s for s in same_type if s not in indices][:5] + _constants(view, element)
        local = [v.name for v in view.variables if v.role == "local" and v.name in view.integers()]
        pointed = dict.fromkeys([*_champions(view), *view.moving_integers()[:4], *local[:3]])
        there = [f"{name}[{i}]" for i in pointed]
        enumerated = element.name in view.table.datatypes
        scalars = [*scalars, *there] if enumerated else list(in_turn(iter(there), iter(scalars)))
        stretches = ranges(view, view.length(name, array))
        plain = [r for r in stretches if "+" not in " ".join(r)]
        others = [r for r in stretches if r not in plain]
        for ops, chosen in product(ORDER if ordered else EQUAL, (plain, others)):
            for scalar, (low, high), op in product(scalars[:10], chosen, ops):
                yield Idea(f"forall {k} :: {low} <= {k} < {high} ==> {name}[{k}] {op} {scalar}", "elements", 3)
        for low, high in stretches:
            for scalar in scalars[:10]:
                if "[" not in scalar:
                    yield Idea(f"exists {k} :: {low} <= {k} < {high} && {name}[{k}] == {scalar}", "elements", 3)
            if element.name == "bool":
                yield Idea(f"forall {k} :: {low} <= {k} < {high} ==> {name}[{k}]", "elements", 3)
                yield Idea(f"forall {k} :: {low} <= {k} < {high} ==> !{name}[{k}]", "elements", 3)


def _champions(view: View) -> list[str]:
    """Integer variables that the loop sets to another one: they remember where the best so far was."""
    found = []
    for node in walk(view.loop.node):
        if isinstance(node, ast.Assign) and len(node.targets) == len(node.rhs):
            for target, rhs in zip(node.targets, node.rhs, strict=True):
                if isinstance(target, ast.Name) and isinstance(rhs.expr, ast.Name):
                    found.append(target.id)
    return [n for n in dict.fromkeys(found) if n in view.integers()]


def _same(left: str, right: str) -> bool:
    return left == right or (left in INTEGERS and right in INTEGERS)


def _constants(view: View, element: Type) -> list[str]:
    """Values of the type that facts are often about: small numbers, constructors without arguments, the code's
    literals."""
    if element.name in INTEGERS:
        literals = (n for n in walk(view.decl) if isinstance(n, ast.Literal) and n.kind == "int")
        return list(dict.fromkeys(["0", "1", *(printed(n) for n in literals)]))[:4]
    if element.name in view.table.datatypes:
        return [c.name for c in view.table.datatypes[element.name].constructors if not c.params]
    literals = (n for n in walk(view.decl) if isinstance(n, ast.Literal) and n.kind == element.name)
    return list(dict.fromkeys(printed(n) for n in literals))[:4]


def _is_index(view: View, name: str) -> bool:
    """Whether the loop uses the variable to index something: then comparing elements with it is far-fetched."""
    return f"[{name}]" in view.text[view.loop.node.span.start : view.loop.node.span.end]


def orders(view: View) -> Iterator[Idea]:
    """Sorted stretches and partitions, for arrays and sequences with ordered elements."""
    p, q = fresh(view, "p", "q")
    spec = " ".join(view.text[c.span.start : c.span.end] for c in view.decl.clauses)
    if "<=" not in spec and "<" not in spec and "orted" not in spec:
        return
    for name, element, array in view.sequences():
        if element is None or (element.name not in INTEGERS and element.name not in ("real", "char")):
            continue
        length = view.length(name, array)
        terms = index_terms(view, length)
        for low, high in ranges(view, length):
            yield Idea(f"forall {p}, {q} :: {low} <= {p} < {q} < {high} ==> {name}[{p}] <= {name}[{q}]", "order", 3)
            yield Idea(f"forall {p}, {q} :: {low} <= {p} < {q} < {high} ==> {name}[{p}] >= {name}[{q}]", "order", 3)
            for middle in terms[1:]:
                if middle in (low, high):
                    continue
                fact = f"forall {p}, {q} :: {low} <= {p} < {middle} <= {q} < {high} ==> {name}[{p}] <= {name}[{q}]"
                yield Idea(fact, "partition", 3)
                fact = f"forall {p}, {q} :: {low} <= {p} <= {middle} < {q} < {high} ==> {name}[{p}] <= {name}[{q}]"
                yield Idea(fact, "partition", 3)
        for index in view.moving_integers()[:3]:
            for low, high in (("0", length), ("0", f"{index} + 1")):
                fact = (
                    f"forall {p}, {q} :: {low} <= {p} < {q} < {high} && {q} != {index} && {p} != {index}"
                    f" ==> {name}[{p}] <= {name}[{q}]"
                )
                yield Idea(fact, "order", 3)
            yield Idea(
                f"forall {p}, {q} :: 0 <= {p} < {q} < {length} && {q} != {index} ==> {name}[{p}] <= {name}[{q}]",
                "order",
                3,
            )


def frames(view: View) -> Iterator[Idea]:
    """What the loop leaves as it was on entry to the method: stretches of arrays, multisets, and whole arrays."""
    (k,) = fresh(view, "k")
    if not view.loop.writes:
        return
    parameters = {v.name for v in view.variables if v.role in ("param", "field")}
    for name, _, array in view.sequences():
        if not array:
            continue
        length = view.length(name, array)
        if name in parameters:
            yield Idea(f"multiset({name}[..]) == multiset(old({name}[..]))", "frame", 3)
            yield Idea(f"{name}[..] == old({name}[..])", "frame", 3)
            for low, high in ranges(view, length):
                yield Idea(f"forall {k} :: {low} <= {k} < {high} ==> {name}[{k}] == old({name}[{k}])", "frame", 3)
            for index in view.moving_integers()[:2]:
                yield Idea(f"multiset({name}[..{index}]) == multiset(old({name}[..{index}]))", "frame", 3)
        for other, _, other_array in view.sequences():
            if other == name:
                continue
            there = f"old({other}[{k}])" if other in parameters and other_array else f"{other}[{k}]"
            for low, high in ranges(view, length)[:20]:
                yield Idea(f"forall {k} :: {low} <= {k} < {high} ==> {name}[{k}] == {there}", "frame", 3)
    for variable in view.fields:
        if view.moves(variable.name):
            yield Idea(f"{variable.name} == old({variable.name})", "frame", 2)


def copies(view: View) -> Iterator[Idea]:
    """Relations between whole sequences and prefixes: `out == s[..i]`, lengths, multisets, membership."""
    sequences = view.sequences()
    moving = view.moving_integers()
    for name, element, array in sequences:
        if array or not view.moves(name):
            continue
        for other, other_element, other_array in sequences:
            if other == name:
                continue
            if element is not None and other_element is not None and element != other_element:
                continue
            whole = f"{other}[..]" if other_array else other
            for index in moving:
                yield Idea(f"{name} == {other}[..{index}]", "copy", 3)
                yield Idea(f"{name} == {other}[{index}..]", "copy", 3)
                yield Idea(f"{name} + {other}[{index}..] == {whole}", "copy", 3)
                yield Idea(f"multiset({name}) == multiset({other}[..{index}])", "copy", 3)
                yield Idea(f"forall x' :: x' in {name} ==> x' in {other}[..{index}]", "copy", 3)
                yield Idea(f"forall x' :: x' in {other}[..{index}] ==> x' in {name}", "copy", 3)
            yield Idea(f"forall x' :: x' in {name} ==> x' in {whole}", "copy", 3)
    yield from _collections(view)
    for name in view.of_type("set", "multiset", "map"):
        if not view.moves(name):
            continue
        for other, _, _ in sequences:
            for index in moving:
                yield Idea(f"forall x' :: x' in {name} ==> x' in {other}[..{index}]", "copy", 3)
                yield Idea(f"forall x' :: x' in {other}[..{index}] ==> x' in {name}", "copy", 3)
                yield Idea(f"{name} == (set x' | x' in {other}[..{index}])", "copy", 3)
                yield Idea(f"{name} == multiset({other}[..{index}])", "copy", 3)
        for other in view.of_type("set", "multiset", "map"):
            if other != name:
                yield Idea(f"{name} <= {other}", "copy", 2)
                yield Idea(f"{other} <= {name}", "copy", 2)
                yield Idea(f"{name} !! {other}", "copy", 2)


def _collections(view: View) -> Iterator[Idea]:
    """Sets and multisets that together make up another, and how their elements compare with a variable."""
    for kind in ("set", "multiset"):
        names = view.of_type(kind)
        terms = list(names)
        if kind == "multiset":
            terms += [f"multiset({n}[..])" if array else f"multiset({n})" for n, _, array in view.sequences()]
        for k, left in enumerate(terms):
            for right in terms[k + 1 :]:
                for whole in terms:
                    if whole not in (left, right):
                        yield Idea(f"{whole} == {left} + {right}", "copy", 2)
        for name in names:
            type_ = next((view.type_of(v) for v in view.variables if v.name == name), None)
            element = type_.args[0].name if type_ is not None and type_.args else ""
            for scalar in (v.name for v in view.variables if v.type is not None and _same(v.type.name, element)):
                yield Idea(f"{scalar} in {name}", "copy", 2)
                if element in INTEGERS:
                    yield Idea(f"forall x' :: x' in {name} ==> {scalar} <= x'", "copy", 3)
                    yield Idea(f"forall x' :: x' in {name} ==> x' <= {scalar}", "copy", 3)
            for other, inner, _ in view.sequences():
                if inner is not None and inner.name == element and element in INTEGERS:
                    fact = f"forall x', r' :: x' in {name} && 0 <= r' < |{other}| ==> {other}[r'] <= x'"
                    yield Idea(fact, "copy", 3)
                    yield Idea(fact.replace("<= x'", ">= x'"), "copy", 3)
