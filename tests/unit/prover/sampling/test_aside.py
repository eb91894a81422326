"""Whoever is interrupted while a model loads does not wait until it has loaded."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from prover.sampling import models as models_of
from prover.sampling.aside import aside, left_running
from prover.sampling.models import Models
from prover.sampling.opening import SamplingSettings
from sandbox.missing import Missing

ROOT = Path(__file__).parents[4]
PATIENCE = 60.0
"""Seconds after which a thread that should have been left alone is taken to be waited for."""


@dataclass
class SlowLoader:
    """Loads until the test lets it end."""

    begun: threading.Event = field(default_factory=threading.Event)
    may_end: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def __call__(self, spec: str, settings: SamplingSettings) -> Missing:
        self.begun.set()
        self.may_end.wait(PATIENCE)
        self.ended.set()
        return Missing("a model", "none")


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowLoader]:
    made = SlowLoader()
    monkeypatch.setattr(models_of, "open_sampler", made)
    yield made
    made.may_end.set()
    made.ended.wait(PATIENCE)


def test_cancelled_the_loop_closes_while_the_model_still_loads(loader: SlowLoader) -> None:
    async def main() -> None:
        models = Models(SamplingSettings())
        asking = asyncio.create_task(models.service("hf:m"))
        await asyncio.to_thread(loader.begun.wait)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await models.close()

    asyncio.run(main())
    assert not loader.ended.is_set()
    assert left_running()
    threads = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    assert threads == [], "what would keep the interpreter alive"


def test_what_it_comes_to_is_what_the_function_returns_or_raises() -> None:
    async def main() -> None:
        assert await aside(lambda: 7, "test") == 7
        nothing: dict[str, int] = {}
        with pytest.raises(KeyError):
            await aside(lambda: nothing["no"], "test")

    asyncio.run(main())


INTERRUPTED = """
import os, signal, sys, threading
from prover import __main__ as entry
from prover.sampling import models

def load(spec, settings):
    os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait()  # for ever

models.open_sampler = load
sys.argv = ["prover", *sys.argv[1:]]
entry.main()
"""


def test_ctrl_c_ends_the_command_while_the_model_still_loads(tmp_path: Path) -> None:
    """An evaluation opens its models before anything else, so that no verifier is needed here."""
    (tmp_path / "task.dfy").write_text("lemma L()\n  ensures true\n{ }\n", encoding="utf-8")
    command = ["eval", str(tmp_path / "task.dfy"), "--policy", "hf:m", "--run", str(tmp_path / "run"), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 130, done.stderr
    assert done.stdout.count("\n") == 1 and "loading hf:m" in done.stderr
