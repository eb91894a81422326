from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from lean_project.driver.cached import CachingVerifier
from lean_project.driver.codec import decode_result, encode_result
from lean_project.driver.factory import Toolchain, cache_salt, open_lean
from lean_project.driver.types import Diagnostic, GoalsResult, LeanResult, Outcome, Place, Rule
from lean_project.toolchain import Kind, LeanInstallation
from sandbox.cache import ResultCache
from sandbox.missing import Missing

RESULT = LeanResult(
    Outcome.ERRORS,
    (
        Diagnostic("error", Rule.TACTIC, "Tactic `rfl` failed\n⊢ 𝔸", Place(2, 3), Place(2, 6), "a.b"),
        Diagnostic("warning", Rule.SORRY, "declaration uses 'sorry'", Place(1, 0)),
    ),
    0.5,
    output="left out",
)


class Fake:
    """Says what it is told to, and counts."""

    def __init__(self, result: LeanResult) -> None:
        self.result = result
        self.asked = 0

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        self.asked += 1
        return self.result

    async def goals(self, text: str, positions: Sequence[Place], *, seconds: float) -> GoalsResult:
        return GoalsResult(Outcome.OK)

    async def close(self) -> None:
        pass


def test_there_and_back() -> None:
    read = decode_result(encode_result(RESULT))
    assert read is not None and read.output == ""
    assert (read.outcome, read.diagnostics, read.seconds) == (RESULT.outcome, RESULT.diagnostics, RESULT.seconds)
    assert read.sorries == (Place(1, 0),)
    for text in ("", "{}", "[]", encode_result(RESULT).replace("errors", "perhaps")):
        assert decode_result(text) is None


@pytest.mark.parametrize(
    ("result", "asked"),
    [
        (RESULT, 1),
        (LeanResult(Outcome.OK), 1),
        (LeanResult(Outcome.TIMEOUT), 2),
        (LeanResult(Outcome.CRASHED), 2),
        (LeanResult(Outcome.UNKNOWN), 2),
        (LeanResult(Outcome.MISSING_IMPORT), 2),
        (LeanResult(Outcome.ERRORS, (Diagnostic("error", Rule.HEARTBEATS, "x", Place(1, 0)),)), 2),
    ],
)
def test_what_is_remembered(result: LeanResult, asked: int) -> None:
    fake = Fake(result)
    verifier = CachingVerifier(fake, ResultCache(), salt=("a",))
    first = asyncio.run(verifier.check("x", seconds=1))
    second = asyncio.run(verifier.check("x", seconds=9))
    assert fake.asked == asked
    assert (first.outcome, first.diagnostics) == (second.outcome, second.diagnostics)
    assert not first.cached and second.cached == (asked == 1)


def test_text_and_salt_tell_apart() -> None:
    cache = ResultCache()
    fakes = [Fake(LeanResult(Outcome.OK)), Fake(RESULT)]
    one, other = (CachingVerifier(fake, cache, salt=(str(at),)) for at, fake in enumerate(fakes))
    assert asyncio.run(one.check("x", seconds=1)).accepted
    assert not asyncio.run(other.check("x", seconds=1)).accepted
    asyncio.run(one.check("y", seconds=1))
    assert fakes[0].asked == 2


def test_the_salt_of_installations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEAN_PATH", raising=False)
    stock = LeanInstallation(("lean",), "4.18.0", Kind.STOCK)
    assert cache_salt(stock, 1) == cache_salt(stock, 1) != cache_salt(stock, 2)
    lake = LeanInstallation(("lean",), "4.18.0", Kind.LAKE, {"LEAN_PATH": "/p"})
    assert cache_salt(lake, 1) != cache_salt(lake, 1)
    monkeypatch.setenv("LEAN_PATH", "/q")
    assert cache_salt(stock, 1) != cache_salt(stock, 1)


def test_opening(tmp_path: Path) -> None:
    async def work() -> None:
        found = LeanInstallation(("lean",), "4.18.0", Kind.STOCK)
        for cache in (None, ResultCache()):
            opened = open_lean(found=found, cache=cache)
            assert isinstance(opened, Toolchain) and opened.installation is found
            assert isinstance(opened.working, CachingVerifier) == (cache is not None)
            await opened.close()
        assert isinstance(open_lean(env={"PATH": str(tmp_path), "PROVER_LEAN": str(tmp_path / "no")}), Missing)

    asyncio.run(work())
