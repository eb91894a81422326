"""From a model's name to a server: addresses, keys and time limits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Literal
from urllib.parse import urlsplit

from prover.sampling.port import Sampler
from prover.sampling.served.attempt import Attempt
from prover.sampling.served.retrying import Retries
from prover.sampling.served.sampler import Outside, Price, ServedSampler
from sandbox.missing import Missing

OPENAI = "https://api.openai.com/v1"
HOW = "pip install 'lemmatree[openai]'"
HOW_URL = "set OPENAI_BASE_URL to http(s)://HOST[:PORT]/v1"
HOW_KEY = "set OPENAI_API_KEY, or OPENAI_BASE_URL to a server of your own (http://localhost:8000/v1)"


def open_server(
    model: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    endpoint: Literal["chat", "completions"] = "chat",
    window: int | None = None,
    prices: Mapping[str, Price] | None = None,
    running: int = 16,
    connect: float = 10.0,
    read: float = 600.0,
    whole: float = 900.0,
    retries: Retries | None = None,
    outside: Outside | None = None,
) -> Sampler | Missing:
    """A sampler over a model of the server at `base_url` (default: OPENAI_BASE_URL, then OpenAI). Nothing is sent yet.
    connect, read, whole: seconds for the connection, between bytes, and for one call. running: calls at a time.
    endpoint: where chats go; raw prompts always go to `completions`."""
    if find_spec("openai") is None:
        return Missing(f"the Python package openai, which openai:{model} needs", HOW)
    url = base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI
    key = api_key or os.environ.get("OPENAI_API_KEY") or ""
    if (wrong := _wrong(url)) is not None:
        return wrong
    if not key and url == OPENAI:
        return Missing(f"a key for openai:{model}", HOW_KEY)
    import openai

    client = openai.AsyncOpenAI(
        base_url=url,
        # The client insists on a key; servers of one's own mostly ask for none.
        api_key=key or "none",
        max_retries=0,
        timeout=openai.Timeout(whole, connect=connect, read=read),
    )
    now = outside or Outside()
    return ServedSampler(
        f"openai:{model}",
        client,
        Attempt(client, model, endpoint, key, whole, now.wall),
        url=url,
        window=window,
        price=(prices or {}).get(model),
        running=running,
        retries=retries,
        outside=now,
    )


def _wrong(url: str) -> Missing | None:
    try:
        parts = urlsplit(url)
        secret = parts.username is not None or parts.password is not None
    except ValueError:
        return Missing("a usable OPENAI_BASE_URL", HOW_URL)
    if secret:
        # It would turn up in the logs of every library on the way.
        return Missing("a base URL without a user name or password", "put the key into OPENAI_API_KEY")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return Missing("a usable OPENAI_BASE_URL", HOW_URL)
    return None
