"""A model behind a real HTTP server that misbehaves: no request is lost, and no key is told."""

# Nothing of these is imported before openai is known to be there.

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("openai")

import http_server as web
from http_server import Server
from hypothesis import given
from hypothesis import strategies as st
from sampling_scenes import ask, got, opened, refused, run, texts

from prover.sampling.port import Answer, Finish, Message, Prompt, Sampler, SampleRequest, sample_seed
from prover.sampling.served import opening
from prover.sampling.served.opening import open_server
from prover.sampling.served.retrying import Retries, refused_parameter, retry_after
from prover.sampling.served.sampler import Outside, Price, ServedSampler
from sandbox.missing import Missing

KEY = "sk-very-secret-0123456789"
WALL = 1_800_000_000.0


class Time:
    """Sleeps at once, and remembers how long it should have been."""

    def __init__(self, chance: float = 0.5) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.chance = chance

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    @property
    def outside(self) -> Outside:
        return Outside(lambda: self.now, lambda: WALL + self.now, self.sleep, lambda: self.chance)


def answers(server: Server, requests: Sequence[SampleRequest], time: Time | None = None, **given: Any) -> list[Answer]:
    async def main() -> list[Answer]:
        options = {"base_url": server.url, "api_key": KEY, "outside": (time or Time()).outside, **given}
        sampler = opened(open_server("m", **options))
        try:
            return list(await sampler.sample(requests))
        finally:
            await sampler.close()

    return run(main())


CHAT = SampleRequest(Prompt(messages=(Message("user", "Prove."),)), n=2, max_tokens=9, stop=("END",), seed=5)


def test_a_chat_goes_to_the_chat_end_point_and_comes_back_as_samples() -> None:
    with Server() as server:
        (answer,) = answers(server, [CHAT])
    (path, body, headers) = server.calls[0]
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert body["messages"] == [{"role": "user", "content": "Prove."}]
    assert (body["n"], body["max_tokens"], body["stop"], body["seed"], body["logprobs"]) == (2, 9, ["END"], 5, True)
    samples = got(answer)
    assert texts(samples) == ["5/0", "5/1"]
    assert [(s.tokens, s.logprob, s.finish) for s in samples.samples] == [(2, -1.0, Finish.STOP)] * 2
    assert [s.seed for s in samples.samples] == [5, sample_seed(5, 1)]
    assert (samples.prompt_tokens, samples.cached_tokens, samples.tokens, samples.cost_usd) == (7, 4, 4, None)


def test_raw_text_goes_to_the_completions_end_point_and_chats_too_where_told() -> None:
    with Server() as server:
        answers(server, [ask("theorem")])
        answers(server, [CHAT], endpoint="completions")
    assert [path for path, _, _ in server.calls] == ["/v1/completions"] * 2
    assert [body["prompt"] for body in server.bodies] == ["theorem", "User:\nProve.\n\nAssistant:\n"]


def test_what_it_costs() -> None:
    with Server() as server:
        (answer,) = answers(server, [CHAT], prices={"m": Price(1.0, 10.0, cached=0.5)})
    assert got(answer).cost_usd == pytest.approx((3 * 1.0 + 4 * 0.5 + 4 * 10.0) / 1e6)


MISBEHAVIOUR = {
    "too many requests": web.answers(429),
    "an error of its own": web.answers(500),
    "overload": web.answers(503),
    "truncated JSON": web.cuts_json_off,
    "a truncated body": web.cuts_the_body_off,
    "a page instead of JSON": web.says(b"<html>gateway</html>"),
    "JSON of another shape": web.says({"choices": "none"}),
    "no choices": web.says({"choices": []}),
    "a choice without text": web.says({"choices": [{"index": 0}]}),
    "a reset": web.resets,
}


@pytest.mark.parametrize("what", MISBEHAVIOUR)
def test_no_request_is_lost_to(what: str) -> None:
    time = Time()
    with Server(MISBEHAVIOUR[what], MISBEHAVIOUR[what]) as server:
        answered = answers(server, [ask(f"p{i}", n=2, seed=i) for i in range(3)], time)
    assert [texts(a) for a in answered] == [[f"{i}/0", f"{i}/1"] for i in range(3)]
    assert len(server.calls) == 5
    assert len(time.slept) == 2


@pytest.mark.parametrize("what", [web.hangs, web.trickles])
def test_no_request_is_lost_to_a_server_that_never_ends_its_answer(what: web.Act) -> None:
    with Server(what) as server:
        answered = answers(server, [ask(n=2, seed=1)], read=0.3, whole=0.5)
    assert [texts(a) for a in answered] == [["1/0", "1/1"]]


def test_nobody_there_is_a_failure_that_says_where() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        time = Time()

        async def main() -> Answer:
            sampler = opened(open_server("m", base_url=url, api_key=KEY, outside=time.outside, connect=1.0))
            (answer,) = await sampler.sample([ask()])
            await sampler.close()
            return answer

        failure = refused(run(main()))
    assert not failure.final
    assert url in failure.reason and "8 attempts" in failure.reason


@pytest.mark.parametrize(
    ("act", "away"),
    [
        (web.answers(500), "the server answered 500"),
        (web.answers(401, "wrong key"), "wrong key"),
        (web.answers(404, "no such model"), "no such model"),
        (web.answers(400, "maximum context length"), ""),
        (web.answers(413), ""),
        (web.completes, ""),
    ],
)
def test_whether_the_server_is_away_or_the_request_unfit(act: web.Act, away: str) -> None:
    time = Time()

    async def main(url: str) -> tuple[str, str]:
        sampler = opened(open_server("m", base_url=url, api_key=KEY, outside=time.outside, retries=Retries(attempts=1)))
        assert isinstance(sampler, ServedSampler)
        assert sampler.away == ""
        await sampler.sample([ask()])
        first = sampler.away
        await sampler.sample([ask()])
        await sampler.close()
        return first, sampler.away

    with Server(act) as server:  # once; then it answers
        first, second = run(main(server.url))
    assert (away in first, bool(first), second) == (True, bool(away), "")


def test_waits_grow_are_random_and_end() -> None:
    time = Time(chance=0.5)
    with Server(ordinary=web.answers(500)) as server:
        failure = refused(answers(server, [ask()], time, retries=Retries(attempts=6, base=1.0, most=5.0))[0])
    assert not failure.final
    assert len(server.calls) == 6
    assert time.slept == [0.5, 1.0, 2.0, 2.5, 2.5]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:20 GMT"}, 20.0),
    ],
)
def test_everybody_waits_as_long_as_the_server_asks(headers: dict[str, str], seconds: float) -> None:
    time = Time(chance=0.0)
    with Server(web.answers(429, headers=headers)) as server:
        answered = answers(server, [ask("a"), ask("b")], time, running=1)
    assert all(got(a) for a in answered)
    assert sum(time.slept) == pytest.approx(seconds)
    assert len(server.calls) == 3


def test_a_wait_of_hours_ends_the_request() -> None:
    with Server(web.answers(429, headers={"Retry-After": "7200"})) as server:
        failure = refused(answers(server, [ask()])[0])
    assert len(server.calls) == 1
    assert not failure.final


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, {}), (403, {}), (404, {}), (400, {}), (429, {"code": "insufficient_quota"})],
)
def test_what_would_fail_again_is_final_and_asked_once(status: int, error: dict[str, Any]) -> None:
    with Server(ordinary=web.answers(status, "it is so", **error)) as server:
        failure = refused(answers(server, [ask()])[0])
    assert failure.final
    assert len(server.calls) == 1
    assert f"{status}" in failure.reason and "it is so" in failure.reason and "OPENAI_API_KEY" in failure.reason


def test_a_prompt_that_is_too_long_for_the_server_is_told_what_to_set() -> None:
    refusal = web.answers(400, "This model's maximum context length is 4096 tokens.")
    with Server(ordinary=refusal) as server:
        failure = refused(answers(server, [ask()])[0])
    assert failure.final and "the setting window" in failure.reason


def test_a_server_without_log_probabilities_does_without() -> None:
    with Server(ordinary=web.tells_no_logprobs) as server:
        (answer,) = answers(server, [CHAT])
    assert [(s.logprob, s.tokens) for s in got(answer).samples] == [(None, 2)] * 2


@pytest.mark.parametrize("names", [("logprobs",), ("seed",), ("n",), ("logprobs", "seed", "top_p", "temperature")])
def test_what_a_server_refuses_is_left_out_from_then_on(names: tuple[str, ...]) -> None:
    with Server(ordinary=web.refuses(*names)) as server:
        answered = answers(server, [CHAT, CHAT], running=1)
    assert [texts(a) for a in answered] == [["fine"] * 2] * 2
    assert not any(name in server.bodies[-1] for name in names)
    # Learnt once: every further call is an answer.
    assert len(server.calls) <= len(names) + 4


def test_the_newer_name_of_max_tokens_is_used_where_the_old_one_is_refused() -> None:
    with Server(ordinary=web.refuses("max_tokens")) as server:
        (answer,) = answers(server, [CHAT])
    assert got(answer)
    assert server.bodies[-1]["max_completion_tokens"] == 9


def test_a_server_that_ignores_n_is_asked_for_the_rest() -> None:
    with Server(ordinary=web.ignores_n) as server:
        first, second = answers(server, [ask("a", n=4, seed=9), ask("b", n=3, seed=8)], running=1)
    assert texts(first) == [f"{sample_seed(9, i)}/0" for i in range(4)]
    assert texts(second) == [f"{sample_seed(8, i)}/0" for i in range(3)]
    assert got(first).prompt_tokens == 7
    assert got(first).tokens == 8


def test_text_is_cut_at_the_stop_sequence_even_if_the_server_does_not() -> None:
    late = web.says(web.completion({}, ["proof END more"]))
    with Server(ordinary=late) as server:
        (answer,) = answers(server, [ask(stop=("END",))])
    assert texts(answer) == ["proof "]


def test_no_more_calls_at_a_time_than_allowed() -> None:
    most = [0, 0]

    def counts(handler: web.Handler, body: dict[str, Any]) -> None:
        with handler.server.lock:
            most[0] += 1
            most[1] = max(most)
        handler.server.released.wait(0.01)
        with handler.server.lock:
            most[0] -= 1
        web.completes(handler, body)

    with Server(ordinary=counts) as server:
        answers(server, [ask(f"p{i}") for i in range(12)], running=3)
    assert most[1] <= 3


def test_a_cancelled_call_ends() -> None:
    async def main() -> None:
        with Server(web.hangs) as server:
            sampler = opened(open_server("m", base_url=server.url, api_key=KEY, running=1))
            hanging = asyncio.ensure_future(sampler.sample([ask()]))
            await asyncio.to_thread(server.asked.wait, 30)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            assert got((await sampler.sample([ask()]))[0])
            await sampler.close()

    run(main())


def test_the_key_is_told_to_the_server_and_to_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = web.answers(401, f"Incorrect API key provided: {KEY}. Or sk-other-key.")
    with Server(web.answers(500, KEY), ordinary=told) as server:
        sampler = opened(open_server("m", base_url=server.url, api_key=KEY, outside=Time().outside))
        failure = refused(run(_one(sampler)))
    assert server.calls[0][2]["authorization"].endswith(KEY)
    everything = failure.reason + caplog.text + repr(sampler) + repr(vars(sampler)) + sampler.name
    assert KEY not in everything
    assert "sk-other-key" not in failure.reason


async def _one(sampler: Sampler) -> Answer:
    (answer,) = await sampler.sample([ask()])
    await sampler.close()
    return answer


def test_address_and_key_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "from-outside")
        assert got(run(_one(opened(open_server("m")))))
        monkeypatch.delenv("OPENAI_API_KEY")
        assert got(run(_one(opened(open_server("m")))))
    assert server.calls[0][2]["authorization"] == "Bearer from-outside"


@pytest.mark.parametrize(
    ("url", "what"), [("", "a key"), ("localhost:80/v1", "OPENAI_BASE_URL"), ("http://me:pw@host/v1", "password")]
)
def test_what_is_missing_is_said_with_the_next_step(url: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    missing = open_server("m")
    assert isinstance(missing, Missing)
    assert what in missing.what and "OPENAI_" in missing.how_to_get
    assert "pw" not in str(missing).replace("password", "")


def test_without_the_extra_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "find_spec", lambda name: None)
    assert "pip install 'lemmatree[openai]'" in str(open_server("m"))


def test_a_model_behind_a_server_gives_the_samples_that_it_gives_here() -> None:
    pytest.importorskip("torch")
    import tiny_model

    from prover.sampling.hf.loading import sampler_of

    asked = [
        ask("lemma", n=3, max_tokens=25, seed=1),
        ask("theorem", n=2, max_tokens=25, seed=2, stop=("a", "b")),
        SampleRequest(CHAT.prompt, n=2, max_tokens=25, seed=3),
    ]

    async def main() -> None:
        here = opened(sampler_of("hf:tiny", tiny_model.llama(), tiny_model.tokenizer(chat=True)))
        with Server(ordinary=web.serves(here, asyncio.get_running_loop())) as server:
            there = opened(open_server("tiny", base_url=server.url))
            for mine, theirs in zip(await here.sample(asked), await there.sample(asked), strict=True):
                for a, b in zip(got(mine).samples, got(theirs).samples, strict=True):
                    assert (a.text, a.tokens, a.finish, a.seed) == (b.text, b.tokens, b.finish, b.seed)
                    assert a.logprob == pytest.approx(b.logprob)
            await there.close()
        await here.close()

    run(main())


@given(st.text(max_size=20) | st.floats().map(str) | st.integers().map(str))
def test_any_retry_after_is_seconds_or_nothing(value: str) -> None:
    seconds = retry_after({"retry-after": value}, WALL)
    assert seconds is None or seconds >= 0


@given(st.text(), st.sampled_from([None, "seed", "nonsense", 7]))
def test_only_what_was_sent_and_can_be_left_out_is_taken_for_refused(message: str, named: object) -> None:
    assert refused_parameter(message, named, {"seed": 1, "messages": []}) in (None, "seed")


def test_a_too_long_prompt_is_not_taken_for_a_refused_parameter() -> None:
    message = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."
    assert refused_parameter(message, "messages", {"seed": 1, "n": 2, "max_tokens": 4}) is None
