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
LOOKS = 3
"""How often the hypotheses that a claim needs are looked for."""
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
        order = sorted(claim.requires, key=_selects)  # what guards indices and calls stands before them
        table = _Table(order)
        self._look(claim, order, table)
        if not table.stands(order) or table.held() < ENOUGH:
            return None
        kept = order
        for _ in range(LOOKS if drop else 0):
            fewer = table.fewest()
            if len(fewer) == len(order) or self.exhausted:
                break
            kept, seen = fewer, len(table)
            # Values drawn for few hypotheses speak against more than values drawn for many.
            self._look(claim, fewer, table)
            if len(table) == seen or table.stands(fewer):
                break
            kept = order
        return trimmed(replace(claim, requires=tuple(kept)))

    def _look(self, claim: Claim, drawn_for: Sequence[ast.Expr], table: _Table) -> None:
        """Add what a claim comes to at the values drawn for some of its hypotheses."""
        sample = self.sample(claim.params, drawn_for)
        before = sample.bench.spent
        table.add(sample.truths(claim.ensures), [sample.truths(e) for e in table.hypotheses])
        self._left -= sample.bench.spent - before


class _Table:
    """What hypotheses and conclusion of a claim came to at all values looked at."""

    def __init__(self, hypotheses: Sequence[ast.Expr]) -> None:
        self.hypotheses = list(hypotheses)
        self._ensured: list[Truth] = []
        self._required: list[list[Truth]] = [[] for _ in hypotheses]

    def __len__(self) -> int:
        return len(self._ensured)

    def add(self, ensured: Sequence[Truth], required: Sequence[Sequence[Truth]]) -> None:
        """Further values."""
        self._ensured += ensured
        for column, more in zip(self._required, required, strict=True):
            column += more

    def held(self) -> int:
        """At how many values everything was true."""
        rows = zip(self._ensured, *self._required, strict=True)
        return sum(all(t is Truth.TRUE for t in row) for row in rows)

    def stands(self, kept: Sequence[ast.Expr]) -> bool:
        """Whether the conclusion is nowhere false or undefined where all of the hypotheses kept may be true, and no
        hypothesis undefined where those before it are true."""
        columns = [c for e, c in zip(self.hypotheses, self._required, strict=True) if any(e is k for k in kept)]
        for k, truth in enumerate(self._ensured):
            for column in columns:
                if column[k] is Truth.UNDEFINED:
                    return False
                if column[k] is Truth.FALSE:
                    break
            else:
                if truth in (Truth.FALSE, Truth.UNDEFINED):
                    return False
        return True

    def fewest(self) -> list[ast.Expr]:
        """The hypotheses without those that it stands without, the largest given up first."""
        kept = self.hypotheses
        for _ in range(2):  # one may be needed by another that goes after it
            for expr in sorted(kept, key=complexity, reverse=True):
                fewer = [e for e in kept if e is not expr]
                if self.stands(fewer):
                    kept = fewer
        return kept


def _selects(expr: ast.Expr) -> bool:
    return any(isinstance(n, ast.Call | ast.Index | ast.Slice | ast.Quantifier) for n in walk(expr))


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
