"""What code runs on: the heap, frames of variables, and the machine that counts steps.

Array and object contents in the heap are immutable values (tuples) or replaced as a whole (dicts), so that a snapshot
is one shallow copy of a small dict."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from dafny_env.interp.outcome import Fault, OutOfFuel, Stuck, Unsupported
from dafny_env.interp.values import Array, Object, Poison, Value

if TYPE_CHECKING:
    from dafny_env.interp.watch import Watch
    from dafny_env.interp.world import World

MAX_DEPTH = 300
_FRAMES_PER_DAFNY_CALL = 30
_MEMO_LIMIT = 100_000


class Heap:
    """Contents by reference: a flat tuple for arrays, a dict by field name for objects. `version` identifies the
    contents: equal versions of one machine are equal heaps."""

    __slots__ = ("_frozen", "cells", "version")

    def __init__(self, cells: dict[Array | Object, Value] | None = None, version: int = 0) -> None:
        self.cells = {} if cells is None else cells
        self.version = version
        self._frozen: Heap | None = None

    def snapshot(self) -> Heap:
        """A copy that later writes to this heap leave alone; the same one until the next write."""
        if self._frozen is None:
            self._frozen = Heap(dict(self.cells), self.version)
            self._frozen._frozen = self._frozen
        return self._frozen

    def thaw(self) -> Heap:
        """A heap to go on writing to, starting with these contents."""
        return Heap(dict(self.cells), self.version)

    def put(self, reference: Array | Object, contents: Value, machine: Machine) -> None:
        """Replace the contents of a reference."""
        self.cells[reference] = contents
        self.version = machine.fresh_version()
        self._frozen = None

    def get(self, reference: Value) -> Value:
        """The contents of a reference; `Stuck` for null."""
        if reference is None:
            raise Fault("null dereference")
        try:
            return self.cells[reference]
        except KeyError:
            raise Stuck("reference not allocated in this heap") from None


class Frame:
    """Variables of one activation (by unique keys), the receiver, the current heap, the heap of `old`, labelled
    heaps."""

    __slots__ = ("heap", "labels", "m", "old", "this", "vars")

    def __init__(
        self,
        m: Machine,
        variables: dict[str, Value],
        this: Value,
        heap: Heap,
        old: Heap | None,
        labels: dict[str, Heap],
    ) -> None:
        self.m = m
        self.vars = variables
        self.this = this
        self.heap = heap
        self.old = old
        self.labels = labels


Code = Callable[[Frame], Value]
"""A compiled expression. Raises a `Failure`."""

Hook = Callable[[int, Frame, object], None]
"""Called at a loop head or assertion with the statement's offset, the frame and the scope of its names."""


class Machine:
    """Counts steps against a bound, remembers function results, and holds the random source.

    A step is a statement, a loop's head, a call, a value drawn or looked at: 2 to 10 microseconds. `steps` is what is
    left of one run's; `limit`, where given, bounds the steps `spent` on all runs. `deadline` is a `time.monotonic()`
    instant, or None: a safety net, since results that depend on it are not reproducible.
    """

    __slots__ = (
        "_before",
        "_granted",
        "deadline",
        "depth",
        "limit",
        "memo",
        "muted",
        "on_assert",
        "on_loop",
        "rng",
        "serial",
        "steps",
        "version",
        "watch",
        "world",
    )

    def __init__(self, world: World, *, seed: int = 0, steps: int = 100_000, deadline: float | None = None) -> None:
        self.world = world
        self.rng = random.Random(seed)
        self.steps = self._granted = steps
        self._before = 0
        self.limit: int | None = None
        self.deadline = deadline
        self.depth = 0
        self.memo: dict[object, Value] = {}
        self.version = 0
        self.serial = 0
        self.muted = 0
        self.on_loop: Hook | None = None
        self.on_assert: Hook | None = None
        self.watch: Watch | None = None

    def refuel(self, steps: int) -> None:
        """Start anew with so many steps (for the next run or evaluation), or what the limit leaves of them."""
        self._before = self.spent
        if self.limit is not None:
            steps = max(0, min(steps, self.limit - self._before))
        self.steps = self._granted = steps
        self.depth = 0
        self.muted = 0
        if len(self.memo) > _MEMO_LIMIT:
            self.memo.clear()

    @property
    def spent(self) -> int:
        """Steps counted so far, those of all runs together."""
        return self._before + self._granted - max(self.steps, 0)

    def tick(self) -> None:
        """Count one step."""
        self.steps -= 1
        if self.steps < 0:
            raise OutOfFuel("too many steps")
        if not self.steps & 255 and self.deadline is not None and time.monotonic() > self.deadline:
            self.steps = 0
            raise OutOfFuel("out of time")

    def fresh_version(self) -> int:
        """A heap version never used before."""
        self.version += 1
        return self.version

    def new_array(self, heap: Heap, dims: tuple[int, ...], contents: tuple[Value, ...]) -> Array:
        """Allocate an array."""
        self.serial += 1
        array = Array(dims, self.serial)
        heap.put(array, contents, self)
        return array

    def new_object(self, heap: Heap, cls: object, fields: dict[str, Value]) -> Object:
        """Allocate an object."""
        self.serial += 1
        made = Object(cls, self.serial)
        heap.put(made, fields, self)
        return made


def known(value: Value) -> Value:
    """The value, or `Unsupported` where it is poisoned."""
    if value.__class__ is Poison:
        raise Unsupported(value.reason)
    return value


class _Stack:
    """Python's recursion limit, which is one for all threads: raised by the first who needs it, put back by the
    last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._before = 0

    def enter(self, wanted: int) -> None:
        with self._lock:
            if not self._users:
                self._before = sys.getrecursionlimit()
                sys.setrecursionlimit(max(wanted, self._before))
            self._users += 1

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                sys.setrecursionlimit(self._before)


_STACK = _Stack()


class deep_recursion:
    """Room on Python's stack for `MAX_DEPTH` Dafny calls; a `RecursionError` inside becomes `OutOfFuel`.

    The limit is the interpreter's, so it is put back afterwards. Calls from Python to Python take no C stack (3.11). A
    class, not a generator: single formulas are evaluated by the million.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        _STACK.enter(MAX_DEPTH * _FRAMES_PER_DAFNY_CALL)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        _STACK.leave()
        if kind is not None and issubclass(kind, RecursionError):
            raise OutOfFuel("too deep") from None
