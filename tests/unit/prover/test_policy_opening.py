"""From `--policy` to policies: which prompts a model gets, what is recorded, what is told when there is no model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from prover.policy.opening import format_of, open_policies
from prover.policy.symbolic.policy import SymbolicPolicy
from prover.policy_choice import PolicyPart
from prover.sampling import models as models_of
from prover.sampling.models import Models, family_of
from prover.sampling.opening import SamplingSettings
from prover.sampling.port import Answer, Finish, Prompt, Sample, SampleRequest, Samples
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
    """Models that were opened, instead of real ones; `hf:missing` cannot be had."""
    found: list[Model] = []

    def open_sampler(spec: str, settings: SamplingSettings) -> Model | Missing:
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


def test_a_family_without_the_language_is_told(opened: list[Model]) -> None:
    assert "no Dafny" in names([PolicyPart("hf", "org/BFS-Prover")])
    before = len(opened)
    assert "choose one of" in names([PolicyPart("hf", "m")], settings=Settings(family="nobody"))
    assert len(opened) == before  # a model can take minutes to load


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
