"""Which verifiers a run gets, and what is said where it gets none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo
from prover import toolchain as module
from prover.results import Status
from prover.settings import Settings, environment_of
from prover.toolchain import NoVerifier, Verifiers, first_error, in_dialect, toolchain, workers_of
from sandbox.missing import Missing

GHOST = "ghost function F(n: nat): nat { n }\n"
BROKEN = CheckResult(
    Outcome.RESOLVE_ERROR, (Diagnostic("error", Rule.RESOLVE, "unresolved identifier: x", Place(1, 3)),)
)
UNREAD = CheckResult(Outcome.PARSE_ERROR, (Diagnostic("error", Rule.PARSE, "invalid TopDecl", Place(1, 0)),))
READ = CheckResult(Outcome.VERIFIED)


@dataclass
class Resolver:
    """A verifier of 2.3 that resolves by the first of its answers whose word is in the text, and else all."""

    answers: dict[str, CheckResult] = field(default_factory=dict)
    requests: list[CheckRequest] = field(default_factory=list)
    info: VerifierInfo = field(default_factory=lambda: VerifierInfo("2.3.0", 2, "z3 4.8.5", ("dafny",)))

    async def check(self, request: CheckRequest) -> CheckResult:
        self.requests.append(request)
        return next((a for word, a in self.answers.items() if word in request.source), READ)

    async def close(self) -> None:
        pass


@dataclass
class Opened:
    working: Resolver = field(default_factory=Resolver)
    cold: Resolver = field(default_factory=Resolver)
    dialect: int = 2
    warnings: tuple[str, ...] = ()
    closed: int = 0

    async def close(self) -> None:
        self.closed += 1


def dialect(text: str, tools: Opened) -> Verifiers | NoVerifier:
    found: Any = tools
    return asyncio.run(in_dialect(text, None, found, seconds=5))


def test_dafny_4_reads_files_as_they_are() -> None:
    tools = Opened(dialect=4)
    found = dialect(GHOST, tools)
    assert isinstance(found, Verifiers)
    assert (found.working, found.cold, found.translated) == (tools.working, tools.cold, False)
    assert tools.working.requests == []


def test_dafny_2_is_asked_first_whether_it_can_read_the_file() -> None:
    tools = Opened()
    found = dialect("method M() { }", tools)
    assert isinstance(found, Verifiers) and not found.translated
    assert [r.resolve_only for r in tools.working.requests] == [True] and tools.cold.requests == []


def test_a_file_for_dafny_4_is_translated_for_both_verifiers() -> None:
    tools = Opened(Resolver({"ghost function": UNREAD}))
    found = dialect(GHOST, tools)
    assert isinstance(found, Verifiers) and found.translated
    for verifier, behind in ((found.working, tools.working), (found.cold, tools.cold)):
        asyncio.run(verifier.check(CheckRequest(GHOST)))
        assert "ghost function" not in behind.requests[-1].source


def test_an_error_in_any_dialect_makes_the_file_invalid() -> None:
    found = dialect("method M() { x := 1; }", Opened(Resolver({"x := 1": BROKEN})))
    assert isinstance(found, NoVerifier) and found.status is Status.INVALID
    assert "unresolved identifier: x" in found.reason and "line 1" in found.reason


def test_what_2_3_has_no_words_for_is_unsupported_and_the_cure_is_named() -> None:
    text = "method M(a: int, b: int := 3) { }"
    found = dialect(text, Opened(Resolver({"b: int": UNREAD})))
    assert isinstance(found, NoVerifier) and found.status is Status.UNSUPPORTED
    assert "Dafny 4" in found.reason


@pytest.mark.parametrize("outcome", [Outcome.CRASHED, Outcome.TIMEOUT, Outcome.UNKNOWN])
def test_a_verifier_that_gives_no_answer_says_nothing_about_the_file(outcome: Outcome) -> None:
    found = dialect("method M() { }", Opened(Resolver({"method": CheckResult(outcome)})))
    assert isinstance(found, NoVerifier) and found.status is Status.UNKNOWN
    assert {Outcome.CRASHED: "split it", Outcome.TIMEOUT: "allow more seconds"}.get(
        outcome, "try again"
    ) in found.reason


# ----------------------------------------------------------------------------------------------------------- opening


def test_verifiers_are_closed_however_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Opened()
    monkeypatch.setattr(module, "open_verifiers", lambda **options: opened)

    async def main() -> None:
        async with toolchain(Settings(workers=2)) as tools:
            assert tools is opened  # type: ignore[comparison-overlap]
            raise KeyError

    with pytest.raises(KeyError):
        asyncio.run(main())
    assert opened.closed == 1


def test_what_is_missing_comes_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "open_verifiers", lambda **options: Missing("no Dafny", "apt-get install dafny"))

    async def main() -> object:
        async with toolchain(Settings()) as tools:
            return tools

    assert asyncio.run(main()) == NoVerifier(Status.UNSUPPORTED, "no Dafny: apt-get install dafny")


def test_settings_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVER_DAFNY", "/elsewhere/dafny")
    monkeypatch.setenv("PROVER_Z3", "/elsewhere/z3")
    assert environment_of(Settings())["PROVER_DAFNY"] == "/elsewhere/dafny"
    chosen = environment_of(Settings(dafny=Path("/mine/dafny")))
    assert (chosen["PROVER_DAFNY"], chosen["PROVER_Z3"]) == ("/mine/dafny", "/elsewhere/z3")


def test_as_many_workers_as_set_and_at_least_one() -> None:
    assert workers_of(Settings(workers=7)) == 7
    assert workers_of(Settings()) >= 1


# ------------------------------------------------------------------------------------------------------- first errors


def test_the_first_error_about_the_text_is_told() -> None:
    warning = Diagnostic("warning", Rule.WARNING, "deprecated", Place(1, 0))
    other = Diagnostic("error", Rule.OTHER, "something else", Place(2, 0))
    syntax = Diagnostic("error", Rule.PARSE, "rbrace expected", Place(9, 0, "lib.dfy"))
    result = CheckResult(Outcome.PARSE_ERROR, (warning, other, syntax))
    assert first_error(result) == "a syntax error at line 9 of lib.dfy: rbrace expected; mend the file first."
    assert "something else" in first_error(CheckResult(Outcome.RESOLVE_ERROR, (warning, other)))


def test_without_an_error_the_end_of_the_output_is_told() -> None:
    assert first_error(CheckResult(Outcome.PARSE_ERROR, output="x" * 900 + " the end\n")).endswith("the end")
