"""One input at a time: a declaration evaluated or run from it, and what that shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dafny_env.index import mentioned
from dafny_env.interp import execute  # noqa: F401 - completes the compiler of statements
from dafny_env.interp.arbitrary import unspecified
from dafny_env.interp.functions import Function, enter, function, memo_key
from dafny_env.interp.inputs import Inputs
from dafny_env.interp.machine import Frame, Machine
from dafny_env.interp.outcome import Failure, Fault
from dafny_env.interp.symbols import CallableInfo
from dafny_env.interp.typing_of import constraints_on, tested
from dafny_env.interp.values import Poison, Value
from dafny_env.interp.watch import Claim, Violation
from dafny_env.interp.world import Scope, World
from dafny_env.refute.strict import Strict
from dafny_env.syntax import ast


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A run, or an evaluation, that shows the subject wrong. before: its parameters (named by `scope`) as they were;
    claim: what is false in `after`; fault: what went wrong there (in the claim, where both are given). ended: whether
    it is about the end, with `results` of those names."""

    before: Frame
    scope: Scope
    after: Frame
    claim: Claim | None = None
    fault: Fault | None = None
    ended: bool = False
    results: tuple[tuple[str, Value], ...] = ()


class Subject:
    """One declaration, to be looked at from inputs that satisfy its precondition.

    fact: the offset of the `assume` that is at stake, and nothing else then counts; None for the declaration as a
    whole. statement_only: for lemmas, whether their body is left out. trusts: whose contracts hold for certain.
    """

    def __init__(
        self,
        machine: Machine,
        info: CallableInfo,
        trusts: Callable[[CallableInfo], bool],
        *,
        fact: int | None = None,
        statement_only: bool = False,
    ) -> None:
        self.info = info
        self.settled = False
        self._m = machine
        self._fact = fact
        self._statement_only = statement_only
        self._watch = machine.watch = Strict(machine.world, info, trusts, fact)
        self.world: World = machine.world
        self.inputs = Inputs(machine, info, constants_of=_around(info, self.world))
        scope, decl = self.inputs.code.scope, info.decl
        self._function = function(info, self.world) if decl.is_function else None
        pairs = zip(decl.returns, self.inputs.code.results, strict=False)
        self._results = tuple((r.name, key, type_) for r, (key, type_) in pairs)
        if self._function is not None:
            name = decl.result_name or "its value"
            scope = self._function.scope.bind([(name, decl.result)])
            self._results = ((name, scope.names[name], decl.result),)
        self._ensures = [
            Claim("ensures", e, scope, c.span.start) for c in decl.clauses_of("ensures") if not c.free for e in c.exprs
        ]
        self._types = [
            (Claim("result", ast.Name(name), scope, decl.span.start), tests)
            for name, key, type_ in self._results
            if (tests := constraints_on(type_, key, scope))
        ]

    def senseless(self, clause: ast.Expr, frame: Frame, fault: Fault) -> Evidence | None:
        """What a precondition shows that makes no sense for an input that satisfies those in front of it."""
        if self._fact is not None:
            return None
        scope = self.inputs.code.scope
        offset = next(c.span.start for c in self.info.decl.clauses_of("requires") if clause in c.exprs)
        return Evidence(frame, scope, frame, Claim("requires", clause, scope, offset), fault)

    @property
    def hopeless(self) -> str | None:
        """Why no input can show anything, where that is so."""
        decl = self.info.decl
        if decl.kind.startswith("twostate") or decl.kind == "iterator":
            return decl.kind
        if self._fact is None and decl.is_lemma and not decl.returns:
            return None
        if self._fact is not None and decl.is_function:
            return "a fact in an expression"
        return "no body" if decl.body is None else None

    def at(self, frame: Frame) -> Evidence | None:
        """What an input shows; None where that is nothing. The frame is used up. `settled` then says whether all that
        is claimed has been seen to hold for it."""
        self.settled = False
        frame.old = frame.heap.snapshot()
        before = Frame(self._m, dict(frame.vars), frame.this, frame.old, frame.old, {})
        try:
            if self._function is not None:
                return self._of_function(self._function, frame, before)
            decl = self.info.decl
            if self._fact is None and decl.is_lemma and not decl.returns:
                self.settled = True
                found = self._at_the_end(frame, before)
                if found is not None:
                    return found
            if decl.body is None or self._statement_only:
                return None
            return self._of_body(frame, before)
        except (Failure, RecursionError):
            self.settled = False
            return None

    # ------------------------------------------------------------------------------------------------- with statements

    def _of_body(self, frame: Frame, before: Frame) -> Evidence | None:
        code, m = self.inputs.code, self._m
        if code.body is None:
            return None
        for key, type_ in code.results:
            frame.vars[key] = unspecified(type_, self.info.module, m, frame.heap)
        try:
            self._watch.starts(code.scope, code.params, frame)
            code.body(frame)
        except Violation as violation:
            claim = violation.claim
            if self._fact is not None and not (claim.kind == "assume" and claim.offset == self._fact):
                return None
            return Evidence(before, code.scope, violation.frame, claim, violation.fault)
        except Fault as fault:
            return None if self._fact is not None else Evidence(before, code.scope, frame, fault=fault)
        finally:
            self._watch.ends()
            m.depth = m.muted = 0
        self.settled = not self._watch.undecided
        return None if self._fact is not None else self._at_the_end(frame, before)

    def _at_the_end(self, frame: Frame, before: Frame) -> Evidence | None:
        """What is false when all is done: `ensures`, or a result outside of its type (`nat` and subset types)."""
        scope = self.inputs.code.scope
        results = tuple((name, frame.vars[key]) for name, key, _ in self._results if key in frame.vars)
        for claim in self._ensures:
            try:
                holds = claim.holds(frame)
                self.settled &= holds is True
                if holds is False:
                    return Evidence(before, scope, frame, claim, ended=True, results=results)
            except Fault as fault:
                return Evidence(before, scope, frame, claim, fault, ended=True, results=results)
        if any(isinstance(value, Poison) for _, value in results):
            return None
        for claim, tests in self._types:
            if results and not tested(frame, tests):
                return Evidence(before, scope, frame, claim, ended=True, results=results)
        return None

    # ----------------------------------------------------------------------------------------------------- expressions

    def _of_function(self, code: Function, frame: Frame, before: Frame) -> Evidence | None:
        params = self.inputs.code.params
        args = tuple(frame.vars[key] for key in params)
        inner = enter(code, frame.this, args, frame)
        outer = self.inputs.code.scope
        try:
            self._watch.starts(code.scope, code.keys, inner)
            value = code.body(inner)
        except Violation as violation:
            return Evidence(before, outer, violation.frame, violation.claim, violation.fault)
        except Fault as fault:
            return Evidence(before, outer, inner, fault=fault)
        finally:
            self._watch.ends()
            self._m.depth = 0
        self._m.memo[memo_key(code, frame.this, args, frame)] = value
        inner.vars[self._results[0][1]] = value
        self.settled = not self._watch.undecided
        return self._at_the_end(inner, before)


def _around(info: CallableInfo, world: World) -> list[ast.Node]:
    """What a declaration is made of, besides its clauses: its body, and the functions that it names."""
    decl = info.decl
    names = mentioned(decl)
    functions = [i.decl for i in world.symbols.callables if i.decl.is_function and i.decl.name in names]
    return [node for each in (decl, *functions) for node in (each.body,) if node is not None]
