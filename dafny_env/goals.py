"""The goals of a Dafny file: those that it brings, those that steps leave open, and what makes two of them the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from dafny_env.driver.types import CheckResult, Outcome, Rule
from dafny_env.gate import find_cheats
from dafny_env.gate.verified import trace_names
from dafny_env.index import Dependencies, Located, callables, mentioned
from dafny_env.library import Library
from dafny_env.permitted import Examined, Rules, Taken, taken_facts
from dafny_env.steps import HELPERS, DafnyGoal, DafnyStep, GoalKind, Hole, helper_text
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Span
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Edit, LineMap, apply_edits
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.truth import is_false
from dafny_env.syntax.walk import complexity
from search.ports import Goal

UNFINISHED = (Outcome.TIMEOUT, Outcome.CRASHED, Outcome.UNKNOWN)


class Keys:
    """Makes goals' keys. fixed: what all goals of a run share and depend on: verifier, its options, frozen texts."""

    def __init__(self, *fixed: str) -> None:
        self._fixed = hashlib.sha256(_framed(fixed)).digest()

    def of(self, *parts: str) -> str:
        """The key of what the parts say, no two lists of parts alike."""
        return hashlib.sha256(self._fixed + _framed(parts)).hexdigest()[:32]


def _said(statement: str) -> str:
    """What an `assume` statement says, with the parentheses around it."""
    tokens = tokenize(statement)
    return statement[tokens[1].start : tokens[-2].end]


def _framed(parts: Sequence[str]) -> bytes:
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(part).to_bytes(8, "big") + part for part in encoded)


class GoalFinder:
    """Finds goals. library: what the file includes, handed on with every goal (its texts belong to `keys`)."""

    def __init__(self, keys: Keys, rules: Rules, library: Library) -> None:
        self._keys = keys
        self._rules = rules
        self._library = library

    # ------------------------------------------------------------------------------------------------------- root goals

    def roots(self, program: ast.Program, result: CheckResult, target: str | None) -> tuple[str, tuple[Goal, ...]]:
        """The base text of all root goals, and the goals in source order: declarations that fail, lemmas without
        bodies, and `assume` statements. target: a qualified name; then only its goals.

        A declaration that fails and has facts taken for granted besides is one goal, which includes these facts: in its
        base they are asserted (the text is as long as the original). Alone they could not be shown where, say, the
        invariants are missing.
        """
        index = callables(program)
        broken = broken_declarations(program, index, result)
        marked = {f.offset for f in find_cheats(program) if f.goal}
        turned: list[Edit] = []
        wanted: list[Located] = []
        for name, located in index.items():
            if target not in (None, name) or located.decl.kind == "iterator":
                continue
            wanted.append(located)
            if name in broken:
                starts = [f.span.start for f in taken_facts(located.decl) if f.span.start in marked]
                turned += [Edit(start, start + len("assume"), "assert") for start in starts]
        base = apply_edits(program.text, turned)
        goals: list[Goal] = []
        for located in wanted:
            decl = located.decl
            if decl.is_lemma and decl.body is None:
                if decl.span.start in marked:
                    payload = DafnyGoal(GoalKind.LEMMA, located.name, base, decl.span, library=self._library)
                    goals.append(self._lemma(payload, decl))
            elif located.name in broken:
                failing = [d for d in result.errors if d.declaration == trace_names(program)[located.name]]
                size = sum(d.rule is not Rule.POSTCONDITION for d in failing)
                goals.append(self._declaration(base, located, size))
            else:
                facts = (f for f in taken_facts(decl) if f.span.start in marked)
                goals += [self._fact(base, Taken(f, located.name), f.span) for f in facts]
        return base, tuple(goals)

    def _declaration(self, base: str, located: Located, failing: int) -> Goal:
        payload = DafnyGoal(GoalKind.DECLARATION, located.name, base, located.decl.span, library=self._library)
        ensures = [e for c in located.decl.clauses_of("ensures") for e in c.exprs]
        text = "; ".join(base[e.span.start : e.span.end] for e in ensures)
        size = max(1, sum(map(complexity, ensures)) + failing)
        key = self._keys.of("declaration", base, located.name)
        return Goal(key, located.name, text, size, payload=payload)

    # -------------------------------------------------------------------------------------------------------- subgoals

    def subgoals(self, goal: DafnyGoal, step: DafnyStep, examined: Examined) -> tuple[Goal, ...]:
        """The goals that an accepted step leaves open: its facts, then its lemmas without bodies."""
        candidate = examined.candidate
        origin = self._with_helpers(goal, helper_text(step.helpers))
        found: list[Goal] = []
        for fact in examined.facts:
            span = examined.in_candidate(fact.statement.span)
            hole = candidate.hole_at(span)
            found.append(self._fact(candidate.text, fact, span, hole, origin, goal.forbidden))
        if examined.open_lemmas:
            waiting = goal.forbidden | self._waiting_for(goal)
            for lemma in examined.open_lemmas:
                found += self._open_lemma(goal, examined, lemma, waiting)
        return tuple(found)

    def _fact(
        self,
        base: str,
        fact: Taken,
        span: Span,
        hole: Hole | None = None,
        origin: str = "",
        forbidden: frozenset[str] = frozenset(),
    ) -> Goal:
        expr = fact.statement.expr
        text = _said(base[span.start : span.end])
        payload = DafnyGoal(GoalKind.FACT, fact.declaration, base, span, hole, text, origin, forbidden, self._library)
        # The base is all that is visible: the frozen text, the helpers, and the declaration as it is by now.
        key = self._keys.of("fact", base, str(span.start), *sorted(forbidden))
        return Goal(key, f"{fact.declaration}: {text}", text, max(1, complexity(expr)), is_false(expr), payload=payload)

    def _open_lemma(
        self, goal: DafnyGoal, examined: Examined, lemma: Located, waiting: frozenset[str]
    ) -> Iterator[Goal]:
        """A lemma is proved on its own: without the step's insertions, without what is not proved itself, and without
        lemmas that wait for it."""
        candidate = examined.candidate
        kept = _visible(examined, lemma)
        unproved = frozenset(h.decl.name for h in kept if h in examined.open_lemmas and h is not lemma)
        span = examined.in_candidate(lemma.decl.span)
        hole = candidate.hole_at(span)
        texts = [candidate.text[slice(*examined.in_candidate(h.decl.span))] for h in kept]
        base = self._with_helpers(goal, helper_text("\n\n".join(texts)))
        again = callables(parse(base)).get(lemma.name)
        if again is None or hole is None or hole.insertion != HELPERS:
            return
        forbidden = (waiting | unproved) - {lemma.decl.name}
        payload = DafnyGoal(
            GoalKind.LEMMA, lemma.name, base, again.decl.span, hole, forbidden=forbidden, library=self._library
        )
        yield self._lemma(payload, again.decl)

    def _lemma(self, payload: DafnyGoal, lemma: ast.Callable) -> Goal:
        statement = payload.base[lemma.span.start : lemma.span.end]
        ensures = [e for c in lemma.clauses_of("ensures") for e in c.exprs]
        # Under whatever `requires`: to show that its place is out of reach is as hard as any goal there.
        false = is_false(*ensures)
        # Equal lemmas under other names are one goal. No token contains a NUL.
        tokens = ["\0" if t.text == lemma.name else t.text for t in tokenize(payload.base)]
        key = self._keys.of("lemma", " ".join(tokens), *sorted(payload.forbidden))
        return Goal(key, payload.declaration, statement, max(1, sum(map(complexity, ensures))), false, payload=payload)

    def _with_helpers(self, goal: DafnyGoal, helpers: str) -> str:
        """The frozen text with the helpers visible at a goal, and new ones in front of all declarations of its scope:
        wherever in a file a lemma is stated, it is one goal."""
        origin = goal.origin or goal.base
        index = callables(self._rules.program(origin))
        located = index.get(goal.declaration)
        scope = [d.decl.span.start for d in index.values() if located is not None and d.scope == located.scope]
        at = min(scope, default=0)
        return origin[:at] + helpers + origin[at:]

    def _waiting_for(self, goal: DafnyGoal) -> frozenset[str]:
        """The lemmas that cannot be used to prove a lemma of a step for the goal: the goal's own, and all that use
        it."""
        base = self._rules.base(goal)
        if base is None or not base.located.decl.is_lemma:
            return frozenset()
        index = callables(base.program)
        names = {goal.declaration} | {
            n for n in Dependencies(base.program).on(goal.declaration) if index[n].decl.is_lemma
        }
        return frozenset(name.rpartition(".")[2] for name in names)


def _visible(examined: Examined, lemma: Located) -> list[Located]:
    """The helpers that a lemma's proof may use: functions, lemmas proved by the step alone, and what these and its own
    statement need."""
    by_name = {h.decl.name: h for h in examined.helpers}
    uses = {name: mentioned(h.decl) & by_name.keys() for name, h in by_name.items()}
    taken = {f.declaration for f in examined.facts}
    tainted = {n for n, h in by_name.items() if h.decl.is_lemma and (h.decl.body is None or h.name in taken)}
    while grown := {n for n, h in by_name.items() if h.decl.is_lemma and uses[n] & tainted} - tainted:
        tainted |= grown
    kept = {lemma.decl.name} | (by_name.keys() - tainted)
    while needed := {m for n in kept for m in uses[n]} - kept:
        kept |= needed
    return [h for h in examined.helpers if h.decl.name in kept]


# ------------------------------------------------------------------------------------------------------ what has failed


def broken_declarations(program: ast.Program, index: dict[str, Located], result: CheckResult) -> frozenset[str]:
    """The qualified names of the declarations that a check of the file does not find verified."""
    printed = trace_names(program)
    told = {*result.failed, *result.timed_out, *(d.declaration for d in result.errors if d.declaration)}
    broken = {name for name in index if name in told or printed[name] in told}
    lines = LineMap(program.text)
    for diagnostic in result.errors:
        if diagnostic.declaration is None and diagnostic.place.file is None:
            offset = lines.offset(diagnostic.place.line, diagnostic.place.column)
            broken |= {n for n, located in index.items() if located.decl.span.start <= offset < located.decl.span.end}
    if result.outcome in UNFINISHED and not broken:
        seen = set(result.verified)
        broken = {n for n, d in index.items() if d.decl.body is not None and not {n, printed[n]} & seen}
    return frozenset(broken)
