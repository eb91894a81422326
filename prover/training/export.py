"""Training pairs as JSON lines, in the columns that trl's trainers take: `prompt` and `completion`, texts or turns."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dafny_env.steps import GoalKind
from lean_project.steps import LeanGoal
from prover.policy.language.compact import CompactFormat
from prover.policy.language.formats import AnyGoal, Format, NotShown, Purpose
from prover.sampling.port import Prompt
from prover.training.examples import Example, Outcome


@dataclass(frozen=True, slots=True)
class Pairs:
    """What an export came to. rows: JSON objects in the order of the runs. left_out: why examples gave none, and how
    many."""

    rows: tuple[dict[str, Any], ...]
    left_out: Counter[str]


def pairs(
    found: Sequence[Example],
    format_: Format,
    *,
    purposes: frozenset[Purpose] = frozenset(Purpose),
    outcomes: frozenset[Outcome] = frozenset([Outcome.CONFIRMED, Outcome.SOLVED]),
    room: int | None = None,
    copies: int = 0,
    seed: int = 0,
) -> Pairs:
    """The pairs of examples in a model family's format, equal ones once. room: characters of prompt and completion
    together at most. copies: of each pair in the compact format, with other symbols for its names."""
    rows: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    formats = [format_]
    if isinstance(format_, CompactFormat):
        rng = random.Random(seed)
        formats += [CompactFormat(rng.getrandbits(32)) for _ in range(copies)]
    for example in found:
        if example.outcome not in outcomes or example.ask.purpose not in purposes:
            left_out["not asked for"] += 1
            continue
        if example.ask.purpose not in format_.purposes(example.language):
            left_out[f"the family {format_.name} does not {example.ask.purpose}"] += 1
            continue
        for number, one in enumerate(formats):
            made = _row(example, one, room)
            if isinstance(made, str):
                left_out[made] += not number
            elif (key := (repr(made["prompt"]), repr(made["completion"]))) in seen:
                left_out["the same pair again"] += not number
            else:
                seen.add(key)
                rows.append(made | {"renamed": number > 0})
    return Pairs(tuple(rows), +left_out)


def len_of(prompt: Prompt) -> int:
    """Characters of a prompt: nobody's tokenizer is at hand."""
    return len(prompt.raw) if prompt.raw is not None else sum(len(m.content) for m in prompt.messages)


def _row(example: Example, format_: Format, room: int | None) -> dict[str, Any] | str:
    """The pair of an example, or why there is none."""
    shown = format_.show(example.ask, len_of)
    if isinstance(shown, NotShown):
        return shown.reason
    prompt = shown.prompt
    completion = format_.answer(example.ask, example.step)
    if completion is None:
        return "the format cannot say the step"
    if room is not None and len_of(prompt) + len(completion) > room:
        return f"longer than {room} characters"
    row = {
        "task": example.task,
        "language": example.language,
        "goal": example.goal,
        "purpose": example.ask.purpose.value,
        "outcome": example.outcome.value,
        "score": example.score,
        "family": format_.name,
        **_about(example.ask.goal),
    }
    if prompt.raw is not None:
        return row | {"prompt": prompt.raw, "completion": _behind(prompt.raw, completion)}
    turns = [{"role": m.role, "content": m.content} for m in prompt.messages]
    return row | {"prompt": turns, "completion": [{"role": "assistant", "content": completion}]}


def _about(goal: AnyGoal) -> dict[str, str]:
    """What `prover.training.grpo` needs to judge other answers; no target for a place inside a declaration."""
    if isinstance(goal, LeanGoal):
        return {"source": goal.text, "target": goal.declaration}
    return {"source": goal.base, "target": "" if goal.kind is GoalKind.FACT else goal.declaration}


def _behind(prompt: str, completion: str) -> str:
    """Words need a blank between them, wherever a tokenizer cuts."""
    return completion if prompt[-1:].isspace() or completion[:1].isspace() else f" {completion}"
