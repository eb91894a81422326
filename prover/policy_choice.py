"""The grammar of `--policy` and `--strategy`, and what this version can do of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from search.strategy import STRATEGIES

_PARTS = re.compile(r"\+(?=(?:symbolic|hf|openai|vllm|replay)(?::|\+|$))")
_EXTRAS = {"hf": "hf", "openai": "openai", "vllm": "vllm", "replay": None}
_FORMS = "symbolic, hf:MODEL_OR_FOLDER, openai:MODEL, vllm:MODEL, replay:FILE, or several joined by +"


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """One policy of a choice: `hf:org/model` is kind `hf` with argument `org/model`; `symbolic` has none."""

    kind: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceProblem:
    """A choice that cannot be used: `invalid` is malformed, `unsupported` is well-formed and not available here."""

    status: Literal["invalid", "unsupported"]
    reason: str


def parse_policy(text: str) -> tuple[PolicyPart, ...] | ChoiceProblem:
    """Parse a policy choice. A `+` inside a model's name is part of it unless a known kind follows."""
    parts: list[PolicyPart] = []
    for piece in _PARTS.split(text):
        kind, colon, argument = piece.partition(":")
        if kind == "symbolic" and not colon:
            parts.append(PolicyPart(kind))
        elif kind in _EXTRAS and argument.strip():
            parts.append(PolicyPart(kind, argument))
        else:
            return ChoiceProblem("invalid", f"--policy {text}: '{piece}' is not a policy; write {_FORMS}.")
    return tuple(parts)


def check_policy(text: str) -> tuple[PolicyPart, ...] | ChoiceProblem:
    """Parse a policy choice and refuse what this version has no engine for, naming what it will need."""
    parts = parse_policy(text)
    if isinstance(parts, ChoiceProblem):
        return parts
    for part in parts:
        if part.kind != "symbolic":
            extra = _EXTRAS[part.kind]
            needs = f" (with the extra lemmatree[{extra}])" if extra else ""
            return ChoiceProblem(
                "unsupported",
                f"--policy {text}: {part.kind} policies come with a later version{needs}; "
                "use --policy symbolic for now.",
            )
    if len(parts) > 1:
        return ChoiceProblem("invalid", f"--policy {text}: symbolic is named twice.")
    return parts


def check_strategy(text: str) -> ChoiceProblem | None:
    """Refuse a strategy that does not exist."""
    if text in STRATEGIES:
        return None
    names = ", ".join(STRATEGIES)
    return ChoiceProblem("invalid", f"--strategy {text}: there is no such strategy; choose one of {names}.")
