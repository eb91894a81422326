"""When to try a server again, and how long to wait first. Pure but for the waiting, which is passed in."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping
from dataclasses import dataclass

from prover.sampling.port import SamplingFailed


@dataclass(frozen=True, slots=True)
class Retries:
    """attempts: in all, the first included. base, most: seconds; before retry k (from 0) a random time up to
    min(most, base * 2^k) is waited ("full jitter", Brooker, AWS architecture blog, 2015), and at least what the server
    asks for. patience: the longest Retry-After that is waited out; a longer one ends the request."""

    attempts: int = 8
    base: float = 0.5
    most: float = 30.0
    patience: float = 120.0

    def pause(self, retry: int, chance: float) -> float:
        """Seconds before a retry; chance: a random number in [0, 1)."""
        return chance * min(self.most, self.base * 2.0 ** min(retry, 32))


@dataclass(frozen=True, slots=True)
class Trouble:
    """An attempt that gave no answer. again: it may help to try once more. after: seconds that the server asked for.
    refused: a parameter that the server does not know, to be left out from now on. status: what it answered, where it
    did. unreachable: nobody listens there, or the address is of no machine."""

    reason: str
    again: bool
    after: float | None = None
    refused: str | None = None
    status: int | None = None
    unreachable: bool = False

    @property
    def unfit(self) -> bool:
        """Whether the request was at fault, not the server or the key."""
        return self.status in (400, 413, 422)


_TOO_LONG = re.compile(r"context|too long|max_model_len", re.IGNORECASE)


def failed(trouble: Trouble, attempts: int, advice: str) -> SamplingFailed:
    """The end of it, as an answer."""
    tried = f" ({attempts} attempts)" if attempts > 1 else ""
    if trouble.unfit and _TOO_LONG.search(trouble.reason):
        advice = "give the model's length of context as the setting window, so that prompts are fitted to it"
    return SamplingFailed(f"{trouble.reason.rstrip('.')}{tried}; {advice}.", final=not trouble.again)


def retry_after(headers: Mapping[str, str], wall: float) -> float | None:
    """Seconds that a response asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110,
    10.2.3). wall: the time now, seconds since 1970. None where it does not say, or not legibly."""
    try:
        if (value := headers.get("retry-after-ms")) is not None:
            return max(float(value) / 1000.0, 0.0)
        if (value := headers.get("retry-after")) is None:
            return None
        if value.strip().replace(".", "", 1).isdigit():
            return float(value)
        return max(email.utils.parsedate_to_datetime(value).timestamp() - wall, 0.0)
    except (ValueError, OverflowError):
        return None


AGAIN = frozenset({408, 409, 425, 429})
"""Statuses below 500 after which the same request may pass."""

OPTIONAL = ("logprobs", "top_logprobs", "seed", "n", "top_p", "temperature", "stop", "max_tokens")
"""Parameters without which a request still makes sense (`max_tokens` has another name on some)."""


def refused_parameter(message: str, named: object, sent: Mapping[str, object]) -> str | None:
    """Which optional parameter of a request a 400 or 422 is about: the one the server names, or the first in its
    message. None where it is about something else."""
    known = [name for name in OPTIONAL if name in sent]
    if isinstance(named, str) and named in known:
        return named
    lower = message.lower()
    words = (
        "support",
        "unknown",
        "unrecognized",
        "not allowed",
        "not permitted",
        "extra",
        "invalid",
        "only",
        "must be",
    )
    if not any(word in lower for word in words):
        return None
    tokens = set("".join(c if c.isalnum() or c == "_" else " " for c in lower).split())
    return next((name for name in known if name in tokens), None)
