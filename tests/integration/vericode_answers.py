"""Answers of a model to vericoding tasks, written by hand, as records that `replay:` answers from."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Sequence
from pathlib import Path

from prover.languages import Language
from prover.policy.opening import Model
from prover.sampling.plain import estimated_tokens
from prover.sampling.port import Answer, Finish, Prompt, Sample, SampleRequest, Samples
from prover.sampling.replay import Recorder
from prover.settings import Settings
from prover.vericoding.asking import requests_of
from prover.vericoding.marked import read_task
from prover.vericoding.task import VericodingTask

STARTER = Path(__file__).parents[2] / "datasets" / "starter" / "vericode"


class Scripted:
    """A model that gives some texts, one after another."""

    name = "scripted"
    window = None

    def __init__(self, texts: Sequence[str]) -> None:
        self._left = list(texts)

    def count(self, prompt: Prompt) -> int:
        return estimated_tokens(prompt)

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        return [self._answer(request) for request in requests]

    def _answer(self, request: SampleRequest) -> Samples:
        texts, self._left = self._left[: request.n], self._left[request.n :]
        return Samples(tuple(Sample(text, len(text) // 4, Finish.STOP) for text in texts))

    async def close(self) -> None:
        pass


def record(task: VericodingTask, texts: Sequence[str], file: Path) -> Path:
    """A record in which a model answers the first question about a task by these texts."""

    async def write() -> None:
        recorder = Recorder(Scripted(texts), file, family="generic")
        requests = requests_of(task, Model("", recorder, "generic", ""), Settings())
        assert isinstance(requests, tuple)
        for request in requests:
            await recorder.sample([request])
        await recorder.close()

    asyncio.run(write())
    return file


def starter_file(name: str) -> Path:
    """The file of one of our own tasks."""
    return next(f for f in (STARTER / name).iterdir() if f.stem == "task" and f.suffix in (".dfy", ".lean"))


def starter_answers(name: str) -> dict[str, tuple[str, str]]:
    """The recorded answers to one of our own tasks by name, each with what must become of it."""
    told = tomllib.loads((STARTER / name / "task.toml").read_text(encoding="utf-8"))["answers"]
    return {k: ((STARTER / name / "answers" / f"{k}.md").read_text(encoding="utf-8"), v) for k, v in told.items()}


def task_of(file: Path) -> VericodingTask:
    """The task that the command makes of a file."""
    language: Language = "lean" if file.suffix == ".lean" else "dafny"
    task = read_task(file.read_bytes().decode(), language, str(file))
    assert isinstance(task, VericodingTask), task
    return task
