"""The drivers of Lean against the real one, whichever this machine has."""

import asyncio
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from lean_installation import lean_installation

from lean_project.driver.command import CommandVerifier
from lean_project.driver.server import ServerVerifier
from lean_project.driver.types import LeanVerifier, Outcome, Place, Rule
from lean_project.toolchain import Kind, LeanInstallation, discover
from sandbox.limits import Limits
from sandbox.procfs import carriers, read_table, start_time, tree_members
from sandbox.supervisor import TOKEN_VARIABLE

pytestmark = pytest.mark.integration

PATIENCE = 120.0
"""Seconds that anything may take which is not made to take too long: no outcome depends on the machine's speed."""

GOOD = "theorem both (p q : Prop) (h : p) (k : q) : p ∧ q := by\n  exact ⟨h, k⟩\n"
BAD = "theorem both (p q : Prop) (h : p) (k : q) : p ∧ q := by\n  exact ⟨h, h⟩\n"
OPEN = "theorem both (p q : Prop) (h : p) (k : q) : p ∧ q := by\n  constructor\n  · exact h\n  · sorry\n"
ENDLESS = "theorem t : True := by repeat (have := trivial)\n"

T = TypeVar("T")


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> LeanInstallation:
    return lean_installation()


def ours() -> list[int]:
    """All sandboxed processes of this one that live."""
    return [pid for pid in carriers(f"{TOKEN_VARIABLE}-{os.getpid()}-".encode()) if start_time(pid) is not None]


@pytest.fixture(autouse=True)
def no_process_left() -> Any:
    yield
    assert eventually(lambda: not ours()), ours()


def eventually(fact: Callable[[], object]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def run(verifier: Callable[[], LeanVerifier], work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
    """Do something with a verifier, which is closed whatever happens."""

    async def whole() -> T:
        opened = verifier()
        try:
            return await work(opened)
        finally:
            await opened.close()

    return asyncio.run(whole())


def both(lean: LeanInstallation) -> list[Callable[[], LeanVerifier]]:
    return [lambda: CommandVerifier(lean), lambda: ServerVerifier(lean)]


@pytest.mark.parametrize("which", [0, 1], ids=["command", "server"])
class TestBothWays:
    def test_accepted_rejected_and_sorry(self, lean: LeanInstallation, which: int) -> None:
        async def work(verifier: LeanVerifier) -> None:
            good = await verifier.check(GOOD, seconds=PATIENCE)
            assert good.outcome is Outcome.OK and good.complete and good.diagnostics == ()
            bad = await verifier.check(BAD, seconds=PATIENCE)
            assert bad.outcome is Outcome.ERRORS and not bad.accepted
            assert [(d.rule, d.place.line) for d in bad.errors] == [(Rule.TYPE_MISMATCH, 2)]
            open_ = await verifier.check(OPEN, seconds=PATIENCE)
            assert open_.outcome is Outcome.OK and open_.accepted and not open_.complete
            assert open_.sorries == (Place(1, 8),)

        run(both(lean)[which], work)

    def test_columns_are_characters(self, lean: LeanInstallation, which: int) -> None:
        text = "theorem t (𝔸 𝔹 : Prop) (h : 𝔸) : 𝔸 := by (skip; exact 𝔹𝔹)\n"

        async def work(verifier: LeanVerifier) -> None:
            result = await verifier.check(text, seconds=PATIENCE)
            assert [d.place for d in result.errors] == [Place(1, text.index("𝔹𝔹"))]
            assert result.errors[0].rule is Rule.UNKNOWN_NAME

        run(both(lean)[which], work)

    def test_what_keeps_a_text_from_being_read(self, lean: LeanInstallation, which: int) -> None:
        async def work(verifier: LeanVerifier) -> None:
            missing = await verifier.check("import No.Such.Module\n" + GOOD, seconds=PATIENCE)
            assert missing.outcome is Outcome.MISSING_IMPORT
            assert (await verifier.check(GOOD, seconds=PATIENCE)).complete
            stopped = await verifier.check(GOOD + "#exit\n" + BAD, seconds=PATIENCE)
            assert stopped.outcome is Outcome.UNKNOWN
            assert (await verifier.check("theorem t : := by\n", seconds=PATIENCE)).errors[0].rule is Rule.PARSE
            assert (await verifier.check("", seconds=PATIENCE)).complete

        run(both(lean)[which], work)

    def test_an_endless_tactic_is_ended_and_the_next_check_works(self, lean: LeanInstallation, which: int) -> None:
        async def work(verifier: LeanVerifier) -> None:
            assert (await verifier.check(GOOD, seconds=PATIENCE)).complete
            began = time.monotonic()
            endless = await verifier.check(ENDLESS, seconds=1.0)
            assert endless.outcome is Outcome.TIMEOUT
            assert time.monotonic() - began < PATIENCE / 4
            assert (await verifier.check(GOOD, seconds=PATIENCE)).complete

        run(both(lean)[which], work)

    def test_heartbeats_are_an_error_of_the_text(self, lean: LeanInstallation, which: int) -> None:
        kind = (CommandVerifier, ServerVerifier)[which]

        async def work(verifier: LeanVerifier) -> None:
            result = await verifier.check(ENDLESS, seconds=PATIENCE)
            assert result.outcome is Outcome.ERRORS
            assert [d.rule for d in result.errors] == [Rule.HEARTBEATS]

        run(lambda: kind(lean, heartbeats=1000), work)

    def test_the_memory_limit(self, lean: LeanInstallation, which: int) -> None:
        kind = (CommandVerifier, ServerVerifier)[which]

        async def work(verifier: LeanVerifier) -> None:
            result = await verifier.check(ENDLESS, seconds=PATIENCE)
            assert result.outcome is Outcome.MEMORY

        # What each needs for small texts, pages that processes share counted for each, and half as much again.
        bound = (200 << 20, 400 << 20)[which]
        run(lambda: kind(lean, limits=Limits(memory_bytes=bound)), work)

    def test_cancelling_ends_what_was_started(self, lean: LeanInstallation, which: int) -> None:
        async def work(verifier: LeanVerifier) -> None:
            task = asyncio.create_task(verifier.check(ENDLESS, seconds=PATIENCE))
            await asyncio.sleep(1.0)
            assert ours()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert eventually(lambda: not ours())
            assert (await verifier.check(GOOD, seconds=PATIENCE)).complete

        run(both(lean)[which], work)


def test_a_text_that_ends_the_process_is_not_accepted(lean: LeanInstallation) -> None:
    """Exit status 0 and no message: only the module that is not there tells."""
    if lean.core is not None:
        pytest.skip("the bundled core cannot run programs")
    text = "run_cmd (IO.Process.exit 0 : IO Unit)\ntheorem t : 1 = 2 := rfl\n"

    async def work(verifier: LeanVerifier) -> None:
        assert not (await verifier.check(text, seconds=PATIENCE)).accepted

    run(lambda: CommandVerifier(lean), work)


def test_compiling_modules(lean: LeanInstallation, tmp_path: Path) -> None:
    async def work(verifier: CommandVerifier) -> None:
        first = await verifier.compile(GOOD, "Some.First", tmp_path / "Some" / "First.olean", seconds=PATIENCE)
        assert first.result.complete and first.olean is not None and first.olean.is_file()
        second = await verifier.compile(
            "import Some.First\ntheorem again (p : Prop) (h : p) : p ∧ p := both p p h h\n",
            "Second",
            tmp_path / "Second.olean",
            [tmp_path],
            seconds=PATIENCE,
        )
        assert second.result.complete, second.result
        failed = await verifier.compile(BAD, "Second", tmp_path / "Second.olean", seconds=PATIENCE)
        assert failed.olean is None and not (tmp_path / "Second.olean").exists()
        with pytest.raises(ValueError, match="module name"):
            await verifier.compile(GOOD, "../x", tmp_path / "x.olean", seconds=PATIENCE)

    run(lambda: CommandVerifier(lean), work)


def test_inside_a_lake_project_its_modules_can_be_imported(lean: LeanInstallation, tmp_path: Path) -> None:
    """With the real Lean and a `lake` that does no more than set the search path of the project."""
    root, programs = tmp_path / "project", tmp_path / "bin"
    root.mkdir()
    programs.mkdir()
    (root / "lakefile.toml").touch()
    before = lean.environment().get("LEAN_PATH", "")
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in lean.env.items() if name != "LEAN_PATH")
    (programs / "lean").write_text(f'#!/bin/sh\n{settings} exec {shlex.join(lean.argv)} "$@"\n', encoding="utf-8")
    (programs / "lake").write_text(
        f'#!/bin/sh\nshift\nLEAN_PATH={shlex.quote(f"{root}/built:{before}")} exec "$@"\n', encoding="utf-8"
    )
    for program in programs.iterdir():
        program.chmod(0o755)
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    env.pop("PROVER_LEAN", None)
    text = "import Some.First\ntheorem again (p : Prop) (h : p) : p ∧ p := both p p h h\n"

    async def build(verifier: CommandVerifier) -> None:
        built = await verifier.compile(GOOD, "Some.First", root / "built/Some/First.olean", seconds=PATIENCE)
        assert built.olean is not None

    async def work(verifier: LeanVerifier) -> None:
        assert (await verifier.check(text, seconds=PATIENCE)).complete
        assert (await verifier.check(text + BAD.replace("both", "two"), seconds=PATIENCE)).outcome is Outcome.ERRORS
        assert (await verifier.check("import Some.Second\n", seconds=PATIENCE)).outcome is Outcome.MISSING_IMPORT

    run(lambda: CommandVerifier(lean), build)
    found = discover(root / "Deep" / "A.lean", env)
    assert isinstance(found, LeanInstallation) and found.kind is Kind.LAKE, found
    for verifier in both(found):
        run(verifier, work)


def test_reading_goals(lean: LeanInstallation) -> None:
    text = (
        "theorem t (𝔸 q : Prop) (h : 𝔸) (xs : List Nat) : 𝔸 ∧ xs ++ [] = xs := by\n"
        "  constructor\n"
        "  · sorry\n"
        "  · induction xs with\n"
        "    | nil => sorry\n"
        "    | cons x xs ih => have 𝔹𝔹 : 𝔸 := h; sorry\n"
        "theorem s : 1 = 2 := sorry\n"
    )
    lines = text.split("\n")
    places = [Place(i + 1, line.index("sorry")) for i, line in enumerate(lines) if "sorry" in line]

    async def work(verifier: ServerVerifier) -> None:
        result = await verifier.goals(text, [*places, Place(1, 3), Place(99, 0)], seconds=PATIENCE)
        assert result.outcome is Outcome.OK
        left, nil, cons, term, nothing, outside = result.places
        assert left.tactic is not None and nil.tactic is not None and cons.tactic is not None
        assert [(goal.case, goal.target) for goal in left.tactic] == [("left", "𝔸")]
        assert [h.names for h in left.tactic[0].hypotheses] == [("𝔸", "q"), ("h",), ("xs",)]
        assert [h.type for h in left.tactic[0].hypotheses] == ["Prop", "𝔸", "List Nat"]
        assert nil.tactic[0].case == "right.nil"
        assert [h.names for h in cons.tactic[0].hypotheses][-2:] == [("ih",), ("𝔹𝔹",)]
        assert term.tactic is None and term.term is not None and term.term.target == "1 = 2"
        assert nothing.goals == () and outside.goals == ()

    run(lambda: ServerVerifier(lean), work)


def test_goals_of_an_endless_tactic(lean: LeanInstallation) -> None:
    async def work(verifier: ServerVerifier) -> None:
        text = ENDLESS + "theorem u : True := by\n  trivial\n"
        assert (await verifier.goals(ENDLESS, [Place(1, 40)], seconds=1.0)).outcome is Outcome.TIMEOUT
        after = await verifier.goals(text, [Place(3, 2)], seconds=1.0)
        assert after.outcome in (Outcome.OK, Outcome.TIMEOUT)
        assert (await verifier.goals(OPEN, [Place(4, 4)], seconds=PATIENCE)).places[0].goals[0].target == "q"

    run(lambda: ServerVerifier(lean), work)


def server_processes() -> tuple[int, list[int]]:
    """The watchdog and its workers, by their command lines."""
    for pid in ours():
        members = tree_members(pid, read_table().values())
        if len(members) > 1:
            return pid, [entry.pid for entry in members if entry.pid != pid]
    raise AssertionError(f"no server with a worker among {ours()}")


@pytest.mark.parametrize("victim", ["worker", "server"])
@pytest.mark.parametrize("when", ["between checks", "a moment before", "during a check"])
def test_killed_processes_are_replaced(lean: LeanInstallation, victim: str, when: str) -> None:
    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check(GOOD, seconds=PATIENCE)).complete
        server, workers = server_processes()
        doomed = [server] if victim == "server" else workers
        if when == "during a check":
            task = asyncio.create_task(verifier.check(ENDLESS, seconds=6.0))
            await asyncio.sleep(0.5)
            for pid in doomed:
                os.kill(pid, signal.SIGKILL)
            assert (await task).outcome in (Outcome.TIMEOUT, Outcome.CRASHED)
        else:
            for pid in doomed:
                os.kill(pid, signal.SIGKILL)
            if when == "between checks":
                await asyncio.sleep(0.5)
        began = time.monotonic()
        assert (await verifier.goals(OPEN, [Place(4, 4)], seconds=PATIENCE)).places[0].goals[0].target == "q"
        assert time.monotonic() - began < PATIENCE / 4
        assert (await verifier.check(GOOD, seconds=PATIENCE)).complete
        assert (await verifier.check(BAD, seconds=PATIENCE)).outcome is Outcome.ERRORS

    run(lambda: ServerVerifier(lean), work)


def test_a_server_is_replaced_when_it_has_grown(lean: LeanInstallation) -> None:
    async def work(verifier: ServerVerifier) -> None:
        assert (await verifier.check(GOOD, seconds=PATIENCE)).complete
        first = set(ours())
        assert (await verifier.check(GOOD, seconds=PATIENCE)).complete
        assert not first & set(ours())

    run(lambda: ServerVerifier(lean, recycle_bytes=1 << 20), work)


def test_no_more_servers_than_asked_for(lean: LeanInstallation) -> None:
    async def work(verifier: ServerVerifier) -> None:
        results = await asyncio.gather(*(verifier.check((GOOD, BAD, OPEN)[i % 3], seconds=PATIENCE) for i in range(12)))
        assert [r.outcome for r in results] == [Outcome.OK, Outcome.ERRORS, Outcome.OK] * 4
        assert len([r for r in results if r.sorries]) == 4
        assert len(ours()) <= 2 * 3

    run(lambda: ServerVerifier(lean, size=2), work)


def test_nothing_is_left_when_we_are_killed(lean: LeanInstallation, tmp_path: Path) -> None:
    """Not even the worker that the server started."""
    script = tmp_path / "holder.py"
    script.write_text(
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from lean_project.toolchain import Kind, LeanInstallation\n"
        "from lean_project.driver.server import ServerVerifier\n"
        f"lean = LeanInstallation({lean.argv!r}, {lean.version!r}, Kind.{lean.kind.name}, {dict(lean.env)!r})\n"
        "async def main():\n"
        f"    assert (await ServerVerifier(lean).check({GOOD!r}, seconds={PATIENCE})).complete\n"
        "    print('ready', flush=True)\n"
        "    await asyncio.sleep(1000)\n"
        "asyncio.run(main())\n",
        encoding="utf-8",
    )
    root = str(Path(__file__).parents[2])
    holder = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
    )
    assert holder.stdout is not None and holder.stdout.readline() == "ready\n"
    mark = f"{TOKEN_VARIABLE}-{holder.pid}-".encode()
    assert len(carriers(mark)) >= 2
    holder.kill()
    holder.wait()
    assert eventually(lambda: not [pid for pid in carriers(mark) if start_time(pid) is not None])
