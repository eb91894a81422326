"""The strategy for methods: observe, guess invariants, prune, add measures, then hints where it still fails."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import islice, product

from dafny_env.driver.types import Rule
from dafny_env.environment import StepDiagnostic
from dafny_env.index import Located
from dafny_env.scope import INTEGERS, Variable, formals, loops
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk
from prover.policy.symbolic import bounds, decreases, elements, functions, generalise, hints, lemma_hints, polynomials
from prover.policy.symbolic.choosing.choice import choices
from prover.policy.symbolic.generalise import in_turn
from prover.policy.symbolic.houdini import Item, Round, houdini
from prover.policy.symbolic.lemma import measured
from prover.policy.symbolic.observe import observe
from prover.policy.symbolic.points import Line, before_statement, body_end, body_start, placed, returns
from prover.policy.symbolic.select import select
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.sieve import Sieve
from prover.policy.symbolic.universal import taught
from prover.policy.symbolic.view import Idea, Oracle, View
from search.ports import Step, Verdict

FIRST, SECOND, THIRD = 50, 80, 120
MEASURES = 14
Strategy = Generator[Step, Verdict, Round | None]


def prove_method(setting: Setting) -> Strategy:
    """Close a method's goal in stages, each a Houdini run over more candidates than the one before.

    Facts that the verifier has pruned make way for weaker ones in the third stage, and come back in the last, with
    hints.
    """
    located = setting.located
    if located is None:
        return None
    views = views_of(setting, located)
    if not views:
        return (yield from _without_loops(setting, located))
    included = setting.goal.library.programs
    oracle = observe(setting.program, located, included, seed=setting.seed, effort=setting.trace_effort)
    sieve = Sieve(oracle)
    last: Round | None = None
    pruned: frozenset[str] = frozenset()
    lemmas = _taught(setting, located.decl)
    for stage in (_plain, richer, _weaker, _hinted):
        if stage is richer and last is not None:
            closed = yield from _enough(setting, located, views, sieve, last)
            if closed is not None:
                return closed
        items = [item for view in views for item in stage(view, sieve, pruned)]
        items += lemmas if stage is not _plain else []
        if last is not None:
            kept = {(i.offset, i.text) for i in items}
            items += [i for i in last.items if (i.offset, i.text) not in kept]
            if stage is _weaker and {(i.offset, i.text) for i in items} <= {(i.offset, i.text) for i in last.items}:
                continue
        last = yield from houdini(setting.goal, items, "houdini")
        last = yield from terminated(setting, located, views, oracle, last)
        if last.closed:
            return last
        pruned = frozenset(i.text.removeprefix("invariant ") for i in items) - frozenset(
            i.text.removeprefix("invariant ") for i in last.items
        )
    return (yield from _where_it_fails(setting, located, last)) if last is not None else None


def _enough(
    setting: Setting, located: Located, views: list[View], sieve: Sieve, last: Round
) -> Generator[Step, Verdict, Round | None]:
    """Few invariants that are enough on small values, then others beside them; None unless they close the goal."""
    chosen = choices(views, sieve, more_ideas)
    measures = [i for i in last.items if i.fixed and i.text.startswith("decreases ")]
    for more in (False, True) if chosen else ():
        items = [i for c in chosen.values() for i in c.items(more=more)]
        reached = yield from houdini(setting.goal, [*items, *measures], "enough")
        reached = yield from terminated(setting, located, views, sieve.oracle, reached)
        if reached.closed:
            return reached
    return None


def _taught(setting: Setting, decl: ast.Callable) -> list[Item]:
    """The file's lemmas as facts about everything, at the start of the body: they stay known throughout."""
    start = body_start(decl)
    return [] if start is None else placed(setting.goal.base, start, taught(decl, setting.table))


def views_of(setting: Setting, located: Located) -> list[View]:
    """The method's loops with what their candidates are made from."""
    fields: tuple[Variable, ...] = ()
    if isinstance(located.owner, ast.ClassLike) and "static" not in located.decl.modifiers:
        fields = tuple(
            Variable(m.name, m.type, "field", "ghost" in m.modifiers)
            for m in located.owner.members
            if isinstance(m, ast.Field)
        )
    base = setting.goal.base
    return [View(base, located.decl, loop, setting.table, fields) for loop in loops(base, located.decl, setting.table)]


def _invariants(view: View, ideas: list[Idea]) -> list[Item]:
    indent = view.loop.indent + "  "
    return [Item(view.loop.last, f"invariant {i.text}", k, i.cost, indent=indent) for k, i in enumerate(ideas)]


def _first_ideas(view: View) -> Iterator[Idea]:
    yield from bounds.bounds(view)
    yield from in_turn(generalise.generalisations(view), elements.frames(view), elements.copies(view))


def _plain(view: View, sieve: Sieve, pruned: frozenset[str]) -> list[Item]:
    return _invariants(view, select(view, sieve, _first_ideas(view), limit=FIRST))


def more_ideas(view: View, oracle: Oracle) -> Iterator[Idea]:
    """Candidates of all families, in order of promise."""
    yield from bounds.bounds(view)
    yield from in_turn(
        polynomials.polynomials(view, oracle),
        functions.functions(view, oracle),
        generalise.generalisations(view),
        elements.frames(view),
        elements.copies(view),
        elements.elements(view),
        elements.orders(view),
        functions.quantified(view, oracle),
    )


def richer(view: View, sieve: Sieve, pruned: frozenset[str] = frozenset()) -> list[Item]:
    """What holds in all observed states, of all kinds of facts."""
    return _invariants(view, select(view, sieve, more_ideas(view, sieve.oracle), limit=SECOND))


def _weaker(view: View, sieve: Sieve, pruned: frozenset[str]) -> list[Item]:
    ideas = select(view, sieve, more_ideas(view, sieve.oracle), limit=SECOND, without=pruned)
    return _invariants(view, ideas)


def _hinted(view: View, sieve: Sieve, pruned: frozenset[str]) -> list[Item]:
    ideas = select(view, sieve, more_ideas(view, sieve.oracle), limit=THIRD)
    return [*_invariants(view, ideas), *hints.around_loop(view)]


# -------------------------------------------------------------------------------------------------- termination


def terminated(
    setting: Setting, located: Located, views: list[View], oracle: Oracle, reached: Round
) -> Generator[Step, Verdict, Round]:
    """Give measures to the loops that the verifier could not see to end, one after another, best guesses first."""
    measures: dict[int, list[str]] = {}
    chosen: dict[int, Item] = {}
    last = reached
    for _ in range(MEASURES):
        if last.closed:
            return last
        failing = {v.loop.offset: v for d in last.open if (v := _loop_of(d, views)) is not None}
        if last.refused:  # the measure itself makes no sense
            failing |= {v.loop.offset: v for v in views if v.loop.offset in chosen}
        failing = {o: v for o, v in failing.items() if not any(c.kind == "decreases" for c in _clauses(v))}
        if not failing:
            break
        moved = False
        for offset, view in failing.items():
            if offset not in measures:
                measures[offset] = decreases.for_loop(view, oracle)
            if measures[offset]:
                text = f"decreases {measures[offset].pop(0)}"
                chosen[offset] = Item(view.loop.last, text, 9000, fixed=True, indent=view.loop.indent + "  ")
                moved = True
        if not moved:
            break
        base = [i for i in last.items if not (i.fixed and i.text.startswith("decreases "))]
        last = yield from houdini(setting.goal, [*base, *chosen.values()], "decreases")
    if not last.closed and any(d.diagnostic.rule is Rule.DECREASES for d in last.open) and _recursive(located.decl):
        last = (yield from measured(setting, located.decl, last)) or last
    return last


def _clauses(view: View) -> tuple[ast.Clause, ...]:
    return view.loop.node.clauses


def _recursive(decl: ast.Callable) -> bool:
    from dafny_env.index import mentioned

    return decl.name in mentioned(decl)


def _loop_of(diagnostic: StepDiagnostic, views: list[View]) -> View | None:
    """The loop whose termination a diagnostic is about."""
    if diagnostic.diagnostic.rule is not Rule.DECREASES:
        return None
    offset = diagnostic.base_offset
    if offset is None:
        return None
    inside = [v for v in views if v.loop.node.span.start <= offset < v.loop.node.span.end]
    return max(inside, key=lambda v: v.loop.offset) if inside else None


# ------------------------------------------------------------------------------------------------------ hints elsewhere


def _without_loops(setting: Setting, located: Located) -> Strategy:
    """A method without loops: hints at its start, its end, its returns, and before what fails."""
    decl = located.decl
    last = yield from houdini(setting.goal, [], "probe", rounds=1)
    if last.closed:
        return last
    if any(d.diagnostic.rule is Rule.DECREASES for d in last.open):
        last = (yield from measured(setting, decl, last)) or last
        if last.closed:
            return last
    if lemmas := _taught(setting, decl):
        last = yield from houdini(setting.goal, [*last.items, *lemmas], "lemmas")
        if last.closed:
            return last
    return (yield from _where_it_fails(setting, located, last))


def _where_it_fails(setting: Setting, located: Located, reached: Round) -> Strategy:
    """Hints at the usual places and before every statement that fails, on top of what has been reached."""
    decl, base = located.decl, setting.goal.base
    lines = lemma_hints.hints(decl, setting.table)
    lines += [Line(f"assert {t};", cost=3) for t in _identities(setting, decl)]
    places = {body_start(decl), body_end(decl), *returns(decl)}
    failing: set[int] = set()
    for diagnostic in reached.open:
        if diagnostic.base_offset is not None:
            at = before_statement(decl, diagnostic.base_offset)
            failing.add(at if at is not None else diagnostic.base_offset)
    if body_start(decl) is None:
        return reached
    inside = sorted(p for p in places | failing if p is not None and p >= (body_start(decl) or 0))
    last = reached
    # Once asserted a fact is known, so a predicate and its negation may not stand in one batch.
    for sign in ("", "!"):
        telling = [Line(f"assert {sign}{t};", cost=2) for t in mentions_of(setting, decl)]
        items = [i for offset in inside for i in placed(base, offset, [*telling, *lines[:30]], first=3000)]
        if not items or (sign and not telling):
            break
        last = yield from houdini(setting.goal, [*reached.items, *items], "hints")
        if last.closed:
            break
    return last


def mentions_of(setting: Setting, decl: ast.Callable) -> Iterator[str]:
    """Predicates on the variables and numbers at hand: said aloud, true or false, they make quantifiers fire."""
    scope = [*formals(decl), *(Variable(b.name, b.type, "local") for n in walk(decl) for b in names_of(n))]
    numbers = [v.name for v in scope if v.type is None or v.type.name in INTEGERS]
    numbers += [str(n.value) for n in walk(decl) if isinstance(n, ast.Literal) and n.kind == "int"]
    for function in setting.table.functions.values():
        if "predicate" not in function.kind and (function.result is None or function.result.name != "bool"):
            continue
        choices: list[list[str]] = []
        for formal in function.params:
            type_ = setting.table.resolve(formal.type)
            if type_ is not None and type_.name in INTEGERS:
                choices.append(list(dict.fromkeys(numbers))[:5])
            else:
                choices.append([v.name for v in scope if v.type == formal.type][:3])
        if function.params and len(function.params) <= 3:
            for args in islice(product(*choices), 12):
                yield f"{function.name}({', '.join(args)})"


def names_of(node: ast.Node) -> tuple[ast.BoundVar, ...]:
    """The local variables that a statement declares."""
    return node.names if isinstance(node, ast.VarDecl) else ()


def _identities(setting: Setting, decl: ast.Callable) -> Iterator[str]:
    for variable in formals(decl):
        type_ = setting.table.resolve(variable.type)
        if type_ is not None and type_.name == "array":
            yield f"{variable.name}[..{variable.name}.Length] == {variable.name}[..]"
        elif type_ is not None and type_.name in ("seq", "string"):
            yield f"{variable.name}[..|{variable.name}|] == {variable.name}"
