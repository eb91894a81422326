"""Why a value could not be had. Raised inside the interpreter, handed out as values at its borders."""

from __future__ import annotations


class Failure(Exception):
    """Base class: evaluation or execution ended without a value. `reason` is one line for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.reason!r})"


class Unsupported(Failure):
    """The interpreter cannot tell (an unbounded quantifier, a declaration without a body...). Says nothing of the
    program."""


class Stuck(Failure):
    """The expression has no defined value there (index out of range, division by zero, violated precondition)."""


class OutOfFuel(Failure):
    """The bound on steps, depth, size or time was reached."""
