"""Values and inputs as people write them: `x = 3, a = [1, 2]`."""

from __future__ import annotations

from collections.abc import Iterable

from dafny_env.interp.machine import Frame, Heap
from dafny_env.interp.outcome import Failure
from dafny_env.interp.values import Array, Object, Poison, Value, render
from dafny_env.interp.world import Scope

_MOST = 300
"""Characters of one value that are shown."""


def shown_value(value: Value, heap: Heap) -> str:
    """A value in Dafny syntax, arrays by their elements (rows of them)."""
    try:
        if type(value) is Array:
            return _cut(_rows(value.dims, list(heap.cells.get(value, ())), heap))
        return _cut(render(value, heap))
    except Failure:  # no order to show elements in
        return "?"


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
