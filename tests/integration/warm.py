"""Cases that show the same as others, and the engine in this process with verifiers that a file's tests share."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from prover.engine import DefaultEngine
from prover.events import Silent
from prover.inputs import SourceFile
from prover.languages import Language
from prover.pools import Pools
from prover.results import GateVerdict, ProveRequest, ProveResult
from prover.settings import Settings

T = TypeVar("T")
SECONDS = 300.0
"""What a run has which is not told otherwise: what it proves must not depend on the machine's speed."""


def mostly_slow(cases: Mapping[str, tuple[Any, ...]], *kept: str) -> list[Any]:
    """Parameters by name; those not kept show again what these show, and are `slow`."""
    assert set(kept) <= cases.keys()
    return [
        pytest.param(*values, id=name, marks=() if name in kept else pytest.mark.slow) for name, values in cases.items()
    ]


def source_of(text: str, language: Language = "dafny", path: Path | None = None) -> SourceFile:
    """A text as the command would have read it."""
    return SourceFile(path, text, hashlib.sha256(text.encode()).hexdigest(), language)


class Warm:
    """The engine with borrowed verifiers, one process of each language at most, on one event loop."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner, self._settings, self._engine = runner, Settings(workers=1), DefaultEngine()
        self.pools = Pools(self._settings, 1)

    def request(self, source: SourceFile, policy: str, **options: Any) -> ProveRequest:
        """What is asked about a file, with these verifiers. options: further fields of the request."""
        chosen = {"seconds": SECONDS, **options}
        return ProveRequest(source, self._settings, policy, pools=self.pools, **chosen)

    def prove(self, source: SourceFile, policy: str = "symbolic", **options: Any) -> ProveResult:
        """What `prover prove` would say."""
        return self.run(self._engine.prove(self.request(source, policy, **options), Silent()))

    def run(self, done: Coroutine[Any, Any, T]) -> T:
        """What comes of it on the event loop that the verifiers belong to."""
        return self._runner.run(done)

    def judge(self, original: SourceFile, candidate: SourceFile) -> GateVerdict:
        """What `prover check --against` would say."""
        return self.run(
            self._engine.judge(original, candidate, settings=self._settings, seconds=SECONDS, pools=self.pools)
        )

    def close(self) -> None:
        """End the verifiers."""
        self.run(self.pools.close())
