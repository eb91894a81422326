"""The rules by which a run is evidence: a watch that ends it where the code is wrong, or where it rests on what may be
false itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dafny_env.interp.functions import Function
from dafny_env.interp.machine import Code, Frame, Heap
from dafny_env.interp.methods import Method, enter_method, method, require
from dafny_env.interp.outcome import Failure, Fault, Moot, OutOfFuel
from dafny_env.interp.symbols import CallableInfo, ClassInfo
from dafny_env.interp.typing_of import constraints_on, tested
from dafny_env.interp.values import Array, Object, Poison, Value
from dafny_env.interp.watch import Claim, LoopClaims, Measure, Violation, is_endless, measure_codes, measured, truth
from dafny_env.interp.world import Scope, World, compile_expr
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk

Trusts = Callable[[CallableInfo], bool]


class Strict:
    """A `Watch` for runs of one declaration, the subject.

    Its own claims (assertions, invariants, measures, preconditions of what it calls) end a run with a `Violation` or
    `Fault` where they are false; where they cannot be evaluated the run goes on, since either they hold or it is
    refuted anyway. What it takes for granted (assumptions, contracts of what it calls, lemmas, what its proofs by
    lemmas show) ends a run with `Moot` unless it is seen to hold, or trusted: the verifier would draw conclusions
    from it that the run does not bear out. fact: the offset of the one `assume` that is to be shown.
    """

    def __init__(self, world: World, subject: CallableInfo, trusts: Trusts, fact: int | None = None) -> None:
        self._world = world
        self._subject = subject
        self._trusts = trusts
        self._fact = fact
        self.undecided = False
        """Whether the last run passed a claim that could not be evaluated."""
        self._promises: dict[CallableInfo, tuple[str, tuple[Code, ...]]] = {}
        self._leaning: dict[int, bool] = {}
        self._overriding: dict[CallableInfo, bool] = {}
        self._decreases = next(iter(subject.decl.clauses_of("decreases")), None)
        self._measure: Measure | None = None
        self._entry: tuple[tuple[str, ...], object] | None = None
        self._scope: Scope | None = None
        self._codes: tuple[Code, ...] = ()

    # ------------------------------------------------------------------------------------------------------ the subject

    def starts(self, scope: Scope, params: tuple[str, ...], fr: Frame) -> None:
        """The subject's body starts running in a frame whose parameters have the keys `params`, named by `scope`."""
        self.undecided = False
        if self._decreases is None or not is_endless(self._decreases):
            self._entry = (params, _stand(fr, params))
        if self._decreases is not None and scope is not self._scope:
            self._scope, self._codes = scope, measure_codes(self._decreases, scope)
        self._measure = measured(self._codes, fr)

    def ends(self) -> None:
        """The subject's body has ended, or its statement alone is looked at."""
        self._measure = self._entry = None

    def claimed(self, claim: Claim, fr: Frame) -> None:
        """The subject's own claims must hold. What is shown by lemmas must be seen to."""
        if fr.m.depth:
            return
        fault = None
        try:
            holds = claim.holds(fr)
        except Fault as found:
            holds, fault = False, found
        if holds:
            return
        if claim.proof is not None and self._leans(claim.proof):
            raise Moot("rests on what is not proved")
        if holds is False:
            raise Violation(claim, fr, fault)
        self.undecided = True

    def assumed(self, claim: Claim, fr: Frame) -> None:
        """An assumption must be seen to hold; the fact at hand is a claim."""
        try:
            holds = claim.holds(fr)
        except Fault as fault:
            raise fault.elsewhere() from None
        if claim.offset == self._fact and not fr.m.depth and claim.kind == "assume":
            if holds is False:
                raise Violation(claim, fr)
            self.undecided |= holds is None
        elif not holds:
            raise Moot("an assumption is not seen to hold")

    def shown(self, statement: ast.Stmt, fr: Frame) -> None:
        """A proof without a claim of its own must not lean on anything."""
        if not fr.m.depth and self._leans(statement):
            raise Moot("rests on what is not proved")

    def at_head(self, loop: LoopClaims, fr: Frame, before: object) -> object:
        """The measure must have become smaller, and the invariants hold; there is no measure for what goes round in a
        circle."""
        now = None
        if not fr.m.depth:
            now = _Head(loop.measure(fr), _stand(fr, loop.scope.names.values()) if loop.ends else None)
            if isinstance(before, _Head):
                if loop.decreases is not None and decreased(now.measure, before.measure) is False:
                    raise Violation(_measure_claim(loop.decreases, loop.scope), fr)
                if now.stand is not None and _same(now.stand, before.stand):
                    raise Fault("the loop goes round in a circle")
        for claim in loop.invariants:
            if claim.kind == "assume":
                self.assumed(claim, fr)
            else:
                self.claimed(claim, fr)
        return now

    # ---------------------------------------------------------------------------------------------------- what it calls

    def entering(self, info: CallableInfo, inner: Frame) -> None:
        """Overrides are not looked into: their callers know the trait's contract. A recursive call must be smaller."""
        if self._overrides(info):
            raise Moot(f"{info.decl.name} overrides a trait's member")
        if info is not self._subject or self._entry is None or inner.m.depth:
            return
        if decreased(measured(self._codes, inner), self._measure) is False:
            assert self._decreases is not None and self._scope is not None
            raise Violation(_measure_claim(self._decreases, self._scope), inner)
        params, stand = self._entry
        if stand is not None and _same(_stand(inner, params), stand):
            raise Fault(f"{info.decl.name} calls itself for the same arguments")

    def lemma(
        self, info: CallableInfo | None, this: Value, args: Callable[[Frame], tuple[Value, ...]], fr: Frame
    ) -> None:
        """A lemma's precondition must not be false, and what it promises must hold, or be trusted."""
        if info is None:
            raise Moot("a lemma that is not known")
        trusted = self._trusts(info)
        try:
            values = args(fr)
        except (Fault, Moot, OutOfFuel):
            raise
        except Failure:
            if trusted:
                return
            raise Moot(f"{info.decl.name} cannot be followed") from None
        code = method(info, self._world)
        inner = enter_method(code, this, values, fr)
        self.entering(info, inner)
        require(code, inner)
        if not trusted:
            self._keeps(code, inner)

    def returned(self, code: Method, inner: Frame) -> None:
        """A method must have kept its contract, frame included, or be trusted."""
        if self._trusts(code.info):
            return
        if not self._within_frame(code, inner):
            raise Moot(f"{code.info.decl.name} changes what it must not")
        self._keeps(code, inner)

    def valued(self, code: Function, inner: Frame, value: Value) -> None:
        """A function's value must be what the function promises, or the function be trusted."""
        info = code.info
        key, codes = self._promised(code)
        if not codes or self._trusts(info):
            return
        inner.vars[key] = value
        for test in codes:
            if truth(test, inner) is not True:
                inner.m.memo.clear()  # nothing may be remembered that was worked out from it
                raise Moot(f"{info.decl.name} breaks its contract")

    def _promised(self, code: Function) -> tuple[str, tuple[Code, ...]]:
        info, decl = code.info, code.info.decl
        found = self._promises.get(info)
        if found is None:
            scope = code.scope.bind([(decl.result_name or "result value", decl.result)])
            key = scope.names[decl.result_name or "result value"]
            codes = constraints_on(decl.result, key, scope)
            codes += [compile_expr(e, scope) for c in decl.clauses_of("ensures") for e in c.exprs]
            found = self._promises[info] = (key, tuple(codes))
        return found

    def _keeps(self, code: Method, inner: Frame) -> None:
        """`Moot` unless all that a method or lemma promises is seen to hold."""
        decl = code.info.decl
        kept = not any(c.free for c in decl.clauses_of("ensures"))
        kept = kept and all(truth(test, inner) is True for _, test in code.ensures)
        for key, type_ in code.results:
            kept = kept and tested(inner, constraints_on(type_, key, code.scope))
        if not kept:
            raise Moot(f"{decl.name} breaks its contract")

    def _within_frame(self, code: Method, inner: Frame) -> bool:
        before = inner.old
        if before is None:
            return False
        changed = {r for r, c in before.cells.items() if (now := inner.heap.cells.get(r)) is not c and now != c}
        if not changed:
            return True
        allowed: set[Value] = {inner.this} if code.info.decl.kind == "constructor" else set()
        for clause in code.info.decl.clauses_of("modifies"):
            for e in clause.exprs:
                allowed |= _references(e, code.scope, inner, before)
        return changed <= allowed

    # ---------------------------------------------------------------------------------------------------------- helpers

    def _overrides(self, info: CallableInfo) -> bool:
        found = self._overriding.get(info)
        if found is None:
            found = isinstance(info.owner, ClassInfo) and any(
                self._world.symbols.member(parent, info.decl.name) is not None
                for parent in self._world.symbols.parents(info.owner)
            )
            self._overriding[info] = found
        return found

    def _leans(self, node: ast.Stmt) -> bool:
        """Whether a proof contains an assumption, or a call of something that is no trusted lemma."""
        found = self._leaning.get(id(node))
        if found is None:
            found = self._leaning[id(node)] = any(self._is_leaning(inner) for inner in walk(node))
        return found

    def _is_leaning(self, node: ast.Node) -> bool:
        if isinstance(node, ast.Assume) or getattr(node, "assumed", False):
            return True
        if not isinstance(node, ast.Assign) or node.targets:
            return False
        called = node.rhs[0].expr if len(node.rhs) == 1 else None
        function = called.function if isinstance(called, ast.Call) else None
        name = function.id if isinstance(function, ast.Name) else getattr(function, "name", None)
        infos = [i for i in self._world.symbols.callables if i.decl.name == name]
        return not infos or not all(map(self._trusts, infos))


def _measure_claim(clause: ast.Clause, scope: Scope) -> Claim:
    return Claim("decreases", clause.exprs[0], scope, clause.span.start)


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """A loop's measure at its head, and all that any measure could depend on."""

    measure: Measure | None
    stand: object


def _stand(fr: Frame, keys: Iterable[str]) -> object:
    """The values of variables with the receiver and the heap; None where one is not known."""
    values = tuple([fr.vars.get(key) for key in keys])
    return None if any(isinstance(v, Poison) for v in values) else (values, fr.this, fr.heap.version)


def _same(now: object, before: object) -> bool:
    try:
        return now == before
    except Failure:
        return False


def decreased(now: Measure | None, before: Measure | None) -> bool | None:
    """Whether a measure has become smaller, lexicographically; None where it is not known, or its type's order is not
    modelled."""
    if now is None or before is None or len(now) != len(before):
        return None
    for new, old in zip(now, before, strict=True):
        try:
            if new == old:
                continue
        except Failure:
            return None
        if type(new) is int and type(old) is int:
            return new < old and old >= 0
        return None
    return False


def _references(e: ast.Expr, scope: Scope, inner: Frame, before: Heap) -> set[Value]:
    """What a frame expression covers, fields not told apart."""
    if isinstance(e, ast.FrameField):
        e = e.object if e.object is not None else ast.This()
    try:
        value = compile_expr(e, scope)(Frame(inner.m, inner.vars, inner.this, before, before, inner.labels))
    except (Moot, OutOfFuel):
        raise
    except Failure:
        return set()
    found = value if isinstance(value, frozenset | tuple) else (value,)
    return {v for v in found if isinstance(v, Array | Object)}
