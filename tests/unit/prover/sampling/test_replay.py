"""A run is recorded, and then had again without its model."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sampling_scenes import FakeSampler, answer_to, ask, opened, refused, run

from prover.sampling.port import (
    Answer,
    Finish,
    Message,
    Prompt,
    Sample,
    SampleRequest,
    Samples,
    SamplingFailed,
)
from prover.sampling.replay import ContinuedSampler, Recorder, ReplaySampler, open_replay
from prover.sampling.wire import answer_of, answer_record, key_of, request_record
from sandbox.missing import Missing

ASKED = [ask(f"p{i}", n=2, seed=i, stop=("a",)) for i in range(4)]


def record(file: Path, requests: list[SampleRequest], model: FakeSampler | None = None) -> list[Answer]:
    async def main() -> list[Answer]:
        recorder = Recorder(model or FakeSampler(at_once=True), file)
        for request in requests:
            recorder.count(request.prompt)
        answers = list(await recorder.sample(requests))
        await recorder.close()
        return answers

    return run(main())


def replay(file: Path, requests: list[SampleRequest]) -> list[Answer]:
    return list(run(ReplaySampler(file).sample(requests)))


def record_of(request: SampleRequest, answer: Answer) -> str:
    asked = request_record(request)
    return json.dumps({"key": key_of(asked), "request": asked, "answer": answer_record(answer)})


def test_the_answers_come_back_whoever_is_charged(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    answers = record(file, ASKED)
    charged = [SampleRequest(r.prompt, n=2, seed=r.seed, stop=("a",), task="other") for r in reversed(ASKED)]
    assert replay(file, charged) == answers[::-1]


def test_the_model_is_described_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    record(file, ASKED)
    sampler = opened(open_replay(str(file)))
    assert (sampler.name, sampler.window) == (f"replay:{file}", 4096)
    assert sampler.count(Prompt(raw="p1")) == 2
    assert sampler.count(Prompt(raw="never counted")) >= 2


def test_equal_requests_replay_in_order_and_the_last_is_repeated(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    turn = iter(range(9))
    model = FakeSampler(at_once=True, answer=lambda r: answer_to(r, tokens=next(turn)))
    answers = record(file, [ask()] * 3, model)
    assert len({a.tokens for a in answers if isinstance(a, Samples)}) == 3
    assert replay(file, [ask()] * 5) == [*answers, answers[-1], answers[-1]]


def test_failures_are_part_of_a_run(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    failure = SamplingFailed("too long", final=True)
    record(file, [ask()], FakeSampler(at_once=True, answer=lambda r: failure))
    assert replay(file, [ask()]) == [failure]


def test_recording_goes_on_where_it_stopped_and_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    first = record(file, ASKED[:2])
    file.write_bytes(file.read_bytes()[:-20])
    second = record(file, ASKED[2:])
    assert replay(file, [ASKED[0], *ASKED[2:]]) == [first[0], *second]
    assert refused(replay(file, [ASKED[1]])[0]).final


def test_every_answer_is_on_the_disk_before_it_is_given(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"

    async def main() -> None:
        recorder = Recorder(FakeSampler(at_once=True), file)
        for request in ASKED:
            answers = await recorder.sample([request])
            assert list(await ReplaySampler(file).sample([request])) == list(answers)
        await recorder.close()

    run(main())


def test_what_was_told_before_a_kill_is_not_asked_again(tmp_path: Path) -> None:
    """Each answer once; what was not answered, or only by a failure, is asked."""
    file = tmp_path / "samples.earlier.jsonl"
    before = record(file, [ask(), ask(), ask("other")])
    with file.open("a", encoding="utf-8") as torn:
        torn.write('{"key": "ha')
    failed = record_of(ask("failed"), SamplingFailed("refused"))
    file.write_text(f"{failed}\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    model = FakeSampler(at_once=True, answer=lambda r: answer_to(r, tokens=99))

    async def main() -> list[Answer]:
        return list(await ContinuedSampler(model, file).sample([ask(), ask(), ask(), ask("other"), ask("failed")]))

    first, second, third, other, after = run(main())
    assert [first, second, other] == before
    assert [a.tokens for a in (third, after) if isinstance(a, Samples)] == [99, 99]


def test_what_was_not_recorded_is_said_with_what_comes_near(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    record(file, [ask("prove A", seed=3), ask("prove B", seed=3)])
    other_seed, other_prompt = replay(file, [ask("prove A", seed=4), ask("prove C")])
    assert refused(other_seed).final
    assert "seed=4" in refused(other_seed).reason
    assert refused(other_seed).reason.endswith("the same prompt is recorded with seed=3.")
    assert "prove C" in refused(other_prompt).reason
    assert "differs from character 6" in refused(other_prompt).reason


def test_no_record_is_missing_with_the_next_step(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("{}\n[1]\nnonsense\n")
    for file in (tmp_path / "none.jsonl", empty, tmp_path):
        missing = open_replay(str(file))
        assert isinstance(missing, Missing)
        assert "record" in missing.how_to_get


TEXTS = st.text(max_size=20)
SAMPLES = st.builds(
    Sample, TEXTS, st.integers(0, 99), st.sampled_from(Finish), st.none() | st.floats(-1e3, 0), st.integers(0, 2**31)
)
ANSWERS: st.SearchStrategy[Answer] = st.one_of(
    st.builds(SamplingFailed, TEXTS, st.booleans()),
    st.builds(
        Samples,
        st.lists(SAMPLES, max_size=3).map(tuple),
        st.integers(0, 99),
        st.integers(0, 99),
        st.none() | st.floats(0, 9),
    ),
)
PROMPTS = st.one_of(
    st.builds(lambda text: Prompt(raw=text), TEXTS),
    st.builds(
        lambda turns: Prompt(messages=tuple(turns)),
        st.lists(st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXTS), min_size=1, max_size=3),
    ),
)
REQUESTS = st.builds(
    SampleRequest,
    PROMPTS,
    n=st.integers(1, 3),
    max_tokens=st.integers(1, 3),
    temperature=st.sampled_from([0.0, 0.5, 1.0]),
    top_p=st.sampled_from([0.9, 1.0]),
    stop=st.lists(TEXTS, max_size=2).map(tuple),
    seed=st.integers(0, 2),
    task=TEXTS,
)


@given(ANSWERS)
def test_an_answer_is_the_same_after_writing_and_reading(answer: Answer) -> None:
    assert answer_of(answer_record(answer)) == answer


@given(REQUESTS, REQUESTS)
def test_keys_are_equal_for_equal_requests_alone(a: SampleRequest, b: SampleRequest) -> None:
    same = request_record(a) == request_record(b)
    assert (key_of(request_record(a)) == key_of(request_record(b))) == same
