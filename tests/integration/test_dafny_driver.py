"""The drivers against the real Dafny 2.3."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from warm import mostly_slow

from dafny_env.driver.cold import ColdVerifier
from dafny_env.driver.discovery import Installation, discover
from dafny_env.driver.server23 import ServerVerifier
from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, Outcome, Place, Rule

pytestmark = pytest.mark.integration

MARK = "LEMMATREE_TEST_MARK"
PATIENCE = 200.0
"""Seconds that anything may take which is not made to take too long: no outcome depends on the machine's speed."""

GOOD = "method Inc(x: int) returns (r: int)\n  ensures r > x\n{\n  r := x + 1;\n}\n"
BAD = "method Dec(x: int) returns (r: int)\n  ensures r > x\n{\n  r := x - 1;\n}\n"
LOOPING = """\
method Cubes(n: int)
{
  assert forall x: int, y: int, z: int :: x > 0 && y > 0 && z > 0 ==> x*x*x + y*y*y != z*z*z;
}
"""


@pytest.fixture(scope="module")
def dafny() -> Installation:
    found = discover().dafny2
    assert isinstance(found, Installation), str(found)
    return found


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """A word in the environment of everything that the test starts."""
    word = uuid.uuid4().hex
    monkeypatch.setenv(MARK, word)
    return word


def carriers(word: str) -> list[str]:
    """Command names of the live processes that carry the word, ourselves excepted."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if word.encode() in (folder / "environ").read_bytes():
                found.append((folder / "comm").read_text().strip())
        except OSError:
            continue
    return found


def verifiers_left(word: str) -> list[str]:
    """The verifier processes that do not go away."""
    deadline = time.monotonic() + PATIENCE
    while True:
        left = [name for name in carriers(word) if name.startswith(("mono", "z3", "Dafny", "cli"))]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.05)


def wait_for_solver(word: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while "z3" not in carriers(word):
        assert time.monotonic() < deadline, "no solver was started"
        time.sleep(0.05)


def asked(text: str, *, seconds: float = PATIENCE, **options: Any) -> CheckRequest:
    """A request with enough time, unless it is told how much it has."""
    return CheckRequest(text, seconds=seconds, **options)


def on(verifier: DafnyVerifier, *requests: CheckRequest) -> list[CheckResult]:
    async def run() -> list[CheckResult]:
        try:
            return [await verifier.check(r) for r in requests]
        finally:
            await verifier.close()

    return asyncio.run(run())


Serve = Callable[..., list[CheckResult]]


@pytest.fixture(scope="module")
def served(dafny: Installation) -> Iterator[Serve]:
    """Checks requests one after another on a warm server that all tests share."""
    with asyncio.Runner() as runner:
        verifier: list[ServerVerifier] = []

        async def run(requests: tuple[CheckRequest, ...]) -> list[CheckResult]:
            if not verifier:
                verifier.append(ServerVerifier(dafny))
            return [await verifier[0].check(r) for r in requests]

        yield lambda *requests: runner.run(run(requests))
        for v in verifier:
            runner.run(v.close())


def test_each_kind_of_text_has_its_outcome(served: Serve) -> None:
    texts = {
        GOOD: Outcome.VERIFIED,
        BAD: Outcome.FAILED,
        "method M( {}": Outcome.PARSE_ERROR,
        "method M() { var x: int := true; }": Outcome.RESOLVE_ERROR,
        "": Outcome.VERIFIED,
        "method M() {}": Outcome.VERIFIED,
    }
    results = served(*(asked(t) for t in texts))
    assert [r.outcome for r in results] == list(texts.values())
    assert results[0].verified == ("Inc",) and results[1].failed == ("Dec",)


def test_diagnostics_have_rule_place_and_declaration(served: Serve) -> None:
    wide = 'method Wide() { var s := "höhö"; assert s == ""; }'
    failed, parse, resolve, unicode = served(
        asked(BAD),
        asked("method M( {}"),
        asked("method M()\n{\n  y := 1;\n}"),
        asked(wide),
    )
    (error,) = failed.errors
    assert (error.rule, error.place, error.declaration) == (Rule.POSTCONDITION, Place(3, 0), "Dec")
    assert error.related[0][0] == Place(2, 12)
    assert (parse.errors[0].rule, parse.errors[0].place) == (Rule.PARSE, Place(1, 10))
    assert (resolve.errors[0].rule, resolve.errors[0].place) == (Rule.RESOLVE, Place(3, 2))
    assert wide[unicode.errors[0].place.column :].startswith("==")


def test_resolving_does_not_verify(served: Serve) -> None:
    fine, broken = served(
        asked(BAD, resolve_only=True),
        asked("method M() { var x: int := true; }", resolve_only=True),
    )
    assert fine.outcome is Outcome.VERIFIED and fine.verified == ()
    assert broken.outcome is Outcome.RESOLVE_ERROR


def test_only_what_is_asked_is_verified_and_a_wrong_name_is_unknown(served: Serve) -> None:
    text = GOOD + BAD + "method Nothing() {}\nmethod {:verify false} Hidden() ensures false {}\n"
    good, bad, nothing, hidden, wrong = served(
        *(asked(text, declarations=(d,)) for d in ("Inc", "Dec", "Nothing", "Hidden", "Inck"))
    )
    assert (good.outcome, good.verified) == (Outcome.VERIFIED, ("Inc",))
    assert (bad.outcome, bad.failed) == (Outcome.FAILED, ("Dec",))
    assert (nothing.outcome, nothing.verified) == (Outcome.VERIFIED, ())
    assert hidden.outcome is Outcome.UNKNOWN
    assert wrong.outcome is Outcome.UNKNOWN


def test_names_in_modules_and_classes_are_found(served: Serve) -> None:
    text = (
        "module A { module B_x { class C' { method F?(x: nat) { assert x >= 0; } }\n"
        "lemma L(x: nat) ensures x >= 0 {} } }\n"
        "class C' { constructor () { assert 1 == 2; } }\n"
    )
    inner, lemma, constructor = served(
        *(asked(text, declarations=(d,)) for d in ("A.B_x.C'.F?", "A.B_x.L", "C'._ctor"))
    )
    assert inner.verified == ("A.B_x.C'.F?",) and lemma.verified == ("A.B_x.L",)
    assert (constructor.outcome, constructor.failed) == (Outcome.FAILED, ("C'._ctor",))


def test_included_files_are_found_beside_the_file(dafny: Installation, served: Serve, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.dfy").write_text('include "b.dfy"\nfunction method Two(): int { One() + One() }\n')
    (tmp_path / "lib" / "b.dfy").write_text("function method One(): int { 1 }\n")
    text = 'include "lib/a.dfy"\nmethod M()\n{\n  assert Two() == 2;\n  assert One() == 2;\n}\n'
    request = asked(text, folder=tmp_path)
    for result in (*served(request), *on(ColdVerifier(dafny), request)):
        assert result.outcome is Outcome.FAILED
        assert [d.place for d in result.errors] == [Place(5, 15)]
    (without,) = served(asked(text))
    assert without.outcome is Outcome.RESOLVE_ERROR
    assert sorted(p.name for p in tmp_path.rglob("*.dfy")) == ["a.dfy", "b.dfy"]


def test_the_solvers_limit_is_a_timeout_of_the_declaration(served: Serve) -> None:
    (result,) = served(asked(LOOPING + GOOD, solver_seconds=2))
    assert (result.outcome, result.timed_out, result.verified) == (Outcome.TIMEOUT, ("Cubes",), ("Inc",))
    assert {d.rule for d in result.errors} == {Rule.TIMEOUT}


def test_the_wall_clock_ends_the_check_with_its_solver_and_the_pool_goes_on(dafny: Installation, mark: str) -> None:
    first, late, after = on(
        ServerVerifier(dafny),
        asked(GOOD),
        asked(LOOPING, solver_seconds=500, seconds=2.0),
        asked(GOOD),
    )
    assert [first.outcome, late.outcome, after.outcome] == [Outcome.VERIFIED, Outcome.TIMEOUT, Outcome.VERIFIED]
    assert late.seconds < 500, "long before the solver would have given up"
    assert verifiers_left(mark) == []


def test_a_crash_is_an_outcome_and_the_next_check_works(served: Serve) -> None:
    deep = "method M() { var x := 0" + "+1" * 20_000 + "; }"
    crashed, after = served(asked(deep), asked(GOOD))
    assert crashed.outcome is Outcome.CRASHED and "[FATAL]" in crashed.output
    assert after.outcome is Outcome.VERIFIED


def test_a_text_cannot_end_its_own_answer(served: Serve) -> None:
    # The verifier prints the triggers that it selects, and a verbatim string in one of them with its lines.
    forged = (
        "predicate F(x: int, s: string)\nmethod M()\n{\n"
        '  assert forall x: int :: F(x, @"\n[FAILURE] [[DAFNY-SERVER: EOM]]\n");\n}\n'
    )
    result, after = served(asked(forged), asked(BAD))
    assert (result.outcome, result.failed) == (Outcome.FAILED, ("M",))
    assert (after.outcome, after.failed) == (Outcome.FAILED, ("Dec",))


def test_cancelling_one_check_leaves_the_other_alone(dafny: Installation, mark: str) -> None:
    async def run() -> CheckResult:
        verifier = ServerVerifier(dafny, workers=2)
        try:
            endless = asyncio.create_task(verifier.check(asked(LOOPING, solver_seconds=500)))
            await asyncio.to_thread(wait_for_solver, mark)
            fine = asyncio.create_task(verifier.check(asked(GOOD)))
            endless.cancel()
            with pytest.raises(asyncio.CancelledError):
                await endless
            return await fine
        finally:
            await verifier.close()

    assert asyncio.run(run()).outcome is Outcome.VERIFIED
    assert verifiers_left(mark) == []


@pytest.mark.parametrize("kind", ["ServerVerifier", "ColdVerifier"])
def test_nothing_is_left_when_our_process_is_killed(dafny: Installation, mark: str, kind: str) -> None:
    program = (
        "import asyncio\n"
        "from dafny_env.driver.cold import ColdVerifier\n"
        "from dafny_env.driver.discovery import discover\n"
        "from dafny_env.driver.server23 import ServerVerifier\n"
        "from dafny_env.driver.types import CheckRequest\n"
        "async def main():\n"
        f"    verifier = {kind}(discover().dafny2)\n"
        f"    await verifier.check(CheckRequest({LOOPING!r}, solver_seconds=500, seconds=300))\n"
        "asyncio.run(main())\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program])
    try:
        wait_for_solver(mark)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert verifiers_left(mark) == []


AGREEMENT = (
    GOOD,
    BAD,
    "method Sum(n: nat) returns (s: nat)\n{\n  s := 0; var i := 0;\n"
    "  while i < n invariant s >= i { s := s + i; i := i + 1; }\n}\n",
    "datatype L = N | C(int, L)\nfunction Len(l: L): nat { match l case N => 0 case C(_, t) => 1 + Len(t) }\n"
    "lemma Pos(l: L) ensures Len(l) >= 1 { }\n",
    "method Set(a: array<int>) requires a.Length > 2 modifies a { a[3] := 1; a[0] := 2; }\n",
    "class C { var f: int; method M() modifies this ensures f == old(f) + 1 { f := f + 1; } }\n",
    "module M { function F(x: int): int requires x != 0 { 10 / x } lemma Z() { assert F(0) == 1; } }\n",
    "method Loop(x: int) { var y := x; while y != 0 { y := y - 1; } }\n",
    "method M(x: int) { var x: bool := 1; }\n",
    "function Ap(f: int -> int): int { f(3) }\n"
    "method P() returns (ghost r: int) ensures r == Ap(x => x + 1) { r := Ap(x => x + 1); }\n"
    "method Q() { ghost var r := P(); assert r == Ap(x => x + 1); }\n",
    "lemma {:axiom} Ax() ensures false\nmethod U() ensures 1 == 2 { Ax(); }\n",
)


KEPT = ("0", "1", "4", "6", "8")
"""A text of each outcome, one with two errors, and one with names in a module."""


@pytest.mark.parametrize("text", mostly_slow({str(n): (text,) for n, text in enumerate(AGREEMENT)}, *KEPT))
def test_server_and_command_line_say_the_same(dafny: Installation, served: Serve, text: str) -> None:
    (warm,), (cold,) = served(asked(text)), on(ColdVerifier(dafny), asked(text))
    assert (warm.outcome, warm.verified, warm.failed) == (cold.outcome, cold.verified, cold.failed)
    assert warm.errors == cold.errors
