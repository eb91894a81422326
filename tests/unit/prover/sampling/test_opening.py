"""A model's name, as in `--policy`, opens its back end or says what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling_scenes import FakeSampler, ask, opened, run

from prover.sampling.opening import SamplingSettings, open_sampler
from prover.sampling.plain import estimated_tokens, plain_text
from prover.sampling.port import Message, Prompt, SampleRequest, sample_seed
from prover.sampling.replay import Recorder
from sandbox.missing import Missing


@pytest.mark.parametrize("spec", ["", "hf", "hf:", "openai: ", "gpt:4", "symbolic"])
def test_what_is_no_model_is_told_the_forms(spec: str) -> None:
    missing = open_sampler(spec)
    assert isinstance(missing, Missing)
    assert "hf:MODEL_OR_FOLDER" in missing.how_to_get


def test_a_record(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"

    async def main() -> None:
        recorder = Recorder(FakeSampler(at_once=True), file)
        await recorder.sample([ask()])
        await recorder.close()

    run(main())
    assert opened(open_sampler(f"replay:{file}")).name == f"replay:{file}"
    assert isinstance(open_sampler(f"replay:{file}x"), Missing)


def test_a_server() -> None:
    pytest.importorskip("openai")
    settings = SamplingSettings(base_url="http://localhost:1/v1", api_key="sk-hidden", window=9, price=(1, 2))
    sampler = opened(open_sampler("openai:m:1", settings))
    assert (sampler.name, sampler.window) == ("openai:m:1", 9)
    assert "sk-hidden" not in repr(settings)


def test_nothing_heavy_is_imported_for_asking() -> None:
    code = (
        "import sys, prover.sampling.opening, prover.sampling.service, prover.sampling.replay\n"
        "import prover.sampling.vllm_local, prover.sampling.hf.loading, prover.sampling.served.opening\n"
        "print([m for m in ('torch', 'transformers', 'openai', 'httpx', 'vllm') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_request_asks_for_something() -> None:
    with pytest.raises(ValueError):
        SampleRequest(Prompt(raw="x"), n=0)
    with pytest.raises(ValueError):
        SampleRequest(Prompt(raw="x"), max_tokens=0)


@given(st.integers(0, 2**31 - 1), st.integers(0, 100))
def test_seeds_of_samples_fit_every_server(seed: int, index: int) -> None:
    assert 0 <= sample_seed(seed, index) < 2**31
    assert sample_seed(seed, 0) == seed


def test_seeds_of_neighbours_have_nothing_in_common() -> None:
    seeds = [sample_seed(seed, index) for seed in range(100) for index in range(100)]
    assert len(set(seeds)) > 9990


@given(st.text(), st.text())
def test_an_estimate_grows_with_the_text(a: str, b: str) -> None:
    chat = Prompt(messages=(Message("user", a + b),))
    assert estimated_tokens(chat) >= estimated_tokens(Prompt(raw=a)) >= 8
    assert a + b in plain_text(chat)
