"""From `--policy` to policies: which prompts a model gets, what is recorded, what is told when there is no model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from prover.policy.language.policy import Trouble
from prover.policy.opening import Policies, format_of, open_policies
from prover.policy.symbolic.policy import SymbolicPolicy
from prover.policy_choice import PolicyPart
from prover.sampling import models as models_of
from prover.sampling import opening
from prover.sampling.models import Models, family_of
from prover.sampling.opening import SamplingSettings
from prover.sampling.port import Answer, Finish, Prompt, Sample, Sampler, SampleRequest, Samples, SamplingFailed
from prover.settings import Settings
from prover.toolchain import NoVerifier
from sandbox.missing import Missing


class Model:
    """A model that answers `yes`."""

    window = None

    def __init__(self, name: str) -> None:
        self.name = name
        self.closed = False

    def count(self, prompt: Prompt) -> int:
        return 1

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        return [Samples((Sample("yes", 1, Finish.STOP),)) for _ in requests]

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Model]:
    """Models that were opened, instead of real ones; `hf:missing` cannot be had, and records are what they are."""
    found: list[Model] = []
    really = opening.open_sampler

    def open_sampler(spec: str, settings: SamplingSettings) -> Sampler | Missing:
        if spec.startswith("replay:"):
            return really(spec, settings)
        if spec == "hf:missing":
            return Missing("the model", "get it")
        found.append(Model(spec))
        return found[-1]

    monkeypatch.setattr(models_of, "open_sampler", open_sampler)
    return found


async def symbolic() -> SymbolicPolicy:
    return SymbolicPolicy()


def names(parts: Sequence[PolicyPart], language: str = "dafny", settings: Settings | None = None) -> list[str] | str:
    """The names of the policies that are opened, or why there are none."""

    async def run() -> list[str] | str:
        async with open_policies(parts, language, settings or Settings(), symbolic) as made:
            return made.reason if isinstance(made, NoVerifier) else [policy.name for policy in made.policies]

    return asyncio.run(run())


def test_the_symbolic_policy_comes_in_the_order_that_was_asked_for_and_models_are_closed(opened: list[Model]) -> None:
    assert names([PolicyPart("symbolic"), PolicyPart("hf", "m")]) == ["symbolic", "hf:m"]
    assert [model.closed for model in opened] == [True]


def test_a_model_that_cannot_be_had_is_told_with_the_next_step(opened: list[Model]) -> None:
    assert names([PolicyPart("hf", "missing")]) == "--policy hf:missing: missing the model: get it"


def test_a_server_that_stumbles_is_told_at_the_start_and_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Stumbling(Model):
        hindrance = "the server answered 503: loading."
        away = ""

        async def absent(self, seconds: float) -> Missing | None:
            return None

    monkeypatch.setattr(models_of, "open_sampler", lambda spec, settings: Stumbling(spec))
    heard: list[str] = []

    async def run() -> str:
        async with open_policies([PolicyPart("openai", "m")], "dafny", Settings(), symbolic, note=heard.append) as made:
            assert not isinstance(made, NoVerifier)
            made.trouble[0].asked += 1
            return made.complaint

    assert asyncio.run(run()) == "the model had not answered by then: the server answered 503: loading"
    assert heard == ["openai:m may not answer (the server answered 503: loading); it is asked all the same"]


def test_what_is_told_of_answers_that_are_no_proofs() -> None:
    def told(*troubles: Trouble) -> str:
        return Policies((), trouble=troubles).complaint

    assert told(Trouble(asked=2, answered=2, samples=8)) == "nothing could be read of the model's 8 answers"
    assert told(Trouble(asked=2, answered=2, samples=8, read=1)) == ""
    assert told(Trouble(asked=1)) == "the model had not answered by then"
    assert told(Trouble(reasons={"it is down.": 3})) == "the model could not be asked: it is down (3 times)"


def test_a_family_without_the_language_is_told(opened: list[Model]) -> None:
    assert "no Dafny" in names([PolicyPart("hf", "org/BFS-Prover")])
    assert "no Dafny" in names([PolicyPart("openai", "m")], settings=Settings(family="bfs"))
    assert opened == []  # a model can take minutes to load


def test_a_folder_of_an_unknown_family_is_told(opened: list[Model], tmp_path: Path) -> None:
    (tmp_path / "lemmatree.json").write_text('{"family": "nobody"}', encoding="utf-8")
    assert "family nobody: there is no such family; choose one of generic" in names([PolicyPart("hf", str(tmp_path))])
    assert opened == []


def test_one_model_is_opened_once_for_all_searches_of_a_process(opened: list[Model]) -> None:
    async def run() -> None:
        models = Models(SamplingSettings())
        for _ in range(2):
            async with open_policies([PolicyPart("hf", "m")], "dafny", Settings(), symbolic, models=models):
                pass
        assert [model.closed for model in opened] == [False]
        await models.close()

    asyncio.run(run())
    assert [model.closed for model in opened] == [True]


def test_answers_are_recorded_with_the_family_and_replayed_under_the_models_name(
    opened: list[Model], tmp_path: Path
) -> None:
    samples = tmp_path / "samples.jsonl"

    async def run() -> None:
        async with open_policies([PolicyPart("hf", "m")], "dafny", Settings(), symbolic, samples=samples) as made:
            assert not isinstance(made, NoVerifier)
            await made.policies[0]._sampler.sample([SampleRequest(Prompt(raw="?"))])  # type: ignore[attr-defined]

    asyncio.run(run())
    assert json.loads(samples.read_text().splitlines()[0]) == {"model": "hf:m", "window": None, "family": "generic"}


def test_models_of_one_search_share_its_tokens_and_the_record_has_what_was_asked_for(
    opened: list[Model], tmp_path: Path
) -> None:
    samples = tmp_path / "samples.jsonl"
    parts = [PolicyPart("hf", "a"), PolicyPart("hf", "b")]
    asked = SampleRequest(Prompt(raw="?"), n=3, max_tokens=2)

    async def run() -> list[Answer]:
        async with open_policies(parts, "dafny", Settings(), symbolic, tokens=2, samples=samples) as made:
            assert not isinstance(made, NoVerifier)
            a, b = (policy._sampler for policy in made.policies)  # type: ignore[attr-defined]
            return [answer for sampler in (a, b, a) for answer in await sampler.sample([asked])]

    answers = asyncio.run(run())
    assert [isinstance(answer, Samples) for answer in answers] == [True, True, False]
    recorded = [json.loads(line) for line in samples.read_text().splitlines()]
    assert [line["request"]["n"] for line in recorded if "request" in line] == [3, 3, 3]


def test_a_record_of_spent_tokens_replays_with_and_without_that_budget(opened: list[Model], tmp_path: Path) -> None:
    samples = tmp_path / "samples.jsonl"
    asked = SampleRequest(Prompt(raw="?"), n=3, max_tokens=2)

    async def thrice(part: PolicyPart, tokens: int | None, record: Path | None) -> list[Answer]:
        async with open_policies([part], "dafny", Settings(), symbolic, tokens=tokens, samples=record) as made:
            assert not isinstance(made, NoVerifier)
            sampler = made.policies[0]._sampler  # type: ignore[attr-defined]
            return [(await sampler.sample([asked]))[0] for _ in range(3)]

    first = asyncio.run(thrice(PolicyPart("hf", "m"), 2, samples))
    replay = PolicyPart("replay", str(samples))
    assert isinstance(first[2], SamplingFailed) and first[2].spent
    assert asyncio.run(thrice(replay, 2, None)) == asyncio.run(thrice(replay, None, None)) == first


def test_a_resumed_run_counts_the_answers_that_it_had(opened: list[Model], tmp_path: Path) -> None:
    samples = tmp_path / "samples.jsonl"
    asked = SampleRequest(Prompt(raw="?"))

    async def once(tokens: int | None) -> Answer:
        async with open_policies(
            [PolicyPart("hf", "m")], "dafny", Settings(), symbolic, tokens=tokens, samples=samples
        ) as made:
            assert not isinstance(made, NoVerifier)
            sampler = made.policies[0]._sampler  # type: ignore[attr-defined]
            await sampler.sample([asked])
            second: Answer
            (second,) = await sampler.sample([asked])
            return second

    asyncio.run(once(None))
    samples.rename(tmp_path / "samples.earlier.jsonl")
    lines = (tmp_path / "samples.earlier.jsonl").read_text().splitlines()
    (tmp_path / "samples.earlier.jsonl").write_text("\n".join(lines[:2]) + "\n")
    second = asyncio.run(once(1))
    assert isinstance(second, SamplingFailed) and second.spent


def test_replay_has_the_recorded_models_name_and_family(tmp_path: Path) -> None:
    record = tmp_path / "r.jsonl"
    header = {"model": "hf:m", "window": 64, "family": "compact"}
    answer = {"key": "k", "request": {}, "answer": {"failed": "no", "final": True}}
    record.write_text("\n".join(map(json.dumps, (header, answer))) + "\n", encoding="utf-8")
    assert names([PolicyPart("replay", str(record))]) == ["hf:m"]


@pytest.mark.parametrize(
    "spec, family",
    [
        ("hf:Goedel-LM/Goedel-Code-Prover-8B", "goedel"),
        ("openai:deepseek-prover-v2", "deepseek"),
        ("hf:ByteDance/BFS-Prover-V2", "bfs"),
        ("openai:gpt-x", "generic"),
    ],
)
def test_families_by_name(spec: str, family: str) -> None:
    assert family_of(spec, Model(spec)) == family
    assert not isinstance(format_of(family), str)


def test_a_folder_says_what_its_model_was_trained_on(tmp_path: Path) -> None:
    (tmp_path / "lemmatree.json").write_text('{"family": "compact"}', encoding="utf-8")
    assert family_of(f"hf:{tmp_path}", Model("")) == "compact"
    (tmp_path / "lemmatree.json").write_text("torn", encoding="utf-8")
    assert family_of(f"hf:{tmp_path}", Model("")) == "generic"
