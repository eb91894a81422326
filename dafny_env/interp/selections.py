"""Compilers of `a[i]`, `s[lo..hi]`, `s[i := v]`."""

from __future__ import annotations

from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.outcome import Fault, OutOfFuel, Unsupported
from dafny_env.interp.values import Array, Map, Multiset, Value
from dafny_env.interp.world import Scope, compile_expr, compiles
from dafny_env.syntax import ast

_MAX_COUNT = 20_000


def offset(array: Array, indices: list[Value]) -> int:
    """Where the element is in the array's flat contents; `Stuck` when out of range."""
    if len(indices) != len(array.dims):
        raise Unsupported("number of indices")
    flat = 0
    for index, length in zip(indices, array.dims, strict=True):
        if type(index) is not int:
            raise Unsupported("index of such a value")
        if not 0 <= index < length:
            raise Fault("index out of range")
        flat = flat * length + index
    return flat


@compiles(ast.Index)
def _index(e: ast.Index, sc: Scope) -> Code:
    subject = compile_expr(e.object, sc)
    indices = [compile_expr(i, sc) for i in e.indices]
    first = indices[0]

    def run(fr: Frame) -> Value:
        value = subject(fr)
        kind = type(value)
        if kind is Array:
            return fr.heap.get(value)[offset(value, [i(fr) for i in indices])]
        index = first(fr)
        if kind is tuple:
            if type(index) is not int:
                raise Unsupported("index of such a value")
            if not 0 <= index < len(value):
                raise Fault("index out of range")
            return value[index]
        if kind is Map:
            if index not in value.items:
                raise Fault("key not in map")
            return value.items[index]
        if kind is Multiset:
            return value.counts.get(index, 0)
        if value is None:
            raise Fault("null dereference")
        raise Unsupported(f"selection from {kind.__name__}")

    return run


@compiles(ast.Slice)
def _slice(e: ast.Slice, sc: Scope) -> Code:
    subject = compile_expr(e.object, sc)
    low = None if e.low is None else compile_expr(e.low, sc)
    high = None if e.high is None else compile_expr(e.high, sc)

    def run(fr: Frame) -> Value:
        value = subject(fr)
        if type(value) is Array:
            if len(value.dims) != 1:
                raise Unsupported("slice of a matrix")
            value = fr.heap.get(value)
        if value is None:
            raise Fault("null dereference")
        if type(value) is not tuple:
            raise Unsupported(f"slice of {type(value).__name__}")
        lo = 0 if low is None else low(fr)
        hi = len(value) if high is None else high(fr)
        if not 0 <= lo <= hi <= len(value):
            raise Fault("slice out of range")
        return value[lo:hi]

    return run


@compiles(ast.Update)
def _update(e: ast.Update, sc: Scope) -> Code:
    subject = compile_expr(e.object, sc)
    updates = [(compile_expr(k, sc), compile_expr(v, sc)) for k, v in e.updates]

    def run(fr: Frame) -> Value:
        value = subject(fr)
        for key, new in updates:
            value = updated(value, key(fr), new(fr))
        return value

    return run


def updated(value: Value, key: Value, new: Value) -> Value:
    """`value[key := new]`."""
    if type(value) is tuple:
        if type(key) is not int:
            raise Unsupported("index of such a value")
        if not 0 <= key < len(value):
            raise Fault("index out of range")
        return (*value[:key], new, *value[key + 1 :])
    if type(value) is Map:
        return Map({**value.items, key: new})
    if type(value) is Multiset:
        if new < 0:
            raise Fault("negative multiplicity")
        if new > _MAX_COUNT:
            raise OutOfFuel("multiset too large")
        return Multiset({**value.counts, key: new})
    raise Unsupported(f"update of {type(value).__name__}")
