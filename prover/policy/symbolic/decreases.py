"""Decreases clauses: for loops from guards and observed states, for recursion from parameters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import substitute, walk
from prover.policy.symbolic.algebra import expand
from prover.policy.symbolic.generalise import term
from prover.policy.symbolic.simplify import simplified
from prover.policy.symbolic.view import Oracle, View, conjuncts, printed

MEASURABLE = ("seq", "string", "set", "multiset", "map")


def for_loop(view: View, oracle: Oracle) -> list[str]:
    """Measures for a loop, best first: those from its guard, lengths, differences, then lexicographic pairs.

    Measures that are seen not to go down between two visits of the loop's head come last.
    """
    found: dict[str, None] = {}
    node = view.loop.node
    guards = [node.guard] if isinstance(node, ast.While) else [g for g, _ in getattr(node, "cases", ())]
    for guard in guards:
        for part in (p for g in _disjuncts(guard) for p in conjuncts(g)):
            if isinstance(part, ast.Binary):
                left, right = _atom(part.left), _atom(part.right)
                match part.op:
                    case "<" | "<=" | ">" | ">=" if not view.is_integer(part.left) and not view.is_integer(part.right):
                        continue
                    case "<" | "<=":
                        found[f"{right} - {left}"] = None
                    case ">" | ">=":
                        found[f"{left} - {right}"] = None
                    case "!=" if view.is_integer(part.left) or view.is_integer(part.right):
                        found[f"if {left} <= {right} then {right} - {left} else {left} - {right}"] = None
                        found[f"{left}"] = None
            for inner in walk(part):
                if isinstance(inner, ast.Cardinality):
                    found[printed(inner)] = None
    moving = view.moving_integers()
    ends = [*view.integers(), *view.lengths()]
    for name in moving:
        found[name] = None
        for end in ends:
            if end != name:
                found[f"{end} - {name}"] = None
    for name in view.of_type(*MEASURABLE):
        if view.moves(name):
            found[f"|{name}|"] = None
            found[name] = None
    for variable in view.variables:
        type_ = view.type_of(variable)
        if view.moves(variable.name) and type_ is not None and type_.name in view.table.datatypes:
            found[variable.name] = None
    for left in moving:
        for right in moving:
            if left < right:
                found[f"{left} + {right}"] = None
    for name in view.of_type("bool"):
        if view.moves(name):
            found[f"if {name} then 1 else 0"] = None
            found[f"if {name} then 0 else 1"] = None
    singles = list(found)
    flags = [s for s in singles if (s.startswith("if ") and s.endswith("else 0")) or s.endswith("else 1")]
    pairs = [f"{a}, {b}" for a in singles[:6] for b in (*singles[:6], *flags) if a != b]
    pairs += [f"{b}, {a}" for b in flags for a in singles[:6]]
    return _observed([*singles, *pairs], view, oracle)


def _disjuncts(expr: ast.Expr) -> Iterator[ast.Expr]:
    if isinstance(expr, ast.Binary) and expr.op == "||":
        yield from _disjuncts(expr.left)
        yield from _disjuncts(expr.right)
    else:
        yield expr


def _atom(expr: ast.Expr) -> str:
    text = printed(expr)
    return f"({text})" if isinstance(expr, ast.Binary) else text


def _observed(measures: list[str], view: View, oracle: Oracle) -> list[str]:
    runs = [run for run in oracle.runs(view.loop.offset) if len(run) > 1][:20]
    if not runs:
        return measures[:24]
    good, unclear = [], []
    for measure in measures:
        verdict = _goes_down(measure, runs, oracle)
        if verdict is True:
            good.append(measure)
        elif verdict is None:
            unclear.append(measure)
    return [*good, *unclear][:24]


def _goes_down(measure: str, runs: list[list[object]], oracle: Oracle) -> bool | None:
    """Whether a measure was seen to decrease lexicographically at every visit; None where it has no numbers."""
    try:
        parts = [term(p) for p in measure.split(", ")]
    except ValueError:
        return None
    for run in runs:
        previous: list[int] | None = None
        for state in run:
            values = [oracle.value(p, state) for p in parts]
            if any(type(v) is not int for v in values):
                return None
            if previous is not None and not (values < previous and min(previous) >= 0):
                return False
            previous = values
    return True


def for_recursion(decl: ast.Callable, table: TypeTable, owner: ast.Decl | None = None) -> list[str]:
    """Measures for a recursive function, method or lemma: parameters, sizes, sums, differences, and their orders; for a
    member of a class also the sets that it keeps of its parts."""
    numbers = [p.name for p in decl.params if (t := table.resolve(p.type)) and t.name in INTEGERS]
    sized = [p.name for p in decl.params if (t := table.resolve(p.type)) and t.name in MEASURABLE]
    arrays = [p.name for p in decl.params if (t := table.resolve(p.type)) and t.name in ("array", "array?")]
    trees = [p.name for p in decl.params if (t := table.resolve(p.type)) and t.name in table.datatypes]
    lengths = [f"|{s}|" for s in sized] + [f"{a}.Length" for a in arrays]
    found: dict[str, None] = {}
    for name in (*numbers, *lengths, *trees):
        found[name] = None
    terms = [*numbers, *lengths]
    for a in terms:
        for b in terms:
            if a != b:
                found[f"{a} - {b}"] = None
                found[f"{a} - {b} + 1"] = None
                if a < b:
                    found[f"{a} + {b}"] = None
    singles = [*numbers, *lengths, *trees]
    for count in (2, 3):
        for chosen in permutations(singles[:4], count):
            found[", ".join(chosen)] = None
    for a in numbers:
        for b in numbers:
            if a != b:
                found[f"if {a} < {b} then 1 else 0"] = None  # "without loss of generality" by swapping two arguments
    for condition in _guards(decl):
        for measure in (*terms, *(f"{a} - {b}" for a in terms for b in terms if a != b)):
            found[f"if {condition} then 0 else {measure}"] = None
    kept = []
    if isinstance(owner, ast.ClassLike) and "static" not in decl.modifiers:
        fields = [m for m in owner.members if isinstance(m, ast.Field)]
        kept = [m.name for m in fields if (t := table.resolve(m.type)) and t.name in MEASURABLE]
    return [*kept[:3], *sorted(found, key=lambda measure: _rank(measure, decl))][:60]


def _rank(measure: str, decl: ast.Callable) -> int:
    """0 where every recursive call is seen to make an integer measure smaller by a constant, 2 where one makes it no
    smaller, 1 where that cannot be told."""
    calls = [
        node
        for node in (walk(decl.body) if decl.body is not None else ())
        if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.id == decl.name
    ]
    changes = [_change(measure, decl, call) for call in calls]
    if not changes or None in changes:
        return 1
    return 0 if all(c is not None and c < 0 for c in changes) else 2


def _change(measure: str, decl: ast.Callable, call: ast.Call) -> int | None:
    """By how much a recursive call changes an integer measure, at least -1 for a remainder by it or a part of it; None
    where that is no constant."""
    try:
        expr = term(measure)
    except ValueError:
        return None
    arguments = {p.name: a for p, a in zip(decl.params, call.args, strict=False)}
    if isinstance(expr, ast.Name) and _below(arguments.get(expr.id), expr):
        return -1
    sequences = {n.id: False for a in (expr, *call.args) for n in walk(a) if isinstance(n, ast.Name)}
    change = expand(ast.Binary("-", simplified(substitute(expr, arguments), sequences), expr))
    return None if expand(expr) is None or change is None or set(change) - {()} else change.get((), 0)


def _below(argument: ast.Expr | None, measure: ast.Name) -> bool:
    """Whether an argument is a remainder by the measure, or a part of it as quotients are: smaller wherever the call is
    made at all, for recursion ends at 0."""
    match argument:
        case ast.Binary("%", _, divisor):
            return divisor == measure
        case ast.Binary("/", dividend, ast.Literal(value=int(divisor))):
            return dividend == measure and divisor > 1
    return False


def for_lemma(decl: ast.Callable, table: TypeTable) -> list[str]:
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


def for_calls(decl: ast.Callable, calls: list[ast.Call], table: TypeTable) -> list[str]:
    """Measures that every one of the recursive calls makes smaller, where that needs saying: the parameters in their
    order, which are taken by default, do not."""
    numbers = [p.name for p in decl.params if (t := table.resolve(p.type)) and t.name in INTEGERS]
    if not calls or (numbers and all((_change(numbers[0], decl, c) or 0) < 0 for c in calls)):
        return []
    found = [m for m in for_recursion(decl, table) if all((_change(m, decl, c) or 0) < 0 for c in calls)]
    return found[:3]


def _guards(decl: ast.Callable) -> list[str]:
    """Conditions that end the recursion, for measures such as `if i >= n then 0 else n - i`."""
    found = []
    if decl.body is not None:
        for node in walk(decl.body):
            if isinstance(node, ast.IfExpr | ast.If):
                condition = node.cond if isinstance(node, ast.IfExpr) else node.guard
                found.append(printed(condition))
    return found[:2]
