"""Why a value could not be had. Raised inside the interpreter, handed out as values at its borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dafny_env.syntax import ast


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
    """The expression has no defined value there, or what lies behind is not reachable."""


class Fault(Stuck):
    """An operation that the verifier must complain about where it stands: index out of range, division by zero, a false
    precondition... What is at fault is the code at hand: for its callers it is `Stuck` and no more.

    clause: the precondition that is false, where it is one that is written. offset: where the innermost statement of
    the code at hand starts, put in on the way out.
    """

    def __init__(self, reason: str, clause: ast.Expr | None = None) -> None:
        super().__init__(reason)
        self.clause = clause
        self.offset: int | None = None

    def elsewhere(self) -> Stuck:
        """The same for who is not to blame."""
        return Stuck(self.reason)


class Moot(Stuck):
    """A watch has found something false, or not known, that the verifier takes for granted: it may conclude anything
    from there on, and nothing follows from the run."""


class OutOfFuel(Failure):
    """The bound on steps, depth, size or time was reached."""
