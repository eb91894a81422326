"""Strategies for lemmas, functions and single facts."""

from __future__ import annotations

from collections.abc import Generator

from dafny_env.driver.types import Rule
from dafny_env.steps import GoalKind
from dafny_env.syntax import ast
from prover.policy.symbolic import decreases
from prover.policy.symbolic.hints import indent_at
from prover.policy.symbolic.houdini import SETTLED, Item, Round, build, houdini
from prover.policy.symbolic.induction import hypotheses, natural_calls
from prover.policy.symbolic.instantiate import instances
from prover.policy.symbolic.lemma_hints import hints, identities_of, other_lemmas
from prover.policy.symbolic.points import Line, before_statement, block_starts, body_end, body_start, placed
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.universal import taught
from search.ports import Accepted, Rejected, Step, Verdict

MAX_LINES = 60
MAX_ELSEWHERE = 12
NOT_MEASURED = (*SETTLED, Rule.DECREASES, Rule.PARSE, Rule.RESOLVE)
"""Errors with which nothing is known of a measure, or that it is wrong."""
Strategy = Generator[Step, Verdict, Round | None]


def prove_lemma(setting: Setting) -> Strategy:
    """A lemma's body: empty first, then hypotheses, then hypotheses with hints, then measures for its recursion."""
    goal = setting.goal
    if setting.located is None:
        return None
    decl = setting.located.decl
    inductive = hypotheses(decl, setting.table)
    identities = identities_of(decl, setting.table)
    matching = [Line(text) for text in instances(decl, setting.table)]
    calls = [*matching, *other_lemmas(decl, setting.table)]
    failing: int | None = None
    last: Round | None = None
    natural = hypotheses(decl, setting.table, functional=True)
    others = taught(decl, setting.table)
    batches = [[], natural, [*others, *natural], [*identities, *natural], [*matching, *natural]]
    batches += [[*matching, *identities, *natural], inductive]
    batches += [[*identities, *inductive], [*calls, *inductive], [*identities, *calls, *inductive]]
    if isinstance(decl.body, ast.Block) and decl.body.body:
        # Somebody has written most of the proof: what is missing is more likely a hint than a hypothesis.
        batches = [others, identities, matching, calls, *batches[1:]]
    for number, lines in enumerate(batches):
        if number == 1 and (measured_calls := (yield from _measured_calls(setting, decl, natural, others, identities))):
            return measured_calls
        if (not lines and goal.kind is not GoalKind.LEMMA) or lines in batches[1:number]:
            continue
        last = yield from with_body(setting, decl, lines, failing)
        if last.closed:
            return last
        failing = next((d.base_offset for d in last.open if d.base_offset is not None), failing)
    return (yield from _other_measures(setting, decl, [*identities, *inductive], failing)) or last


def with_body(
    setting: Setting,
    decl: ast.Callable,
    lines: list[Line],
    failing: int | None = None,
    *,
    kind: str = "induction",
    hasty: bool = False,
) -> Generator[Step, Verdict, Round]:
    """A batch of lines as a lemma's body, or in the one that there is (and before the failing statement), with
    measures where the recursion is what fails. hasty: as in `houdini`."""
    goal = setting.goal
    items = _in_body(goal.base, decl, lines[:MAX_LINES], goal.kind, goal.site.end, failing)
    reached: Round = yield from houdini(goal, items, kind, hasty=hasty)
    if not reached.closed and any(d.diagnostic.rule is Rule.DECREASES for d in reached.open):
        reached = (yield from measured(setting, decl, reached)) or reached
    return reached


def _measured_calls(setting: Setting, decl: ast.Callable, natural: list[Line], *more: list[Line]) -> Strategy:
    """The hypotheses that follow the functions' recursion under a measure that they make smaller, where the default one
    is not, alone and with each batch of further lines; None unless that closes the goal."""
    if decl.clauses_of("decreases"):
        return None
    for measure in decreases.for_calls(decl, natural_calls(decl, setting.table), setting.table):
        for lines in (natural, *([*batch, *natural] for batch in more if batch)):
            reached = yield from _under(setting, decl, measure, lines, None)
            if reached is not None and reached.closed:
                return reached
    return None


def _other_measures(setting: Setting, decl: ast.Callable, lines: list[Line], failing: int | None) -> Strategy:
    """All hypotheses again under another measure: under the default one some of them were pruned for not descending."""
    last: Round | None = None
    if decl.clauses_of("decreases") or not any(x.text for x in lines):
        return None
    for measure in decreases.for_lemma(decl, setting.table):
        last = yield from _under(setting, decl, measure, lines, failing)
        if last is not None and last.closed:
            return last
    return last


def _under(setting: Setting, decl: ast.Callable, measure: str, lines: list[Line], failing: int | None) -> Strategy:
    """The lines as the lemma's body, or in it, under a measure."""
    goal = setting.goal
    items = _in_body(goal.base, decl, lines[:MAX_LINES], goal.kind, goal.site.end, failing)
    offset = max((c.span.end for c in decl.clauses), default=decl.header_end)
    first = goal.site.end if goal.kind is GoalKind.LEMMA else offset
    item = Item(first, f"decreases {measure}", -1, fixed=True, indent="  ")
    reached: Round = yield from houdini(goal, [item, *items], "induction")
    return reached


def _in_body(
    base: str, decl: ast.Callable, lines: list[Line], kind: GoalKind, site_end: int, failing: int | None
) -> list[Item]:
    """The lines as a new body, or at the start of the body that there is (and before the failing statement)."""
    if kind is GoalKind.LEMMA or decl.body is None:
        body = [Line("{", 0, fixed=True), *(Line(x.text, x.depth + 1, x.fixed, x.cost) for x in lines)]
        indent = indent_at(base, decl.span.start)
        return placed(base, site_end, [*body, Line("}", 0, fixed=True)], indent=indent)
    start, end = body_start(decl), body_end(decl)
    items = placed(base, start, lines) if start is not None else []
    places = [end, before_statement(decl, failing) if failing is not None else None, *block_starts(decl)[:6]]
    plain = [x for x in lines if not x.fixed and x.depth == 0][:MAX_ELSEWHERE]
    for place in dict.fromkeys(places):
        if place is not None and place != start:
            items += placed(base, place, plain, first=1000)
    return items


def measured(setting: Setting, decl: ast.Callable, reached: Round) -> Strategy:
    """Try measures for a recursive declaration on top of what has been reached. The first that all recursion goes down
    in is kept, also where something else still fails."""
    if decl.clauses_of("decreases"):
        return reached
    offset = max((c.span.end for c in decl.clauses), default=decl.header_end)
    owner = setting.located.owner if setting.located is not None else None
    for measure in decreases.for_recursion(decl, setting.table, owner):
        # In front of the body, which for an open lemma is inserted at the same offset.
        item = Item(offset, f"decreases {measure}", -1, fixed=True, indent="  ")
        verdict = yield build(setting.goal, [*reached.items, item], "decreases", thorough=True)
        match verdict:
            case Accepted():
                return Round((*reached.items, item), True)
            case Rejected(diagnostics=found) if found and not any(d.diagnostic.rule in NOT_MEASURED for d in found):
                return Round((*reached.items, item), False, found)
    return reached


def prove_function(setting: Setting) -> Strategy:
    """A function: its measure, where its recursion is what fails."""
    if setting.located is None:
        return None
    start = Round((), False)
    last: Round = (yield from measured(setting, setting.located.decl, start)) or start
    return last


def prove_fact(setting: Setting) -> Strategy:
    """A fact at a program point: nothing, then hints and hypotheses of its declaration, inside `by { }`."""
    goal = setting.goal
    last = yield from houdini(goal, [], "fact")
    if last.closed or setting.located is None:
        return last
    decl = setting.located.decl
    others = taught(decl, setting.table)
    natural = hypotheses(decl, setting.table, functional=True) if decl.is_lemma else []
    if others or natural:
        last = yield from houdini(goal, placed(goal.base, goal.site.start, [*others, *natural]), "fact")
        if last.closed:
            return last
    lines = hints(decl, setting.table)
    if decl.is_lemma:
        lines = [*hypotheses(decl, setting.table), *lines]
    last = yield from houdini(goal, placed(goal.base, goal.site.start, lines[:MAX_LINES]), "fact")
    return last
