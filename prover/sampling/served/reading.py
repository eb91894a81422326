"""What a server answered, as samples. A server may leave out or mangle anything: what is not there is not believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prover.sampling.plain import cut
from prover.sampling.port import Finish


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. tokens, logprob: None where the server does not tell."""

    text: str
    finish: Finish
    tokens: int | None
    logprob: float | None


@dataclass(frozen=True, slots=True)
class Response:
    """One call's answers and what the server counted: tokens of the prompt, of these cached, and sampled in all."""

    choices: tuple[Choice, ...]
    prompt_tokens: int = 0
    cached_tokens: int = 0
    tokens: int = 0

    def shares(self) -> list[int]:
        """Sampled tokens of each choice: counted where log-probabilities came, the rest of the server's sum spread
        evenly over the others."""
        unknown = [i for i, c in enumerate(self.choices) if c.tokens is None]
        left = max(self.tokens - sum(c.tokens or 0 for c in self.choices), 0)
        shares = [c.tokens or 0 for c in self.choices]
        for place, i in enumerate(unknown):
            shares[i] = left // len(unknown) + (place < left % len(unknown))
        return shares


class Unreadable(Exception):
    """The body is not what the protocol says."""


def read_response(body: Any, stop: Sequence[str], wanted: int) -> Response:
    """Of a parsed body, either end point's; more choices than wanted are left out. Raises Unreadable."""
    if not isinstance(body, Mapping) or not isinstance(body.get("choices"), list):
        raise Unreadable("the body has no choices")
    choices = tuple(_choice(c, stop) for c in body["choices"][:wanted])
    if not choices:
        raise Unreadable("the list of choices is empty")
    usage = body.get("usage")
    usage = usage if isinstance(usage, Mapping) else {}
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, Mapping) else 0
    counted = _natural(usage.get("completion_tokens"))
    return Response(choices, _natural(usage.get("prompt_tokens")), _natural(cached), counted)


def _choice(choice: Any, stop: Sequence[str]) -> Choice:
    if not isinstance(choice, Mapping):
        raise Unreadable("a choice is not an object")
    message = choice.get("message")
    text = message.get("content") if isinstance(message, Mapping) else choice.get("text")
    if text is None and isinstance(message, Mapping):
        text = ""  # A refusal, or nothing but hidden reasoning.
    if not isinstance(text, str):
        raise Unreadable("a choice has no text")
    # Some servers hand back the stop sequence, some stop late: cut here, whatever they do.
    text, finish = cut(text, stop, Finish.STOP if choice.get("finish_reason") == "stop" else Finish.LENGTH)
    values = _logprobs(choice.get("logprobs"))
    return Choice(text, finish, len(values) if values else None, sum(values) if values else None)


def _logprobs(given: Any) -> list[float]:
    """Of the sampled tokens; empty where any is missing, since half a sum says nothing."""
    if not isinstance(given, Mapping):
        return []
    found: list[Any] = []
    if isinstance(content := given.get("content"), list):
        found = [t.get("logprob") if isinstance(t, Mapping) else None for t in content]
    elif isinstance(flat := given.get("token_logprobs"), list):
        found = flat
    numbers = [float(v) for v in found if isinstance(v, int | float) and not isinstance(v, bool)]
    return numbers if len(numbers) == len(found) else []


def _natural(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
