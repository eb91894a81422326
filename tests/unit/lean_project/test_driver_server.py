"""The warm driver against a server that misbehaves on demand."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lean_project.driver.server import ServerVerifier
from lean_project.driver.types import LeanResult, Outcome, Place, Rule
from lean_project.toolchain import Kind, LeanInstallation
from sandbox.limits import Limits
from sandbox.procfs import carriers, start_time
from sandbox.supervisor import TOKEN_VARIABLE

FAKE = Path(__file__).with_name("fake_lean_server.py")
PATIENCE = 60.0


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def lean(log: Path) -> LeanInstallation:
    return LeanInstallation((sys.executable, str(FAKE)), "4.18.0", Kind.STOCK, {"LEAN_FAKE_LOG": str(log)})


def allowed(lean: LeanInstallation, limits: Limits | None = None) -> Limits:
    """The same limits, under which the server may write its log."""
    return replace(limits or Limits(), writable=(Path(lean.env["LEAN_FAKE_LOG"]).parent,))


def with_server(
    lean: LeanInstallation, work: Callable[[ServerVerifier], Awaitable[None]], *, limits: Limits | None = None
) -> None:
    async def whole() -> None:
        verifier = ServerVerifier(lean, limits=limits or allowed(lean, Limits(output_bytes=1 << 20)))
        try:
            await work(verifier)
        finally:
            await verifier.close()

    asyncio.run(whole())
    mark = f"{TOKEN_VARIABLE}-{os.getpid()}-".encode()
    deadline = time.monotonic() + PATIENCE
    while left := [pid for pid in carriers(mark) if start_time(pid) is not None]:
        assert time.monotonic() < deadline, left
        time.sleep(0.01)


def opened(log: Path) -> int:
    return log.read_text().count("open")


def test_texts_are_edits_of_one_document(lean: LeanInstallation, log: Path) -> None:
    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check("a\nb\n", seconds=PATIENCE)).complete
        result = await verifier.check("a\n𝔸 SORRY\nERROR\r\n", seconds=PATIENCE)
        assert result.outcome is Outcome.ERRORS
        assert result.sorries == (Place(2, 2),)
        assert [(d.rule, d.place, d.end) for d in result.errors] == [(Rule.UNSOLVED_GOALS, Place(3, 0), Place(3, 5))]
        result = await verifier.check("a\n𝔸 SORRY", seconds=PATIENCE)
        assert result.accepted and not result.complete
        # New imports are a new document; the one before stays open.
        assert (await verifier.check("import B\na", seconds=PATIENCE)).complete
        assert (await verifier.check("a\nc", seconds=PATIENCE)).complete

    with_server(lean, work)
    lines = log.read_text().splitlines()
    assert {line for line in lines if line.startswith("reply")} == {'reply "register"', "reply 1"}
    assert [line for line in lines if not line.startswith("reply")] == [
        'open "a\\nb\\n"',
        'change "a\\n\\ud835\\udd38 SORRY\\nERROR\\n"',
        'change "a\\n\\ud835\\udd38 SORRY"',
        'open "import B\\na"',
        'change "a\\nc"',
    ]


def test_the_document_not_used_for_longest_is_closed(lean: LeanInstallation, log: Path) -> None:
    async def work(verifier: ServerVerifier) -> None:
        for module in "ABCABCD":
            assert (await verifier.check(f"import {module}\na", seconds=PATIENCE)).complete

    with_server(lean, work)
    lines = [line.split('"')[0].strip() for line in log.read_text().splitlines() if not line.startswith("reply")]
    assert lines == ["open"] * 3 + ["change"] * 3 + ["close", "open"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("DIE", Outcome.CRASHED), ("CRASH", Outcome.CRASHED), ("FLOOD", Outcome.CRASHED), ("SILENT", Outcome.UNKNOWN)],
)
def test_what_says_nothing_about_the_text(lean: LeanInstallation, log: Path, text: str, outcome: Outcome) -> None:
    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check("a", seconds=PATIENCE)).complete
        result = await verifier.check(text, seconds=PATIENCE)
        assert result.outcome is outcome
        assert text != "DIE" or "a reason" in result.output
        assert (await verifier.check("b", seconds=PATIENCE)).complete

    with_server(lean, work)
    # A crash is tried again on a new server, and its server is not used again.
    assert opened(log) == (3 if outcome is Outcome.CRASHED else 1)


@pytest.mark.parametrize("fate", ["GONE", "STALE"])
def test_what_is_said_after_a_worker_has_died_does_not_count(lean: LeanInstallation, log: Path, fate: str) -> None:
    """Real Lean does both: it keeps requests back for ever, or goes on with a new worker as if nothing had been."""

    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check("a", seconds=PATIENCE)).complete
        result = await verifier.goals(f"SORRY {fate}", [Place(1, 0)], seconds=PATIENCE)
        assert [goal.target for goal in result.places[0].goals] == [f"SORRY {fate}"]
        assert (await verifier.check("b", seconds=PATIENCE)).complete
        assert (await verifier.check(f"SORRY {fate}", seconds=PATIENCE)).sorries == (Place(1, 0),)

    with_server(lean, work)
    # The same server goes on, with a new document for each worker that died.
    assert opened(log) == 3 and log.read_text().count("reply 1") == 1


def test_a_dropped_request_is_asked_again(lean: LeanInstallation) -> None:
    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check("MOVED SORRY", seconds=PATIENCE)).sorries == (Place(1, 6),)

    with_server(lean, work)


def test_a_hanging_text_is_taken_back(lean: LeanInstallation, log: Path) -> None:
    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check("a", seconds=PATIENCE)).complete
        result = await verifier.check("HANG", seconds=0.3)
        assert result.outcome is Outcome.TIMEOUT and 0.3 <= result.seconds < PATIENCE / 2
        assert (await verifier.check("b", seconds=PATIENCE)).complete

    with_server(lean, work)
    lines = [line for line in log.read_text().splitlines() if not line.startswith("reply")]
    assert lines in (
        ['open "a"', 'change "HANG"', 'change "a"', 'change "b"'],
        ['open "a"', 'change "HANG"', 'change "a"', 'open "b"'],  # the machine was busy: it took too long
    )


def test_a_first_text_that_hangs_ends_the_server(lean: LeanInstallation) -> None:
    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check("HANG", seconds=1.0)).outcome is Outcome.TIMEOUT
        assert (await verifier.check("a", seconds=PATIENCE)).complete

    with_server(lean, work)


def test_a_cancelled_check_ends_its_server(lean: LeanInstallation) -> None:
    async def work(verifier: ServerVerifier) -> None:
        task = asyncio.create_task(verifier.check("HANG", seconds=PATIENCE))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await verifier.check("a", seconds=PATIENCE)).complete

    with_server(lean, work)


def test_goals(lean: LeanInstallation) -> None:
    async def work(verifier: ServerVerifier) -> None:
        result = await verifier.goals("x\n𝔸 SORRY 1\n", [Place(2, 2), Place(1, 0)], seconds=PATIENCE)
        assert result.outcome is Outcome.OK
        (goal,) = result.places[0].goals
        assert (goal.case, goal.target) == ("c", "SORRY 1")
        assert result.places[1].tactic is None and result.places[1].goals == ()
        result = await verifier.goals("x\nSORRY\nHANG", [Place(2, 0), Place(3, 0)], seconds=0.5)
        assert result.outcome is Outcome.TIMEOUT and [p.place for p in result.places] in ([], [Place(2, 0)])

    with_server(lean, work)


def test_what_cannot_be_started(lean: LeanInstallation, tmp_path: Path) -> None:
    async def work(verifier: ServerVerifier) -> None:
        result = await verifier.check("a", seconds=PATIENCE)
        assert result.outcome is Outcome.CRASHED and "no-lean" in result.output
        assert (await verifier.goals("a", [], seconds=PATIENCE)).outcome is Outcome.CRASHED

    with_server(replace(lean, argv=(str(tmp_path / "no-lean"),)), work)


def test_the_memory_limit(lean: LeanInstallation) -> None:
    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check("SLOW 9", seconds=PATIENCE)).outcome is Outcome.MEMORY

    with_server(lean, work, limits=allowed(lean, Limits(memory_bytes=1 << 20)))


def test_many_at_once_share_the_servers(lean: LeanInstallation, log: Path) -> None:
    async def whole() -> list[LeanResult]:
        verifier = ServerVerifier(lean, size=2, limits=allowed(lean))
        try:
            return await asyncio.gather(*(verifier.check(f"SORRY {i}", seconds=PATIENCE) for i in range(9)))
        finally:
            await verifier.close()

    assert all(result.sorries == (Place(1, 0),) for result in asyncio.run(whole()))
    assert opened(log) <= 2


def test_a_text_goes_to_the_server_that_knows_most_of_it(lean: LeanInstallation, log: Path) -> None:
    async def whole() -> None:
        verifier = ServerVerifier(lean, size=2, limits=allowed(lean))
        try:
            await asyncio.gather(*(verifier.check(f"{name * 9} SLOW 3", seconds=PATIENCE) for name in "ab"))
            for name in "abba":
                assert (await verifier.check(f"{name * 9} SORRY", seconds=PATIENCE)).accepted
        finally:
            await verifier.close()

    asyncio.run(whole())
    said = [line.split('"')[1][:9] for line in log.read_text().splitlines() if line.startswith(("open", "change"))]
    assert said[2:] == ["a" * 9, "b" * 9, "b" * 9, "a" * 9]
    assert log.read_text().count("open") == 2
