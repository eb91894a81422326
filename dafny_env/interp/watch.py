"""What a run claims on its way, and who may look at it: a `Watch` on the machine is shown every claim that is reached.

Without one, runs pass claims over: they have no effect on what is computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol

from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.outcome import Failure, Fault, Moot, OutOfFuel
from dafny_env.interp.values import Value
from dafny_env.interp.world import Scope, compile_expr
from dafny_env.syntax import ast

if TYPE_CHECKING:
    from dafny_env.interp.functions import Function
    from dafny_env.interp.methods import Method
    from dafny_env.interp.symbols import CallableInfo

ClaimKind = Literal["assert", "assume", "invariant", "decreases", "requires", "ensures", "result", "forall"]


class Claim:
    """A formula that the text says to hold where it stands. proof: the statements that show it, where it has some of
    its own. offset: where its statement or clause starts."""

    __slots__ = ("_code", "expr", "kind", "offset", "proof", "scope")

    def __init__(
        self, kind: ClaimKind, expr: ast.Expr, scope: Scope, offset: int, proof: ast.Stmt | None = None
    ) -> None:
        self.kind = kind
        self.expr = expr
        self.scope = scope
        self.offset = offset
        self.proof = proof
        self._code: Code | None = None

    def holds(self, fr: Frame) -> bool | None:
        """Whether it holds in a frame; None where it cannot be evaluated there. Raises `Fault` where it makes no
        sense."""
        if self._code is None:
            self._code = compile_expr(self.expr, self.scope)
        return truth(self._code, fr, faults=True)


def truth(code: Code, fr: Frame, *, faults: bool = False) -> bool | None:
    """The value of a formula; None where it cannot be had. Raises `OutOfFuel` when there is nothing left to go on
    with, `Moot` where nothing follows from it, and with `faults` what it is at fault for."""
    try:
        value = code(fr)
    except Moot:
        raise
    except OutOfFuel:
        if fr.m.steps <= 0:
            raise
        return None
    except Fault:
        if faults:
            raise
        return None
    except Failure:
        return None
    return value if isinstance(value, bool) else None


class Violation(Failure):
    """A claim is false, or makes no sense (`fault`). frame: a copy of the variables and the heap as they were then."""

    def __init__(self, claim: Claim, frame: Frame, fault: Fault | None = None) -> None:
        super().__init__(f"{claim.kind} is false")
        self.claim = claim
        self.fault = fault
        self.frame = Frame(frame.m, dict(frame.vars), frame.this, frame.heap.snapshot(), frame.old, frame.labels)


Measure = tuple[Value, ...]


class LoopClaims:
    """What a loop's clauses say. decreases: None where it is not written. ends: whether it must come to an end; not
    with `decreases *`."""

    __slots__ = ("_codes", "decreases", "ends", "invariants", "scope")

    def __init__(self, clauses: tuple[ast.Clause, ...], scope: Scope) -> None:
        self.scope = scope
        self.ends = not any(is_endless(c) for c in clauses)
        self.invariants = tuple(
            Claim("assume" if c.free else "invariant", e, scope, c.span.start)
            for c in clauses
            if c.kind == "invariant"
            for e in c.exprs
        )
        self.decreases = next((c for c in clauses if c.kind == "decreases"), None)
        self._codes: tuple[Code, ...] | None = None

    def measure(self, fr: Frame) -> Measure | None:
        """The values of `decreases` now; None without, or where they cannot be had."""
        if self.decreases is None:
            return None
        if self._codes is None:
            self._codes = measure_codes(self.decreases, self.scope)
        return measured(self._codes, fr)


def is_endless(clause: ast.Clause) -> bool:
    """Whether it says `decreases *`."""
    return clause.kind == "decreases" and any(isinstance(e, ast.Star) for e in clause.exprs)


def measure_codes(clause: ast.Clause, scope: Scope) -> tuple[Code, ...]:
    """The components of a `decreases` clause; none for `*`."""
    if is_endless(clause):
        return ()
    return tuple(compile_expr(e, scope) for e in clause.exprs)


def measured(codes: tuple[Code, ...], fr: Frame) -> Measure | None:
    """The values of a measure; None for an empty one, or where they cannot be had."""
    if not codes:
        return None
    try:
        return tuple([code(fr) for code in codes])
    except Moot:
        raise
    except OutOfFuel:
        if fr.m.steps <= 0:
            raise
        return None
    except Failure:
        return None


class Watch(Protocol):
    """Is shown what a run claims and takes for granted, and may end it by raising a `Failure`."""

    def claimed(self, claim: Claim, fr: Frame) -> None:
        """A claim that the code must live up to is reached."""
        ...

    def assumed(self, claim: Claim, fr: Frame) -> None:
        """What is taken for granted is reached."""
        ...

    def shown(self, statement: ast.Stmt, fr: Frame) -> None:
        """A proof is passed over that claims nothing to evaluate (calc, a call of lemmas for all...)."""
        ...

    def at_head(self, loop: LoopClaims, fr: Frame, before: object) -> object:
        """A loop's head is reached; before: what the last call for this loop returned, None at first."""
        ...

    def lemma(
        self, info: CallableInfo | None, this: Value, args: Callable[[Frame], tuple[Value, ...]], fr: Frame
    ) -> None:
        """A lemma is called whose results are not used; info: None where it is not known which."""
        ...

    def entering(self, info: CallableInfo, inner: Frame) -> None:
        """A function or method is called; its precondition is not tested yet."""
        ...

    def returned(self, code: Method, inner: Frame) -> None:
        """A method has returned; the frame still has its variables."""
        ...

    def valued(self, code: Function, inner: Frame, value: Value) -> None:
        """A function has a value, remembered already."""
        ...
