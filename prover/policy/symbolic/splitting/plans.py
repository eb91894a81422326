"""Duties made into text: a lemma of their own that is called, or a fact that is taken for granted."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dafny_env.index import mentioned
from dafny_env.steps import DafnyStep
from dafny_env.syntax import ast
from dafny_env.syntax.print_type import show_type
from dafny_env.syntax.walk import free_names, fresh_name
from prover.policy.symbolic.hints import indent_at
from prover.policy.symbolic.houdini import Item, build, make_step
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.claims import Claim, claim_about
from prover.policy.symbolic.splitting.duties import Duty
from prover.policy.symbolic.splitting.rewriting import normal, rewritings
from prover.policy.symbolic.splitting.trials import Trials
from prover.policy.symbolic.splitting.wider import widened
from prover.policy.symbolic.view import printed
from search.ports import Step

BELIEVED = 3
"""Forms of one fact that are looked at further."""
ORDER = 5000
"""Where lemma calls and facts stand among the items of one offset."""


@dataclass(frozen=True)
class Part:
    """Text for one duty: lemmas in front of the declaration, and items in it. names: of the lemmas."""

    items: tuple[Item, ...] = ()
    helpers: str = ""
    names: tuple[str, ...] = ()


def claims_for(duty: Duty, trials: Trials, setting: Setting) -> list[Claim]:
    """Claims that would do a duty, the widest first; empty where none is believed."""
    names = frozenset(v.name for v in duty.scope)
    formula, *known = normal((duty.formula, *duty.known), duty.known)
    known = list(dict.fromkeys((*known, *duty.known)))
    forms = list(dict.fromkeys((formula, *rewritings(duty.formula, duty.known, names))))
    believed: list[tuple[Claim, Claim]] = []
    for linked in (False, True):
        for form in forms if not believed else ():
            claim = claim_about(form, known, duty.scope, setting.table, linked=linked)
            weakest = trials.weakest(claim) if claim is not None else None
            if claim is not None and weakest is not None:
                believed.append((weakest, claim))
                if len(believed) >= BELIEVED:
                    break
    if not believed:
        return []
    _, best = min(believed, key=lambda c: (sum(map(_is_equation, c[0].requires)), c[0].size))
    return widened(best, trials, setting.table)


def _is_equation(expr: ast.Expr) -> bool:
    """Whether a hypothesis is one that values rarely satisfy by chance."""
    return isinstance(expr, ast.Quantifier) or (isinstance(expr, ast.Binary) and expr.op == "==")


def by_lemma(setting: Setting, duty: Duty, claim: Claim) -> Part:
    """A lemma that says what the duty needs, called at its place, with what shows the solver that it does."""
    assert setting.located is not None
    decl, owner = setting.located.decl, setting.located.owner
    used = {n.name for p in claim.params if p.type is not None for n in _types(p.type)}
    generic = [p.name + p.text for p in decl.type_params if p.name in used]
    static = "static " if owner is not None and isinstance(owner, ast.ClassLike) and "static" in decl.modifiers else ""
    if claim.idle:
        return Part(_at(setting, duty.point.offset, _under(duty, [f"assert {h};" for h in claim.hints])))
    name = lemma_name(setting, claim)
    text = claim.statement(name, prefix=static, generic=f"<{', '.join(generic)}>" if generic else "")
    lines = _under(duty, [*(f"assert {h};" for h in claim.hints), claim.call(name)])
    return Part(_at(setting, duty.point.offset, lines), text, (name,))


def _under(duty: Duty, lines: list[str]) -> list[str]:
    """Lines under the duty's conditions, and for all of its variables. Hints stand apart: one that fails is dropped."""
    guard = " && ".join(_operand(c) for c in duty.conditions)
    if duty.variables:
        bound = ", ".join(v.name if v.type is None else f"{v.name}: {show_type(v.type)}" for v in duty.variables)
        range_ = " && ".join(_operand(c) for c in duty.range) or "true"
        lines = [f"forall {bound} | {range_} ensures {printed(duty.formula)} {{ {' '.join(lines)} }}"]
    return [f"if {guard} {{ {line} }}" if guard else line for line in lines]


def _types(type_: ast.Type) -> Iterable[ast.Type]:
    yield type_
    for arg in type_.args:
        yield from _types(arg)


def lemma_name(setting: Setting, claim: Claim) -> str:
    """A name that says what the lemma is for, the same for the same claim: `lost_lemmas` tells names only."""
    simple = re.sub(r"Fact\d+$", "", setting.goal.declaration.rpartition(".")[2].strip("_")) or "Goal"
    number = zlib.crc32(claim.statement("").encode()) % 9000 + 1000
    return fresh_name(f"{simple}Fact{number}", _words(setting))


def _words(setting: Setting) -> frozenset[str]:
    return mentioned(setting.program) | frozenset(setting.table.callables)


def _operand(expr: ast.Expr) -> str:
    return f"({printed(expr)})" if isinstance(expr, ast.Binary) and expr.op in ("||", "==>", "<==>") else printed(expr)


def _at(setting: Setting, offset: int, lines: Sequence[str]) -> tuple[Item, ...]:
    base = setting.goal.base
    indent = indent_at(base, offset) + ("  " if base[offset - 1 : offset] == "{" else "")
    return tuple(
        Item(offset, line, ORDER + k, 3, fixed=k + 1 == len(lines), indent=indent) for k, line in enumerate(lines)
    )


def by_fact(setting: Setting, duty: Duty) -> Part:
    """The duty taken for granted at its place."""
    whole = duty.whole
    for condition in reversed(duty.conditions):
        whole = ast.Binary("==>", condition, whole)
    return Part(_at(setting, duty.point.offset, [f"assume {printed(whole)};"]))


def by_fact_at_end(setting: Setting, duty: Duty) -> Part:
    """What the duty comes to, taken for granted at its end."""
    return Part(_at(setting, duty.end, [f"assume {printed(duty.stated)};"]))


def step_of(setting: Setting, items: Sequence[Item], parts: Iterable[Part], kind: str, *, seconds: int = 6) -> Step:
    """The step that inserts the items, and what the parts bring."""
    known: dict[tuple[int, str], Item] = {(i.offset, i.text): i for i in items}
    helpers: dict[str, None] = {}
    for part in parts:
        for item in part.items:
            known.setdefault((item.offset, item.text), item)
        if part.helpers:
            helpers[part.helpers] = None
    step = build(setting.goal, list(known.values()), kind, thorough=True, solver_seconds=seconds)
    payload: DafnyStep = step.payload
    return make_step(replace(payload, helpers="\n\n".join(helpers)), kind)


def items_of(step: Step, items: Sequence[Item], parts: Iterable[Part]) -> list[Item]:
    """The items in the order of the step's insertions."""
    known = {(i.offset, i.text): i for i in items}
    for part in parts:
        for item in part.items:
            known.setdefault((item.offset, item.text), item)
    return sorted(known.values(), key=lambda i: (i.offset, i.order))


def mentions_nothing_lost(part: Part, lost: frozenset[str]) -> bool:
    """Whether none of a part's lemmas has turned out hopeless."""
    return not lost & set(part.names)


def free_of(expr: ast.Expr, names: frozenset[str]) -> bool:
    """Whether a formula mentions none of the names."""
    return not free_names(expr) & names
