"""Dafny's operators on values. Which one is meant is told by the values, as the program is well typed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from dafny_env.interp.outcome import Fault, OutOfFuel, Stuck, Unsupported
from dafny_env.interp.values import Array, Data, Map, Multiset, Object, Value

MAX_INT = 1 << 4000
MAX_SIZE = 20_000


def _bounded(value: Value) -> Value:
    if type(value) is int and not -MAX_INT < value < MAX_INT:
        raise OutOfFuel("integer too large")
    return value


def _ill(op: str, left: Value, right: Value) -> Unsupported:
    return Unsupported(f"{op} on {type(left).__name__} and {type(right).__name__}")


def euclidean_div(a: int, b: int) -> int:
    """Quotient whose remainder is never negative (Dafny reference manual, section on integer division)."""
    if b == 0:
        raise Fault("division by zero")
    return a // b if b > 0 else -(a // -b)


def euclidean_mod(a: int, b: int) -> int:
    """Remainder in `0 .. |b|-1`."""
    if b == 0:
        raise Fault("division by zero")
    return a % abs(b)


def add(a: Value, b: Value) -> Value:
    """`a + b`: sum, concatenation or union."""
    kind = type(a)
    if kind is not type(b):
        raise _ill("+", a, b)
    if kind is int:
        return _bounded(a + b)
    if kind is Fraction:
        return a + b
    if kind is tuple:
        if len(a) + len(b) > MAX_SIZE:
            raise OutOfFuel("sequence too long")
        return a + b
    if kind is frozenset:
        return a | b
    if kind is Multiset:
        counts = dict(a.counts)
        for value, count in b.counts.items():
            counts[value] = counts.get(value, 0) + count
        return Multiset(counts)
    if kind is Map:
        return Map({**a.items, **b.items})
    if kind is str:
        return char_of(ord(a) + ord(b))
    raise _ill("+", a, b)


def char_of(code: int) -> str:
    """The character of a code point; `Stuck` outside of 0..65535 and for surrogates, which 2.3 and 4.x disagree
    about."""
    if not 0 <= code < 0xD800 and not 0xE000 <= code < 0x10000:
        raise Stuck("character out of range")
    return chr(code)


def subtract(a: Value, b: Value) -> Value:
    """`a - b`: difference; a map minus a set of keys."""
    kind = type(a)
    if kind is Map and type(b) is frozenset:
        return Map({k: v for k, v in a.items.items() if k not in b})
    if kind is not type(b):
        raise _ill("-", a, b)
    if kind is int:
        return _bounded(a - b)
    if kind is Fraction or kind is frozenset:
        return a - b
    if kind is Multiset:
        return Multiset({v: c - b.counts.get(v, 0) for v, c in a.counts.items()})
    if kind is str:
        return char_of(ord(a) - ord(b))
    raise _ill("-", a, b)


def multiply(a: Value, b: Value) -> Value:
    """`a * b`: product or intersection."""
    kind = type(a)
    if kind is not type(b):
        raise _ill("*", a, b)
    if kind is int:
        return _bounded(a * b)
    if kind is Fraction or kind is frozenset:
        return a * b if kind is Fraction else a & b
    if kind is Multiset:
        return Multiset({v: min(c, b.counts.get(v, 0)) for v, c in a.counts.items()})
    raise _ill("*", a, b)


def divide(a: Value, b: Value) -> Value:
    """`a / b`, Euclidean on integers."""
    if type(a) is int and type(b) is int:
        return euclidean_div(a, b)
    if type(a) is Fraction and type(b) is Fraction:
        if b == 0:
            raise Fault("division by zero")
        return a / b
    raise _ill("/", a, b)


def modulo(a: Value, b: Value) -> Value:
    """`a % b`."""
    if type(a) is int and type(b) is int:
        return euclidean_mod(a, b)
    raise _ill("%", a, b)


def _included(a: Multiset, b: Multiset) -> bool:
    return all(c <= b.counts.get(v, 0) for v, c in a.counts.items())


def less(a: Value, b: Value) -> bool:
    """`a < b`: order, proper prefix, proper subset; rank of datatypes is `Unsupported`."""
    kind = type(a)
    if kind is type(b):
        if kind is int or kind is frozenset or kind is Fraction or kind is str:
            return bool(a < b)
        if kind is tuple:
            return len(a) < len(b) and bool(b[: len(a)] == a)
        if kind is Multiset:
            return bool(a != b) and _included(a, b)
        if kind is Data and a.ctor.datatype is not None:
            return _inside(a, b)
    raise _ill("<", a, b)


def _inside(a: Data, b: Data) -> bool:
    """Whether `a` is structurally inside `b`; anything else (other ranks) is not known."""
    if any(type(arg) is Data and (arg == a or _occurs(a, arg)) for arg in b.args):
        return True
    raise Unsupported("rank comparison")


def _occurs(a: Data, b: Data) -> bool:
    return any(type(arg) is Data and (arg == a or _occurs(a, arg)) for arg in b.args)


def at_most(a: Value, b: Value) -> bool:
    """`a <= b`: order, prefix, subset."""
    kind = type(a)
    if kind is type(b):
        if kind is int or kind is frozenset or kind is Fraction or kind is str:
            return bool(a <= b)
        if kind is tuple:
            return len(a) <= len(b) and bool(b[: len(a)] == a)
        if kind is Multiset:
            return _included(a, b)
    raise _ill("<=", a, b)


def equal(a: Value, b: Value) -> bool:
    """`a == b`: structural on values, identity on references."""
    if type(a) is not type(b) and a is not None and b is not None:
        if isinstance(a, Array | Object) and isinstance(b, Array | Object):
            return False
        raise _ill("==", a, b)
    return bool(a == b)


def contains(a: Value, b: Value) -> bool:
    """`a in b`."""
    kind = type(b)
    if kind is frozenset or kind is tuple:
        return a in b
    if kind is Map:
        return a in b.items
    if kind is Multiset:
        return a in b.counts
    raise _ill("in", a, b)


def disjoint(a: Value, b: Value) -> bool:
    """`a !! b`."""
    if type(a) is frozenset and type(b) is frozenset:
        return a.isdisjoint(b)
    if type(a) is Multiset and type(b) is Multiset:
        return not any(v in b.counts for v in a.counts)
    raise _ill("!!", a, b)


def cardinality(a: Value) -> int:
    """`|a|`."""
    if type(a) is tuple or type(a) is frozenset or type(a) is Multiset:
        return len(a)
    if type(a) is Map:
        return len(a.items)
    raise Unsupported(f"|.| on {type(a).__name__}")


BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
    "<": less,
    "<=": at_most,
    ">": lambda a, b: less(b, a),
    ">=": lambda a, b: at_most(b, a),
    "==": equal,
    "!=": lambda a, b: not equal(a, b),
    "in": contains,
    "!in": lambda a, b: not contains(a, b),
    "notin": lambda a, b: not contains(a, b),
    "!!": disjoint,
}
"""Strict operators by token; the short-circuiting ones are the compiler's."""
