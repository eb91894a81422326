"""Values and inputs as people write them: `x = 3, a = [1, 2]`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dafny_env.interp.machine import Frame, Heap
from dafny_env.interp.outcome import Failure
from dafny_env.interp.values import Array, Closure, Object, Poison, Value, render
from dafny_env.interp.world import Scope

_NUMBERED = re.compile(r"\b([\w'?]+)#\d+")
_MOST = 300
"""Characters of one value that are shown."""


def shown_value(value: Value, heap: Heap, depth: int = 3) -> str:
    """A value in Dafny syntax, but for arrays (by their elements, or rows of them) and objects (`C#1{x := 3}`)."""
    try:
        if type(value) is Array:
            return _cut(_rows(value.dims, list(heap.cells.get(value, ())), heap))
        if type(value) is Object and depth and (fields := heap.cells.get(value)) is not None:
            inside = ", ".join(f"{name} := {shown_value(v, heap, depth - 1)}" for name, v in fields.items())
            return _cut(f"{value.cls.name}#{value.serial}{{{inside}}}")
        if type(value) is Closure and value.table:
            return _cut(_function(value.table, heap))
        return _cut(render(value))
    except Failure:  # no order to show elements in
        return "?"


def _function(table: Mapping[tuple[Value, ...], Value], heap: Heap) -> str:
    """A function by its values at the points that were asked for, the last one for all others."""
    names = "xyzuvw"[: len(next(iter(table)))]
    *cases, last = [
        (" && ".join(f"{n} == {shown_value(a, heap, 0)}" for n, a in zip(names, args, strict=True)), result)
        for args, result in table.items()
    ]
    params = names if len(names) == 1 else f"({', '.join(names)})"
    body = "".join(f"if {test} then {shown_value(result, heap, 0)} else " for test, result in cases)
    return f"({params} => {body}{shown_value(last[1], heap, 0)})"


def renumbered(text: str) -> str:
    """The text with its objects (`C#731`) numbered from 1 on."""
    numbers: dict[str, int] = {}
    return _NUMBERED.sub(lambda m: f"{m[1]}#{numbers.setdefault(m[0], len(numbers) + 1)}", text)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."


def _rows(dims: tuple[int, ...], flat: list[Value], heap: Heap) -> str:
    if len(dims) == 1:
        return f"[{', '.join(shown_value(v, heap) for v in flat)}]"
    width = len(flat) // dims[0] if dims[0] else 0
    rows = (flat[k * width : (k + 1) * width] for k in range(dims[0]))
    return f"[{', '.join(_rows(dims[1:], row, heap) for row in rows)}]"


def shown_inputs(frame: Frame, scope: Scope) -> str:
    """The receiver and the parameters, of two names for one reference the first with its contents."""
    named = [(name, frame.vars[key]) for name, key in scope.names.items() if key in frame.vars]
    return ", ".join(f"{name} = {text}" for name, text in shown_all(frame, named, this=True))


def shown_all(frame: Frame, named: Iterable[tuple[str, Value]], *, this: bool) -> list[tuple[str, str]]:
    """Names with their values' texts, those left out that are not known."""
    pairs = [("this", frame.this)] if this and frame.this is not None else []
    first: dict[Value, str] = {}
    found = []
    for name, value in [*pairs, *named]:
        if isinstance(value, Poison):
            continue
        reference = isinstance(value, Array | Object)
        if reference and value in first:
            found.append((name, first[value]))
            continue
        if reference:
            first[value] = name
        found.append((name, shown_value(value, frame.heap)))
    return found
