"""Is the server there, does it take the key, has it the model? Asked once, before a search relies on it."""

from __future__ import annotations

from dataclasses import replace

from prover.sampling.port import Message, Prompt, SampleRequest
from prover.sampling.served.attempt import Attempt
from prover.sampling.served.retrying import Trouble
from sandbox.missing import Missing

_LEAST = SampleRequest(Prompt(messages=(Message("user", "Say yes."),)), max_tokens=1, temperature=0.0, top_p=1.0)
_TOLD = 8
"""Models that a message names."""
_OPTIONS = frozenset({"n", "top_p", "seed", "logprobs"})
"""Parameters that the probe does without: whether a server knows them is seen when they are needed."""


async def look(attempt: Attempt, url: str) -> Missing | Trouble | None:
    """What is wrong with a server so that every request would fail; what went wrong with this one where others may pass
    (it is busy, it stumbles, it objects to something of this one); None where nothing did. Samples one token: what
    servers say of themselves elsewhere is often open to all, without a key."""
    trouble = await _asked(attempt, _LEAST)
    if trouble is not None and trouble.status == 404:
        # A server without chats may still go on with texts; one that has no such model says so here too.
        trouble = await _asked(attempt, replace(_LEAST, prompt=Prompt(raw="yes")))
    if trouble is None:
        return None
    said = trouble.reason.rstrip(".")
    if trouble.unreachable:
        cure = "start it, or give another with --base-url or OPENAI_BASE_URL"
        return Missing(f"a server at {url}: {said}", cure)
    if trouble.status in (401, 403):
        return Missing(f"a key that {url} takes: {said}", "set OPENAI_API_KEY to one of that server")
    if trouble.status == 404:
        return Missing(f"the model {attempt.model} at {url}: {said}", _other(await attempt.models()))
    return trouble if trouble.again else None


async def _asked(attempt: Attempt, request: SampleRequest) -> Trouble | None:
    came = await attempt(request, 1, 0, _OPTIONS)
    return came if isinstance(came, Trouble) else None


def _other(known: tuple[str, ...]) -> str:
    if not known:
        return "give a model that it has; its address usually ends in /v1 (--base-url, OPENAI_BASE_URL)"
    more = f" and {len(known) - _TOLD} more" if len(known) > _TOLD else ""
    return f"name one that it has: {', '.join(known[:_TOLD])}{more}"
