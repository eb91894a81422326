"""A server is asked whether it is there before a search relies on it: what would fail every request is told at once,
what may pass after all is left to the requests themselves."""

from __future__ import annotations

import socket

import pytest

pytest.importorskip("openai")

import http_server as web
from http_server import Server
from sampling_scenes import ask, got, run, texts

from prover.sampling import models as models_of
from prover.sampling.models import Models, lacking
from prover.sampling.opening import SamplingSettings
from prover.sampling.port import Remote
from sandbox.missing import Missing

KEY = "sk-very-secret-0123456789"


def opened(url: str, model: str = "m") -> str:
    """What is told of a server at once; nothing where its model is opened, and answers."""

    async def main() -> str:
        models = Models(SamplingSettings(base_url=url, api_key=KEY))
        try:
            service = await models.service(f"openai:{model}")
            return lacking(f"openai:{model}", service) if isinstance(service, Missing) else ""
        finally:
            await models.close()

    return run(main())


def test_where_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        told = opened(url)
    assert told.startswith(f"--policy openai:m: missing a server at {url}")
    assert "--base-url" in told


def test_an_address_of_no_machine() -> None:
    told = opened("http://no-such-machine.invalid/v1")
    assert "missing a server at http://no-such-machine.invalid/v1" in told and "OPENAI_BASE_URL" in told


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused(status: int) -> None:
    with Server(ordinary=web.answers(status, f"incorrect key: {KEY}")) as server:
        told = opened(server.url)
    assert len(server.calls) == 1
    assert f"answered {status}" in told and "OPENAI_API_KEY" in told and KEY not in told


def test_a_model_that_the_server_has_not_is_told_with_those_that_it_has() -> None:
    with Server(ordinary=web.answers(404, "The model `m` does not exist.")) as server:
        server.models = ("org/large", "org/small")
        told = opened(server.url)
    assert "the model m" in told and "does not exist" in told and "name one that it has: org/large, org/small" in told


def test_an_address_without_v1_is_told() -> None:
    with Server(ordinary=web.answers(404, "Not Found")) as server:
        told = opened(server.url.removesuffix("/v1"))
    assert "usually ends in /v1" in told


MAY_PASS = {
    "busy": web.answers(429),
    "out of order": web.answers(500),
    "loading its model": web.answers(503, headers={"Retry-After": "9999"}),
    "that objects to the request": web.answers(400, "max_tokens must be at least 16"),
    "that answers nonsense": web.says(b"<html>gateway</html>"),
    "that ends the connection": web.resets,
    "without chats": web.has_no_chats,
}


@pytest.mark.parametrize("what", MAY_PASS)
def test_a_server_goes_on_as_before(what: str) -> None:
    with Server(ordinary=MAY_PASS[what]) as server:
        assert opened(server.url) == ""


def test_a_slow_server_is_not_waited_for_and_its_first_answer_is_not_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models_of, "LOOK_SECONDS", 0.1)
    with Server(web.hangs) as server:

        async def main() -> None:
            models = Models(SamplingSettings(base_url=server.url, api_key=KEY))
            service = await models.service("openai:m")
            assert not isinstance(service, Missing)
            (answer,) = await service.sample([ask(seed=3)])
            assert texts(got(answer)) == ["3/0"]
            await models.close()

        run(main())
    assert len(server.calls) == 2


def test_what_stands_in_the_way_of_answers_is_known_until_one_comes() -> None:
    with Server(web.answers(503, "loading"), web.completes) as server:

        async def main() -> None:
            models = Models(SamplingSettings(base_url=server.url, api_key=KEY))
            service = await models.service("openai:m")
            assert not isinstance(service, Missing) and isinstance(service.inner, Remote)
            assert "503: loading" in service.inner.hindrance
            await service.sample([ask()])
            assert service.inner.hindrance == ""
            await models.close()

        run(main())


def test_it_costs_one_token_that_no_task_pays_and_is_asked_once() -> None:
    with Server() as server:

        async def main() -> None:
            models = Models(SamplingSettings(base_url=server.url, api_key=KEY, price=(1.0, 1.0)))
            service = await models.service("openai:m")
            assert await models.service("openai:m") is service
            assert not isinstance(service, Missing) and service.total.requests == 0
            await models.close()

        run(main())
    assert [(body["model"], body["max_tokens"]) for body in server.bodies] == [("m", 1)]
