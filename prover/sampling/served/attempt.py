"""One HTTP call to a server, with every way it can go wrong as a value.

The `openai` client builds and sends it; its own retries are off, because ours also honour other statuses and are
counted, and the body is parsed here, because the client lets a truncated or foreign one pass."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from prover.sampling.plain import plain_text
from prover.sampling.port import SampleRequest
from prover.sampling.served.reading import Response, Unreadable, read_response
from prover.sampling.served.retrying import AGAIN, Trouble, refused_parameter, retry_after

_KEYS = re.compile(r"\bsk-[\w*.-]+")


class Attempt:
    """Sends requests for one model. endpoint: `chat`, or `completions` for texts to go on with. key: only to be struck
    out of whatever a server or library says. whole: seconds for one call from first byte to last."""

    def __init__(
        self, client: Any, model: str, endpoint: str, key: str, whole: float, wall: Callable[[], float]
    ) -> None:
        self._client = client
        self._model = model
        self._endpoint = endpoint
        self._key = key
        self._whole = whole
        self._wall = wall

    @property
    def model(self) -> str:
        """As the server calls it."""
        return self._model

    async def models(self) -> tuple[str, ...]:
        """What the server says that it has; empty where it does not tell."""
        try:
            return tuple(self._clean(str(one.id)) for one in (await self._client.models.list()).data)
        except Exception:  # As below; what is not told is not missed.
            return ()

    async def __call__(self, request: SampleRequest, n: int, seed: int, without: frozenset[str]) -> Response | Trouble:
        """n samples of a request's prompt, the parameters in `without` left out."""
        chat = self._chat(request)
        sent = self._parameters(request, n, seed, chat, without)
        create = (self._client.chat if chat else self._client).completions.with_raw_response.create
        try:
            async with asyncio.timeout(self._whole):
                answer = await create(model=self._model, **sent)
                text = answer.http_response.text
        except TimeoutError:
            return Trouble(f"no whole answer within {self._whole:g} s", again=True)
        except Exception as error:  # The client's classes, and those of the HTTP library that it brings along.
            return self._trouble(error, sent)
        try:
            return read_response(json.loads(text), request.stop, n)
        except (ValueError, Unreadable) as error:
            return Trouble(f"the answer cannot be read: {self._clean(str(error))}", again=True)

    def _chat(self, request: SampleRequest) -> bool:
        return request.prompt.raw is None and self._endpoint == "chat"

    def _parameters(
        self, request: SampleRequest, n: int, seed: int, chat: bool, without: frozenset[str]
    ) -> dict[str, Any]:
        given: dict[str, Any] = {
            "n": n,
            "temperature": request.temperature,
            "top_p": request.top_p,
            "seed": seed,
            "logprobs": True if chat else 1,
        }
        if request.stop:
            given["stop"] = list(request.stop)
        given = {name: value for name, value in given.items() if name not in without}
        tokens = "max_completion_tokens" if chat and "max_tokens" in without else "max_tokens"
        given[tokens] = request.max_tokens
        if chat:
            given["messages"] = [{"role": m.role, "content": m.content} for m in request.prompt.messages]
        else:
            given["prompt"] = plain_text(request.prompt)
        return given

    def _trouble(self, error: Exception, sent: Mapping[str, object]) -> Trouble:
        said = self._clean(str(error)) or type(error).__name__
        status = getattr(error, "status_code", None)
        if not isinstance(status, int):
            cause = error.__cause__
            more = f" ({self._clean(str(cause)) or type(cause).__name__})" if cause is not None else ""
            # Told by its name: which HTTP library the client brings along has changed before.
            unreachable = type(cause).__name__ == "ConnectError"
            return Trouble(f"{said.rstrip('.')}{more}", again=True, unreachable=unreachable)
        headers = getattr(getattr(error, "response", None), "headers", {})
        reason = f"the server answered {status}: {said.removeprefix(f'Error code: {status} - ')}"
        if status in (400, 422):
            refused = refused_parameter(str(error), getattr(error, "param", None), sent)
            return Trouble(reason, again=False, refused=refused, status=status)
        spent = getattr(error, "code", None) == "insufficient_quota"
        again = (status in AGAIN or status >= 500) and not spent
        return Trouble(reason, again, retry_after(headers, self._wall()) if again else None, status=status)

    def _clean(self, text: str) -> str:
        if self._key:
            text = text.replace(self._key, "[key]")
        return " ".join(_KEYS.sub("[key]", text).split())[:300]
