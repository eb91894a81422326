"""Claims tried on small values. What fails is false; what holds is worth asking the verifier, no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dafny_env.interp.trace import State
from dafny_env.interp.workbench import Truth, Workbench
from dafny_env.interp.world import World
from dafny_env.scope import Variable
from dafny_env.syntax import ast
from dafny_env.syntax.print_type import show_type
from dafny_env.syntax.walk import complexity, walk
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.claims import Claim, trimmed
from prover.policy.symbolic.view import printed

EFFORT = 400_000
"""Steps of the interpreter for all trials of one goal: 1 to 2 s of a quiet core."""
EFFORT_PER_CLAIM = 40_000
SAMPLE = 4_000
"""What making a sample costs besides, in steps."""
FREE, BOUND = 90, 90
"""Values drawn without regard to the hypotheses, and values that satisfy them."""
ENOUGH = 6
"""Values at which a claim must have held (and its hypotheses with it) to be believed."""


@dataclass(frozen=True)
class Sample:
    """Values of some parameters, and the machine to evaluate in them."""

    bench: Workbench
    states: tuple[State, ...]

    def truths(self, expr: ast.Expr) -> tuple[Truth, ...]:
        """A formula's truth at each of the values."""
        return tuple(self.bench.truth(expr, state) for state in self.states)

    def values(self, expr: ast.Expr) -> tuple[object, ...]:
        """A term's value at each of them; None where it has none."""
        found = (self.bench.value(expr, state) for state in self.states)
        return tuple(None if isinstance(v, Exception) else v for v in found)


class Trials:
    """Tries claims in the scope of a goal's declaration."""

    def __init__(self, setting: Setting, effort: int = EFFORT) -> None:
        self._setting = setting
        self._left = effort
        self._samples: dict[tuple[str, ...], Sample] = {}

    @property
    def exhausted(self) -> bool:
        """Whether the effort is spent: from now on nothing is believed."""
        return self._left <= 0

    def sample(self, params: Sequence[Variable], requires: Sequence[ast.Expr] = ()) -> Sample:
        """Values of the parameters, half of them drawn to satisfy the hypotheses (all of them satisfy the types)."""
        shown = [f"{p.name}: {show_type(p.type)}" for p in params if p.type is not None]
        key = (*shown, "|", *(printed(e) for e in requires))
        if key not in self._samples:
            world, decls = self._world(params, requires)
            bench = Workbench(world, seed=self._setting.seed, limit=min(EFFORT_PER_CLAIM, max(self._left, 0)))
            states = [*bench.draws(decls[0], FREE), *(bench.draws(decls[1], BOUND) if requires else ())]
            self._left -= bench.spent + SAMPLE
            self._samples[key] = Sample(bench, tuple(states))
        return self._samples[key]

    def _world(
        self, params: Sequence[Variable], requires: Sequence[ast.Expr]
    ) -> tuple[World, tuple[ast.Callable, ast.Callable]]:
        located = self._setting.located
        generic = located.decl.type_params if located is not None else ()
        static = ("static",) if located is not None and located.owner is not None else ()
        free = ast.Callable(
            "lemma",
            "Trial'",
            tuple(ast.Formal(p.name, p.type) for p in params),
            body=ast.Block(()),
            type_params=generic,
            modifiers=static,
        )
        clauses = tuple(ast.Clause("requires", (e,)) for e in requires)
        bound = replace(free, name="Trial''", clauses=clauses)
        scope = located.scope if located is not None else ""
        program = grafted(self._setting.program, scope.split(".") if scope else [], (free, bound))
        return World(program, self._setting.goal.library.programs), (free, bound)

    # ------------------------------------------------------------------------------------------------------- questions

    def holds(self, claim: Claim) -> bool:
        """Whether the claim was true at all values tried, and at enough of them."""
        weakest = self.weakest(claim, drop=False)
        return weakest is not None

    def decided(self, expr: ast.Expr, claim: Claim) -> bool | None:
        """Whether a formula is true, or false, at all values tried that satisfy the claim's hypotheses."""
        sample = self.sample(claim.params, claim.requires)
        within = [s for s in sample.states if all(sample.bench.holds(e, s) is True for e in claim.requires)]
        found = {sample.bench.truth(expr, s) for s in within}
        if len(found) != 1:
            return None
        return {Truth.TRUE: True, Truth.FALSE: False}.get(found.pop())

    def weakest(self, claim: Claim, *, drop: bool = True) -> Claim | None:
        """The claim with as few hypotheses as it stays true and well defined with at the values tried, the largest
        dropped first; None where it is false, or held at too few values."""
        if self.exhausted or any(p.type is None for p in claim.params):
            return None
        sample = self.sample(claim.params, claim.requires)
        before = sample.bench.spent
        try:
            ensured = sample.truths(claim.ensures)
            required = {id(e): sample.truths(e) for e in claim.requires}
        finally:
            self._left -= sample.bench.spent - before
        kept = sorted(claim.requires, key=_selects)  # what guards indices and calls stands before them
        if not _stands(ensured, [required[id(e)] for e in kept]):
            return None
        held = sum(
            truth is Truth.TRUE and all(required[id(e)][k] is Truth.TRUE for e in kept)
            for k, truth in enumerate(ensured)
        )
        if held < ENOUGH:
            return None
        for expr in sorted(kept, key=complexity, reverse=True) if drop else ():
            fewer = [e for e in kept if e is not expr]
            if _stands(ensured, [required[id(e)] for e in fewer]):
                kept = fewer
        return trimmed(replace(claim, requires=tuple(self._confirmed(claim, kept))))

    def _confirmed(self, claim: Claim, kept: list[ast.Expr]) -> list[ast.Expr]:
        """The hypotheses that are left, and those that must come back: values drawn for few hypotheses speak against
        more than values drawn for many."""
        dropped = [e for e in sorted(claim.requires, key=complexity) if e not in kept]
        while dropped and not self.exhausted:
            sample = self.sample(claim.params, kept)
            before = sample.bench.spent
            ensured = sample.truths(claim.ensures)
            stands = _stands(ensured, [sample.truths(e) for e in kept])
            self._left -= sample.bench.spent - before
            if stands:
                break
            back = next((e for e in dropped if not _idle(e, sample, ensured)), dropped[0])
            dropped.remove(back)
            kept = sorted([*kept, back], key=_selects)
        return kept


def _idle(expr: ast.Expr, sample: Sample, ensured: Sequence[Truth]) -> bool:
    """Whether a hypothesis excludes none of the values at which the conclusion fails."""
    truths = sample.truths(expr)
    return not any(t is Truth.FALSE and e is not Truth.TRUE for t, e in zip(truths, ensured, strict=True))


def _selects(expr: ast.Expr) -> bool:
    return any(isinstance(n, ast.Call | ast.Index | ast.Slice | ast.Quantifier) for n in walk(expr))


def _stands(ensured: Sequence[Truth], required: Sequence[Sequence[Truth]]) -> bool:
    """Whether the conclusion is nowhere false or undefined where all of the hypotheses may be true, and no hypothesis
    undefined where those before it are true."""
    for k, truth in enumerate(ensured):
        for column in required:
            if column[k] is Truth.UNDEFINED:
                return False
            if column[k] is Truth.FALSE:
                break
        else:
            if truth in (Truth.FALSE, Truth.UNDEFINED):
                return False
    return True


def grafted(program: ast.Program, path: Sequence[str], added: tuple[ast.Decl, ...]) -> ast.Program:
    """The program with more declarations in one of its scopes (its top level where there is no such scope)."""
    return replace(program, decls=_grafted(program.decls, path, added))


def _grafted(decls: tuple[ast.Decl, ...], path: Sequence[str], added: tuple[ast.Decl, ...]) -> tuple[ast.Decl, ...]:
    for k, decl in enumerate(decls) if path else ():
        if not isinstance(decl, ast.Module | ast.ClassLike | ast.Datatype | ast.TypeDecl):
            continue
        if decl.name == path[0]:
            inner = replace(decl, members=_grafted(decl.members, path[1:], added))
            return (*decls[:k], inner, *decls[k + 1 :])
    return (*decls, *added)
