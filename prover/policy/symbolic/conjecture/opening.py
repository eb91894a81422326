"""Left-hand sides of equations whose right-hand sides are searched for, and the terms that these may be made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import free_names, walk
from prover.policy.symbolic.conjecture.lab import LEAST, Lab
from prover.policy.symbolic.conjecture.statement import Conjecture, conjecture
from prover.policy.symbolic.conjecture.synthesis import equal_terms
from prover.policy.symbolic.conjecture.terms import (
    BOOL,
    INT,
    NAT,
    Fn,
    Term,
    element_of,
    instance,
    is_integer,
    is_sequence,
    number,
    requirements,
    settled,
    unify,
)

CHEAP, MAX_CASES, MAX_HYPOTHESES, LARGEST = 1, 10, 4, 1000
"""The cost up to which cases are told apart, by how many conditions; predicates that may imply another; and the largest
constant that is taken from a function."""
MAX_CALLS, MAX_NESTED, CALLED = 40, 120, 6
AGAINST = 2
"""What it costs to take a sequence apart from both ends."""
MAX_GATHERED = 16
"""Calls on parts, calls on calls, and functions that are called in right-hand sides."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A term worth an equation. parts: what the other side may speak of; calls are made of them. others: functions to
    call there. conditions: what cases may be told apart by."""

    family: str
    variables: Mapping[str, Type]
    left: Term
    parts: tuple[Term, ...]
    requires: tuple[ast.Expr, ...] = ()
    others: tuple[Fn, ...] = ()
    cost: int = 0
    conditions: tuple[ast.Expr, ...] = ()


def completed(
    opening: Opening, functions: Sequence[Fn], lab: Lab, table: TypeTable, taken: frozenset[str]
) -> Iterator[Conjecture]:
    """The equations that hold of an opening on small inputs, with what their calls ask for as preconditions."""
    requires = [*opening.requires, *requirements([opening.left.expr], functions)]
    requires += natural_arguments(opening.left.expr, functions, opening.variables, table)
    inputs = lab.inputs(opening.variables, requires)
    if len(inputs) < LEAST:
        return
    atoms = list(atoms_of(opening, table))
    numbers = [n for f in opening.others[:1] for n in _constants_of(f)]
    conditions = _cases(opening, atoms, table) if opening.cost <= CHEAP else []
    found_any = False
    for right in equal_terms(opening.left, atoms, inputs, lab, table, numbers=numbers, conditions=conditions):
        # The equation may not be a case of the definition, and says nothing where both sides are one.
        if right == opening.left.expr or _inside(opening.left.expr, right):
            continue
        ensures = _equation(opening.left, right)
        needed = [
            *requires,
            *requirements([right], functions),
            *natural_arguments(right, functions, opening.variables, table),
        ]
        found = conjecture(
            opening.family,
            opening.variables,
            needed,
            ensures,
            table,
            cost=opening.cost + (AGAINST if against_each_other([opening.left.expr, right], functions) else 0),
            taken=taken,
        )
        if lab.survives(found):
            found_any = True
            yield _weakened(found, opening, lab)
    if not found_any and opening.left.type == BOOL:
        yield from _implied(opening, requires, atoms, functions, lab, table, taken)


def against_each_other(exprs: Sequence[ast.Expr], functions: Sequence[Fn]) -> bool:
    """Whether functions take one sequence apart from different ends: then induction needs more than a step."""
    ends: dict[str, set[str]] = {}
    for call in (n for e in exprs for n in walk(e) if isinstance(n, ast.Call)):
        for function in functions:
            for k, argument in enumerate(function.arguments(call) or ()):
                for name in free_names(argument):
                    ends.setdefault(name, set()).update({"front"} if k in function.from_front else ())
                    ends[name].update({"back"} if k in function.from_back else ())
    return any(len(e) == 2 for e in ends.values())


def _constants_of(function: Fn) -> Iterator[int]:
    """The numbers in a function's body."""
    for node in walk(function.decl.body) if function.decl.body is not None else ():
        if isinstance(node, ast.Literal) and type(node.value) is int and 2 < node.value <= LARGEST:
            yield node.value


def _cases(opening: Opening, atoms: Sequence[Term], table: TypeTable) -> list[ast.Expr]:
    """What cases may be told apart by: conditions that the function itself knows, and comparisons of numbers."""
    numbers = [a for a in atoms if is_integer(a.type, table) and not isinstance(a.expr, ast.Cardinality | ast.Literal)][
        :4
    ]
    pairs = ((a, b) for k, a in enumerate(numbers) for b in numbers[k + 1 :])
    compared = [ast.Binary(op, a.expr, b.expr) for a, b in pairs for op in (">", "<")]
    return [*opening.conditions, *(compared if is_integer(opening.left.type, table) else ())][:MAX_CASES]


def _implied(
    opening: Opening,
    requires: Sequence[ast.Expr],
    atoms: Sequence[Term],
    functions: Sequence[Fn],
    lab: Lab,
    table: TypeTable,
    taken: frozenset[str],
) -> Iterator[Conjecture]:
    """Where a predicate has no equivalent: other predicates of the parts that imply it."""
    parts = {p.expr for p in opening.parts}
    told = [a.expr for a in atoms if a.type == BOOL and isinstance(a.expr, ast.Call)]
    told = [e for e in told if e != opening.left.expr and set(_arguments(e)) <= parts]
    own = _arguments(opening.left.expr)
    taken_apart = next((f.descending for f in functions if f.arguments(opening.left.expr) is not None), ())

    def unlike(expr: ast.Expr) -> tuple[bool, int]:
        """Another predicate, or the same of other things than parts in the same context."""
        args = _arguments(expr)
        same = _callee(expr) == _callee(opening.left.expr)
        return not same, sum((a != o) != (k in taken_apart) for k, (a, o) in enumerate(zip(args, own, strict=False)))

    told = sorted(told, key=unlike)[:MAX_HYPOTHESES]
    for hypotheses in (*combinations(told, 1), *combinations(told, 2)):
        more = [*requires, *requirements(hypotheses, functions), *hypotheses]
        inputs = lab.inputs(opening.variables, more)
        values = lab.column(opening.left.expr, inputs) if len(inputs) >= LEAST else None
        if values is not None and all(values):
            found = conjecture(
                opening.family, opening.variables, more, opening.left.expr, table, cost=opening.cost, taken=taken
            )
            if lab.survives(found):
                yield found
                return


def _arguments(call: ast.Expr) -> tuple[ast.Expr, ...]:
    match call:
        case ast.Call(function=ast.Member(object=receiver), args=args):
            return (receiver, *args)
        case ast.Call(args=args):
            return args
    return ()


def _callee(expr: ast.Expr) -> str:
    match expr:
        case ast.Call(function=ast.Name(id=name) | ast.Member(name=name)):
            return name
    return ""


def _weakened(found: Conjecture, opening: Opening, lab: Lab) -> Conjecture:
    """The conjecture without those conditions of the opening that it does without."""
    if opening.cost >= 0:  # a law states what it needs
        return found
    for condition in found.requires:
        fewer = replace(found, requires=tuple(r for r in found.requires if r != condition))
        if lab.survives(fewer) and lab.defined(fewer):
            found = fewer
    return found


def _inside(part: ast.Expr, whole: ast.Expr) -> bool:
    return any(n == part for n in walk(whole))


def _equation(left: Term, right: ast.Expr) -> ast.Expr:
    match right:
        case ast.Literal(kind="bool", value=True):
            return left.expr
        case ast.Literal(kind="bool", value=False):
            return ast.Unary("!", left.expr)
    return ast.Binary("<==>" if left.type == BOOL else "==", left.expr, right)


def natural_arguments(
    expr: ast.Expr, functions: Sequence[Fn], variables: Mapping[str, Type], table: TypeTable
) -> Iterator[ast.Expr]:
    """That what calls pass for natural numbers is none below zero, where it is not plain from the term."""
    for node in walk(expr):
        for function in functions if isinstance(node, ast.Call) else ():
            for formal, argument in zip(function.params, function.arguments(node) or (), strict=False):
                if formal.type == NAT and not _natural(argument, variables, functions, table):
                    yield ast.Binary(">=", argument, number(0))


def _natural(expr: ast.Expr, variables: Mapping[str, Type], functions: Sequence[Fn], table: TypeTable) -> bool:
    match expr:
        case ast.Name(id=name):
            return variables.get(name) == NAT
        case ast.Literal(value=value):
            return type(value) is int and value >= 0
        case ast.Cardinality():
            return True
        case ast.Binary(op="+" | "*" | "/", left=left, right=right):
            return _natural(left, variables, functions, table) and _natural(right, variables, functions, table)
        case ast.Binary(op="%"):
            return True
        case ast.Call():
            return any(f.result == NAT for f in functions if f.arguments(expr) is not None)
    return False


def atoms_of(opening: Opening, table: TypeTable) -> Iterator[Term]:
    """The parts, lengths of sequences, calls of the functions on these, and calls on calls where nothing else combines
    values of the type."""
    parts = list(opening.parts)
    yield from parts
    lengths = [Term(ast.Cardinality(p.expr), NAT) for p in parts if is_sequence(p.type, table)]
    yield from lengths
    wanted = opening.left.type
    if wanted == BOOL:
        yield from _comparisons(parts, table)
    resolved = table.resolve(wanted) or wanted
    data = resolved.name in table.datatypes
    if data:
        nullary = list(_constants(resolved, table))
        yield from nullary
        parts += nullary
    first = list(_distinct(islice(_calls([*parts, *lengths], opening.others, table), 4 * MAX_CALLS), MAX_CALLS))
    made = list(islice(_made(resolved, [*parts, *first], table), MAX_CALLS)) if data else []
    yield from first
    yield from made
    if is_sequence(wanted, table):
        for part in parts:
            yield Term(ast.SeqDisplay((part.expr,)), Type("seq", (part.type,)))
    if resolved.name in ("set", "multiset") and resolved.args:
        kind = "set" if resolved.name == "set" else "multiset"
        for part in parts:
            if _same(part.type, resolved.args[0], table):
                yield Term(ast.SetDisplay(kind, (part.expr,)), resolved)
    if wanted != BOOL and (data or len(opening.others) <= 2 or any(f.gathers for f in opening.others[:2])):
        inner = [t for t in (*first, *made) if _same(t.type, wanted, table)]
        inner += list(islice(_gathered(opening.others, parts, first, table), MAX_GATHERED))
        yield from islice(_nested(inner, parts, opening.others, wanted, table), MAX_NESTED)


def _gathered(
    functions: Iterable[Fn], parts: Sequence[Term], calls: Sequence[Term], table: TypeTable
) -> Iterator[Term]:
    """What may be passed on for an accumulator: it with something added."""
    for type_ in dict.fromkeys(t for f in functions for k in f.gathers if (t := f.params[k].type) is not None):
        own = [p for p in parts if _same(type_, p.type, table)]
        if is_sequence(type_, table):
            element = element_of(type_, table)
            for item in (*calls, *parts):
                if _same(element, item.type, table):
                    for part in own:
                        one = ast.SeqDisplay((item.expr,))
                        yield Term(ast.Binary("+", one, part.expr), type_)
                        yield Term(ast.Binary("+", part.expr, one), type_)
        elif is_integer(type_, table):
            for item in (*calls, *parts):
                if is_integer(item.type, table):
                    for part in own:
                        if item != part:
                            yield Term(ast.Binary("+", item.expr, part.expr), INT)


def _same(left: Type, right: Type, table: TypeTable) -> bool:
    return unify(left, right, {}, table)


def _distinct(terms: Iterable[Term], most: int) -> Iterator[Term]:
    seen: set[ast.Expr] = set()
    for term in terms:
        if term.expr not in seen:
            seen.add(term.expr)
            yield term
            if len(seen) >= most:
                return


def _calls(terms: Sequence[Term], functions: Iterable[Fn], table: TypeTable) -> Iterator[Term]:
    """Calls with terms for arguments, of each function in turn."""
    for function in islice(functions, CALLED):
        choices = [[t for t in terms if p.type is not None and _passes(t, p.type, table)][:6] for p in function.params]
        for args in islice(product(*choices), MAX_CALLS):
            call = function.call([a.expr for a in args])
            result = _result(function, args, table)
            if result is not None and not function.tells_at_once(call, table):
                yield Term(call, result)


def _passes(term: Term, wanted: Type, table: TypeTable) -> bool:
    return unify(wanted, term.type, {}, table) and not (wanted == NAT and term.type == INT)


def _result(function: Fn, args: Sequence[Term], table: TypeTable) -> Type | None:
    found: dict[str, Type] = {}
    for formal, argument in zip(function.params, args, strict=True):
        if formal.type is None or not unify(formal.type, argument.type, found, table):
            return None
    return settled(function.result, found)


def _constants(type_: Type, table: TypeTable) -> Iterator[Term]:
    for constructor in table.datatypes[type_.name].constructors:
        if not constructor.params:
            yield Term(ast.Name(constructor.name), type_)


def _made(type_: Type, terms: Sequence[Term], table: TypeTable) -> Iterator[Term]:
    """Constructors applied to terms."""
    datatype = table.datatypes[type_.name]
    values = {p.name: a for p, a in zip(datatype.type_params, type_.args, strict=False)}
    for constructor in datatype.constructors:
        if not constructor.params:
            continue
        types = [instance(p.type, values) if p.type is not None else None for p in constructor.params]
        choices = [[t for t in terms if w is not None and _same(w, t.type, table)] for w in types]
        for args in islice(product(*(c[:8] for c in choices)), MAX_CALLS):
            yield Term(ast.Call(ast.Name(constructor.name), tuple(a.expr for a in args)), type_)


def _nested(
    inner: Sequence[Term], parts: Sequence[Term], functions: Iterable[Fn], wanted: Type, table: TypeTable
) -> Iterator[Term]:
    """Calls one of whose arguments is a call, or two of them."""
    for function in islice(functions, CALLED):
        if not _same(function.result, wanted, table):
            continue
        choices = []
        for formal in function.params:
            plain = [t for t in parts if formal.type is not None and _passes(t, formal.type, table)][:5]
            calls = [t for t in inner if formal.type is not None and _passes(t, formal.type, table)][:12]
            choices.append([*plain, *calls])
        for args in islice(product(*choices), 4 * MAX_NESTED):
            call = function.call([a.expr for a in args])
            if not any(a in inner for a in args) or function.tells_at_once(call, table):
                continue
            if (result := _result(function, args, table)) is not None:
                yield Term(call, result)


def _comparisons(parts: Sequence[Term], table: TypeTable) -> Iterator[Term]:
    """Comparisons of numbers and elements, also of the ends of sequences where there are any."""
    numbers = [p for p in parts if is_integer(p.type, table)]
    for k, left in enumerate(numbers):
        for right in numbers[k + 1 :]:
            for op in ("<=", ">=", "==", "<", ">", "!="):
                yield Term(ast.Binary(op, left.expr, right.expr), BOOL)
    sequences = [p for p in parts if is_sequence(p.type, table) and _numeric(p.type, table)]
    empty = [ast.Binary("==", ast.Cardinality(s.expr), number(0)) for s in sequences]
    for k, left in enumerate(sequences):
        last = ast.Index(left.expr, (ast.Binary("-", ast.Cardinality(left.expr), number(1)),))
        first = ast.Index(left.expr, (number(0),))
        for other in numbers:
            for op in ("<=", "<"):
                yield Term(ast.Binary("||", empty[k], ast.Binary(op, last, other.expr)), BOOL)
                yield Term(ast.Binary("||", empty[k], ast.Binary(op, other.expr, first)), BOOL)
        for m, right in enumerate(sequences):
            if m != k:
                start = ast.Index(right.expr, (number(0),))
                for op in ("<=", "<"):
                    either = ast.Binary("||", empty[k], empty[m])
                    yield Term(ast.Binary("||", either, ast.Binary(op, last, start)), BOOL)
    for collection in parts:
        resolved = table.resolve(collection.type) or collection.type
        if resolved.name in ("seq", "set", "multiset") and resolved.args:
            for part in parts:
                if _same(part.type, resolved.args[0], table):
                    yield Term(ast.Binary("in", part.expr, collection.expr), BOOL)


def _numeric(type_: Type, table: TypeTable) -> bool:
    resolved = table.resolve(type_) or type_
    inner = table.resolve(resolved.args[0]) if resolved.args else None
    return inner is not None and inner.name in INTEGERS


def variables_in(exprs: Iterable[ast.Expr], variables: Mapping[str, Type]) -> dict[str, Type]:
    """The variables that some formulas speak of."""
    names = frozenset().union(*(free_names(e) for e in exprs))
    return {n: t for n, t in variables.items() if n in names}
