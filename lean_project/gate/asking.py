"""The way to a verdict where the files of compiled modules cannot be read (another version of Lean): ask Lean what is
in them, and the kernel whether it takes them. Without a replay through the kernel nothing is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lean_project.gate.modules import MODULE, Modules, not_compiled
from lean_project.gate.printed import (
    MOST_NAMES,
    Asked,
    allowed_axioms,
    auxiliary,
    axioms_of,
    elided,
    objection_to_printing,
    read_axioms,
    restated,
    statements,
)
from lean_project.gate.results import Judgement, Objection
from lean_project.gate.text import Reading, TextVerdict

_ROUNDS = 6
"""How deep what Lean makes up for a declaration may refer to more of it."""
_SORRY = "sorryAx"
NO_REPLAY = (
    "then only a replay through Lean's kernel would tell, and there is no program for that here: use a toolchain that "
    "brings `leanchecker`, or build lean4checker for it and set PROVER_LEANCHECKER"
)

Printed = Mapping[tuple[str, str], str]


async def judge_printed(
    original: Reading,
    candidate: Reading,
    static: TextVerdict,
    goal: str | None,
    modules: Modules,
    why: str,
    cheats: tuple[str, ...],
) -> Judgement:
    """The verdict on a candidate by what Lean prints. The original's module is compiled; why: for what reason it, or
    something that it imports, cannot be read. cheats: what is told of the original's text."""
    if odd := objection_to_printing(original):
        return _unread(why, f"and {odd} in the original keeps it from being compared as Lean prints it")
    # Everything that the original says, before the candidate runs.
    before = await _everything(original, modules, "original")
    rests_before = await _axioms(original, goal, modules, "original")
    if isinstance(before, str) or isinstance(rests_before, str):
        return _unread(why, before if isinstance(before, str) else str(rests_before))
    result = await modules.compiled(candidate.text, "candidate")
    if result.status != "ok":
        return not_compiled(result)
    after = await _everything(original, modules, "candidate")
    rests = await _axioms(original, goal, modules, "candidate")
    if isinstance(after, str) or isinstance(rests, str):
        return _unread(why, after if isinstance(after, str) else str(rests))
    changed = next((name for (_, name), text in before.items() if after.get((_, name)) != text), "")
    changed = changed or next((name for (_, name) in after if (_, name) not in before), "")
    if changed:
        return _unread(why, f"and Lean prints `{changed.removeprefix('@')}` otherwise in the candidate")
    axioms = tuple(sorted(frozenset().union(*rests.values()) - {_SORRY}))
    baseline = (*(f"axiom {c.full_name}" for c in original.commands if c.keyword == "axiom"), *cheats)
    told = Judgement("accepted", axioms=axioms, baseline=baseline, printed=True)
    if unproved := [name for name, found in rests.items() if _SORRY in found]:
        return _left(told, unproved, static, goal)
    objections = tuple(
        Objection("axiom-used", f"`{name}` rests on the axiom `{axiom}`, which the original does not have")
        for name, found in rests.items()
        for axiom in sorted(found - allowed_axioms(original, rests_before.get(name, frozenset())))
    )
    if objections:
        return replace(told, verdict="rejected", objections=objections)
    claims = restated(original, before, goal)
    if claims.commands:
        told = await modules.restated(claims.text(MODULE), told, all_of_them=True)
    return await _replayed(told, candidate, modules, why)


async def judge_printed_alone(text: Reading, modules: Modules, why: str) -> Judgement:
    """The verdict on a text that is its own specification; its module is compiled."""
    if odd := objection_to_printing(text):
        return _unread(why, f"and {odd} in the file keeps it from being asked for as Lean prints it")
    rests = await _axioms(text, None, modules, "candidate")
    if isinstance(rests, str):
        return _unread(why, rests)
    told = Judgement("accepted", axioms=tuple(sorted(frozenset().union(*rests.values()))), printed=True)
    objections = tuple(
        Objection("axiom-used", f"`{name}` rests on the axiom `{axiom}`")
        for name, found in rests.items()
        for axiom in sorted(found - allowed_axioms(text, frozenset()))
    )
    if objections:
        return replace(told, verdict="rejected", objections=objections)
    return await _replayed(told, text, modules, why)


async def _replayed(told: Judgement, candidate: Reading, modules: Modules, why: str) -> Judgement:
    if told.verdict != "accepted":
        return told
    if not modules.replays:
        return replace(told, verdict="unknown", reason=_sentence(why, NO_REPLAY))
    return await modules.replayed(told, candidate.text)


def _left(told: Judgement, unproved: list[str], static: TextVerdict, goal: str | None) -> Judgement:
    lines = {name: line for _, name, line in reversed(static.left)}
    if goal is not None and goal not in lines and lines:
        return replace(told, verdict="unknown", reason=f"`{goal}` depends on what is not proved.")
    objections = (
        Objection("sorry-left", f"`{name}` is not proved: a `sorry` is left in it", lines.get(name))
        for name in unproved
    )
    return replace(told, verdict="rejected", objections=tuple(objections))


async def _everything(original: Reading, modules: Modules, name: str) -> dict[tuple[str, str], str] | str:
    """What Lean prints of everything that the original declares, and of what it made up for that; or why that is not
    known."""
    found: dict[tuple[str, str], str] = {}
    asked: Asked | None = statements(original)
    for _ in range(_ROUNDS):
        if asked is None:
            return "and a name in what Lean prints cannot be written down"
        if not asked.commands:
            return found
        answers = await _ask(asked, modules, name)
        if isinstance(answers, str):
            return answers
        if cut := elided(answers):
            return f"and Lean does not print all of `{cut.removeprefix('@')}`"
        found |= answers
        if len(found) > MOST_NAMES:
            break
        asked = auxiliary(original, found)
    return "and there is too much to be printed"


async def _axioms(text: Reading, goal: str | None, modules: Modules, name: str) -> dict[str, frozenset[str]] | str:
    asked = axioms_of(text, goal)
    answers = await _ask(asked, modules, name) if asked.commands else {}
    if isinstance(answers, str):
        return answers
    found: dict[str, frozenset[str]] = {}
    for (_, declared), answer in answers.items():
        axioms = read_axioms(answer, declared)
        if axioms is None:
            return f"and Lean does not say which axioms `{declared}` rests on"
        found[declared] = axioms
    return found


async def _ask(asked: Asked, modules: Modules, name: str) -> dict[tuple[str, str], str] | str:
    result = await modules.over(asked.text(MODULE), name)
    if result.status != "ok":
        told = result.reason or (result.errors[0][0].split("\n")[0] if result.errors else "")
        return f"and Lean does not print what is in it: {told}"
    return asked.answers(result.notes) or "and Lean does not print all that is in it"


def _unread(why: str, told: str) -> Judgement:
    return Judgement("unknown", reason=_sentence(why, told))


def _sentence(why: str, told: str) -> str:
    return f"Compiled modules cannot be read here ({why}), {told}."
