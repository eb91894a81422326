"""Training pairs as JSON lines, in the columns that trl's trainers take: `prompt` and `completion`, texts or turns."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from prover.policy.language.formats import Format, NotShown, Purpose
from prover.sampling.port import Prompt
from prover.training.examples import Example, Outcome
from prover.training.renaming import renamed


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
    together at most. copies: of each Dafny pair in the compact format, under other names."""
    rows: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    rng = random.Random(seed)
    for example in found:
        if example.outcome not in outcomes or example.ask.purpose not in purposes:
            left_out["not asked for"] += 1
            continue
        if example.ask.purpose not in format_.purposes(example.language):
            left_out[f"the family {format_.name} does not {example.ask.purpose}"] += 1
            continue
        shown = format_.show(example.ask, len_of)
        if isinstance(shown, NotShown):
            left_out[shown.reason] += 1
            continue
        completion = format_.answer(example.ask, example.step)
        if completion is None:
            left_out["the format cannot say the step"] += 1
            continue
        if room is not None and len_of(shown.prompt) + len(completion) > room:
            left_out[f"longer than {room} characters"] += 1
            continue
        if (key := (repr(shown.prompt), completion)) in seen:
            left_out["the same pair again"] += 1
            continue
        seen.add(key)
        rows += _rows(example, format_.name, shown.prompt, completion, copies, rng)
    return Pairs(tuple(rows), left_out)


def len_of(prompt: Prompt) -> int:
    """Characters of a prompt: nobody's tokenizer is at hand."""
    return len(prompt.raw) if prompt.raw is not None else sum(len(m.content) for m in prompt.messages)


def _rows(
    example: Example, family: str, prompt: Prompt, completion: str, copies: int, rng: random.Random
) -> Iterator[dict[str, Any]]:
    row = {
        "task": example.task,
        "language": example.language,
        "goal": example.goal,
        "purpose": example.ask.purpose.value,
        "outcome": example.outcome.value,
        "score": example.score,
        "family": family,
        "renamed": False,
    }
    if prompt.raw is None:
        turns = [{"role": m.role, "content": m.content} for m in prompt.messages]
        yield row | {"prompt": turns, "completion": [{"role": "assistant", "content": completion}]}
        return
    yield row | {"prompt": prompt.raw, "completion": _behind(prompt.raw, completion)}
    if family == "compact" and example.language == "dafny":
        for _ in range(copies):
            other, answer = renamed(prompt.raw, completion, rng)
            yield row | {"prompt": other, "completion": _behind(other, answer), "renamed": True}


def _behind(prompt: str, completion: str) -> str:
    """Words need a blank between them, wherever a tokenizer cuts."""
    return completion if prompt[-1:].isspace() or completion[:1].isspace() else f" {completion}"
