"""The verifier's own counterexamples: asked for, turned into inputs, told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial as bound
from pathlib import Path

from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier
from dafny_env.interp.arbitrary import Arbitrary, Knobs
from dafny_env.interp.machine import Frame, Heap
from dafny_env.interp.outcome import Failure
from dafny_env.interp.values import Value, render
from dafny_env.refute.looking import MODELS, Looking
from dafny_env.refute.model import read_models
from dafny_env.refute.partial import Completing, Partial
from dafny_env.refute.printed import read_printed
from dafny_env.refute.reading import initial_values
from dafny_env.refute.running import Subject
from dafny_env.steps import DafnyGoal, GoalKind
from dafny_env.syntax import ast

SOLVER_SECONDS = 5
_SECONDS = 20.0
_MOST_MODELS = 5
_COMPLETIONS = 12
"""How often each form of a model is completed by drawing."""
_SHOWN = 12

Known = dict[str, Partial]
"""What a model says of the receiver (`this`) and the parameters, by name."""


async def ask(goal: DafnyGoal, verifier: DafnyVerifier, folder: Path | None, seconds: float) -> CheckResult:
    """Check a root goal's declaration, to be told what the solver has against it."""
    base, (start, end) = goal.base, goal.site
    if goal.kind is GoalKind.LEMMA:
        base = f"{base[:end]} {{}}{base[end:]}"
    elif goal.kind is GoalKind.FACT:
        base = f"{base[:start]}assert{base[start + len('assume') :]}"
    request = CheckRequest(
        base,
        folder,
        declarations=(goal.declaration,),
        seconds=min(seconds, _SECONDS),
        solver_seconds=SOLVER_SECONDS,
        models=True,
    )
    return await verifier.check(request)


def known_of(result: CheckResult, subject: Subject, major: int) -> list[Known]:
    """What the models in an answer say, those left out that say nothing."""
    if major != 2:
        return read_printed(result.models)[:_MOST_MODELS]
    world = subject.world
    found = (initial_values(model, subject.info, world) for model in read_models(result.models)[:_MOST_MODELS])
    return [known for known in found if known]


def inputs_from(known: list[Known], looking: Looking) -> Iterator[Callable[[], Frame | None]]:
    """Inputs that agree with the models: as they are, cut short, and in their numbers only."""
    for each in known:
        numbers = {name: part for name, part in each.items() if part.value is not None}
        forms = [(each, False), (each, True), *([(numbers, False)] if numbers and numbers != each else [])]
        for parts, cut in forms:
            for _ in range(2 * _COMPLETIONS if cut else _COMPLETIONS):
                yield bound(_input, looking, parts, cut)


def _input(looking: Looking, known: Known, cut: bool) -> Frame | None:
    subject, heap = looking.subject, Heap()
    assert subject is not None
    completing = Completing(Arbitrary(looking.machine, heap, Knobs()), cut=cut)
    info, this = subject.info, None
    if "this" in known and info.owner is not None:
        this = completing.value(known["this"], ast.Type(info.owner.name), info.owner.module)
    given: dict[str, Value] = {}
    for formal in info.decl.params:
        if formal.name in known:
            try:
                given[formal.name] = completing.value(known[formal.name], formal.type, info.module)
            except Failure:
                continue  # it is drawn
    return subject.inputs.draw(heap, this, given)


def disproved(known: Known, looking: Looking) -> bool:
    """Whether a model leaves nothing open, and all holds of the input that it gives."""
    subject = looking.subject
    assert subject is not None
    wanted = [formal.name for formal in subject.info.decl.params]
    if not subject.info.is_static or any(name not in known or not known[name].whole for name in wanted):
        return False
    looking.machine.refuel(MODELS.run)
    try:
        frame = _input(looking, known, False)
    except Failure:
        return False
    if frame is None:
        return False
    looking.machine.refuel(MODELS.run)
    return subject.at(frame) is None and subject.settled


def told(known: Known) -> str:
    """What a model says, for people: `x = 3, |s| = 2, s[0] = 17`."""
    facts = [fact for name, part in known.items() for fact in _facts(name, part)]
    more = ["..."] if len(facts) > _SHOWN else []
    return ", ".join([*facts[:_SHOWN], *more])


def _facts(name: str, part: Partial) -> Iterator[str]:
    if part.null:
        yield f"{name} = null"
    if part.value is not None:
        yield f"{name} = {render(part.value)}"
    if part.ctor and part.ctor != "(,)":
        yield f"{name}.{part.ctor}?"
    if part.length is not None:
        yield f"{name}.Length = {part.length}" if part.identity else f"|{name}| = {part.length}"
    for index, item in sorted(part.items.items()):
        yield from _facts(f"{name}[{index}]", item)
    for member, _ in part.members:
        if member.value is not None:
            yield f"{render(member.value)} in {name}"
    for key, value in part.pairs:
        if key.value is not None:
            yield from _facts(f"{name}[{render(key.value)}]", value)
    for field, value in part.fields.items():
        yield from _facts(f"{name}.{field}", value)
