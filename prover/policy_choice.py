"""The grammar of `--policy` and `--strategy`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from prover.model_family import named_family, unusable_family
from search.strategy import STRATEGIES

_PARTS = re.compile(r"\+(?=(?:symbolic|hf|openai|vllm|replay)(?::|\+|$))")
_MODELS = frozenset(["hf", "openai", "vllm", "replay"])
FORMS = "symbolic, hf:MODEL_OR_FOLDER, openai:MODEL, vllm:MODEL, replay:FILE, or several joined by +"


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
        elif kind in _MODELS and argument.strip():
            parts.append(PolicyPart(kind, argument))
        else:
            return ChoiceProblem("invalid", f"--policy {text}: '{piece}' is not a policy; write {FORMS}.")
    return tuple(parts)


def check_policy(text: str) -> tuple[PolicyPart, ...] | ChoiceProblem:
    """Parse a policy choice, and refuse one that names somebody twice. Whether a model can be had is seen when it is
    opened."""
    parts = parse_policy(text)
    if isinstance(parts, ChoiceProblem):
        return parts
    twice = [part for k, part in enumerate(parts) if part in parts[:k]]
    if twice:
        named = f"{twice[0].kind}:{twice[0].argument}".rstrip(":")
        return ChoiceProblem("invalid", f"--policy {text}: {named} is named twice.")
    return parts


def check_language(policy: str, family: str | None, language: str) -> ChoiceProblem | None:
    """Refuse a policy choice that names a model which knows nothing of a language; see `unfit`."""
    parts = parse_policy(policy)
    if isinstance(parts, ChoiceProblem):
        return parts
    reasons = (unfit(part, family, language) for part in parts)
    return next((ChoiceProblem("invalid", reason) for reason in reasons if reason is not None), None)


def unfit(part: PolicyPart, family: str | None, language: str) -> str | None:
    """Why a policy knows nothing of a language, as far as can be told before it is opened. family: of all models'
    prompts, as set; None: as their folders and names tell (a record tells when it is opened)."""
    if part.kind == "symbolic" or (part.kind == "replay" and family is None):
        return None
    spec = f"{part.kind}:{part.argument}"
    return unusable_family(spec, family or named_family(spec), language)


def check_strategy(text: str) -> ChoiceProblem | None:
    """Refuse a strategy that does not exist."""
    if text in STRATEGIES:
        return None
    names = ", ".join(STRATEGIES)
    return ChoiceProblem("invalid", f"--strategy {text}: there is no such strategy; choose one of {names}.")
