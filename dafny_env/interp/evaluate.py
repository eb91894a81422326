"""Compilers of the plain expressions: operators, displays, selections, conditionals.

Importing this module completes the compiler: names and calls, binders and patterns register themselves with it.
"""

from __future__ import annotations

from fractions import Fraction

from dafny_env.interp import binders, names, selections  # noqa: F401 - they register their compilers
from dafny_env.interp.machine import Code, Frame, known
from dafny_env.interp.operators import BINARY, MAX_SIZE, cardinality
from dafny_env.interp.outcome import Fault, OutOfFuel, Unsupported
from dafny_env.interp.typing_of import constraints_on, convert, tested, unfold
from dafny_env.interp.values import Array, Data, Map, Multiset, Object, Value, make_tuple
from dafny_env.interp.world import Scope, compile_expr, compiles, fails
from dafny_env.syntax import ast


@compiles(ast.Literal)
def _literal(e: ast.Literal, _: Scope) -> Code:
    value: Value = e.value
    if e.kind == "real":
        value = Fraction(str(e.value).replace("_", ""))
    elif e.kind == "string":
        value = tuple(str(e.value))
    return lambda fr: value


@compiles(ast.Unary)
def _unary(e: ast.Unary, sc: Scope) -> Code:
    operand = compile_expr(e.operand, sc)
    if e.op == "!":

        def invert(fr: Frame) -> bool:
            value = operand(fr)
            if type(value) is not bool:
                raise Unsupported("! of such a value")
            return not value

        return invert

    def negate(fr: Frame) -> Value:
        value = operand(fr)
        if type(value) is not int and type(value) is not Fraction:
            raise Unsupported("unary minus")
        return -value

    return negate


@compiles(ast.Cardinality)
def _cardinality(e: ast.Cardinality, sc: Scope) -> Code:
    operand = compile_expr(e.operand, sc)
    return lambda fr: cardinality(operand(fr))


@compiles(ast.Binary)
def _binary(e: ast.Binary, sc: Scope) -> Code:
    left, right = compile_expr(e.left, sc), compile_expr(e.right, sc)
    if e.op == "&&":
        return lambda fr: left(fr) and right(fr)
    if e.op == "||":
        return lambda fr: left(fr) or right(fr)
    if e.op == "==>":
        return lambda fr: right(fr) if left(fr) else True
    if e.op == "<==":
        return lambda fr: left(fr) if right(fr) else True
    if e.op == "<==>":
        return lambda fr: left(fr) is right(fr)
    operator = BINARY.get(e.op)
    if operator is None:
        return fails(f"operator {e.op}")
    chosen = operator
    return lambda fr: chosen(left(fr), right(fr))


@compiles(ast.Chain)
def _chain(e: ast.Chain, sc: Scope) -> Code:
    if any(op not in BINARY for op in e.ops):
        return fails(f"chain of {' '.join(e.ops)}")
    operands = [compile_expr(o, sc) for o in e.operands]
    first = operands[0]
    links = [(BINARY[op], operand) for op, operand in zip(e.ops, operands[1:], strict=True)]
    disjoint_chain = "!!" in e.ops
    if disjoint_chain and len(e.ops) > 1:
        return fails("chain of disjointness")

    def run(fr: Frame) -> bool:
        left = first(fr)
        for operator, operand in links:
            right = operand(fr)
            if not operator(left, right):
                return False
            left = right
        return True

    return run


@compiles(ast.IfExpr)
def _if(e: ast.IfExpr, sc: Scope) -> Code:
    if e.binder:
        return binders.if_such_that(e, sc)
    cond, then, orelse = (compile_expr(x, sc) for x in (e.cond, e.then, e.orelse))
    return lambda fr: then(fr) if cond(fr) else orelse(fr)


@compiles(ast.SeqDisplay)
def _sequence(e: ast.SeqDisplay, sc: Scope) -> Code:
    items = [compile_expr(x, sc) for x in e.items]
    return lambda fr: tuple([item(fr) for item in items])


@compiles(ast.SetDisplay)
def _set(e: ast.SetDisplay, sc: Scope) -> Code:
    items = [compile_expr(x, sc) for x in e.items]
    if e.kind == "multiset":
        return lambda fr: Multiset.of([item(fr) for item in items])
    return lambda fr: frozenset([item(fr) for item in items])


@compiles(ast.MapDisplay)
def _map(e: ast.MapDisplay, sc: Scope) -> Code:
    items = [(compile_expr(k, sc), compile_expr(v, sc)) for k, v in e.items]
    return lambda fr: Map({k(fr): v(fr) for k, v in items})


@compiles(ast.SeqComp)
def _sequence_comprehension(e: ast.SeqComp, sc: Scope) -> Code:
    length, function = compile_expr(e.length, sc), compile_expr(e.function, sc)

    def run(fr: Frame) -> Value:
        n, f = length(fr), function(fr)
        if n < 0:
            raise Fault("negative length")
        if n > MAX_SIZE:
            raise OutOfFuel("sequence too long")
        return tuple([f.call(fr, (k,)) for k in range(n)])

    return run


@compiles(ast.MultisetOf)
def _multiset_of(e: ast.MultisetOf, sc: Scope) -> Code:
    operand = compile_expr(e.operand, sc)

    def run(fr: Frame) -> Value:
        value = operand(fr)
        if type(value) is Multiset:
            return value
        if type(value) is not tuple and type(value) is not frozenset:
            raise Unsupported("multiset of such a value")
        return Multiset.of(value)

    return run


@compiles(ast.Tuple)
def _tuple(e: ast.Tuple, sc: Scope) -> Code:
    items = [compile_expr(x, sc) for x in e.items]
    if len(items) == 1:
        return items[0]
    return lambda fr: make_tuple([item(fr) for item in items])


@compiles(ast.Old)
def _old(e: ast.Old, sc: Scope) -> Code:
    operand = compile_expr(e.operand, sc)
    label = e.label

    def run(fr: Frame) -> Value:
        heap = fr.old if label is None else fr.labels.get(label)
        if heap is None:
            raise Unsupported("old outside of a method" if label is None else f"label {label}")
        return operand(Frame(fr.m, fr.vars, fr.this, heap, fr.old, fr.labels))

    return run


@compiles(ast.HeapPredicate)
def _heap_predicate(e: ast.HeapPredicate, sc: Scope) -> Code:
    args = [compile_expr(a, sc) for a in e.args]
    label = e.label

    def references(fr: Frame) -> list[Value]:
        found: list[Value] = []
        for arg in args:
            value = arg(fr)
            found.extend(value if type(value) in (frozenset, tuple) else [value])
        if not all(v is None or type(v) in (Array, Object) for v in found):
            raise Unsupported(f"{e.kind} of such a value")
        return found

    def run(fr: Frame) -> bool:
        old = fr.old if label is None else fr.labels.get(label)
        if e.kind == "allocated" or old is None:
            raise Unsupported(e.kind)
        if e.kind == "fresh":
            found = references(fr)
            if fr.this is not None and fr.this in found:
                raise Unsupported("fresh of this")  # versions differ about what a constructor may say
            return all(v is not None and v not in old.cells for v in found)
        return all(v is None or _same(fr.heap.get(v), old.get(v)) for v in references(fr))

    return run


def _same(now: Value, before: Value) -> bool:
    if isinstance(now, dict) and now is not before:
        for value in now.values():
            known(value)
    return bool(now == before)


@compiles(ast.Convert)
def _convert(e: ast.Convert, sc: Scope) -> Code:
    operand = compile_expr(e.operand, sc)
    unfolded = unfold(e.type, sc.module, sc.world)
    key = sc.world.key("as")
    tests = constraints_on(e.type, key, sc)

    def run_as(fr: Frame) -> Value:
        value = convert(operand(fr), unfolded)
        fr.vars[key] = value
        if tests and not tested(fr, tests):
            raise Fault("conversion outside of the type")
        return value

    def run_is(fr: Frame) -> bool:
        value = operand(fr)
        if unfolded.kind == "class" and (value is None or type(value) is Object):
            if value is None:
                return unfolded.nullable
            return _extends(value.cls, unfolded.cls, sc)
        if unfolded.kind == "int" and type(value) is int:
            fr.vars[key] = value
            return tested(fr, tests)
        raise Unsupported("type test")

    return run_as if e.kind == "as" else run_is


def _extends(cls: object, wanted: object, sc: Scope) -> bool:
    if cls is wanted:
        return True
    return any(_extends(parent, wanted, sc) for parent in sc.world.symbols.parents(cls))  # type: ignore[arg-type]


@compiles(ast.UnknownExpr)
def _unknown(e: ast.UnknownExpr, _: Scope) -> Code:
    return fails("unparsed expression")


@compiles(ast.Star)
def _star(_: ast.Star, __: Scope) -> Code:
    return fails("*")


@compiles(ast.DatatypeUpdate)
def _datatype_update(e: ast.DatatypeUpdate, sc: Scope) -> Code:
    subject = compile_expr(e.object, sc)
    updates = [(name, compile_expr(value, sc)) for name, value in e.updates]

    def run(fr: Frame) -> Value:
        value = subject(fr)
        if type(value) is not Data:
            raise Unsupported("update of such a value")
        args = list(value.args)
        for name, code in updates:
            if name not in value.ctor.fields:
                raise Unsupported(f"update of a field {name} that {value.ctor.name} lacks")
            args[value.ctor.fields.index(name)] = code(fr)
        return Data(value.ctor, tuple(args))

    return run
