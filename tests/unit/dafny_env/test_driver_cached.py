import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from dafny_env.driver.cached import CachingVerifier
from dafny_env.driver.codec import decode_result, encode_result
from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo
from sandbox.cache import ResultCache

ERROR = Diagnostic("error", Rule.INDEX, "m", Place(1, 2), ((Place(3, 4, "lib"), "r"),), "Foo")


class Scripted:
    def __init__(self, outcome: Outcome, version: str = "2.3") -> None:
        self.asked = 0
        self.result = CheckResult(outcome, (ERROR,), ("A",), ("B",), (), 1.5)
        self.info = VerifierInfo(version, 2, "z3 4.8.5", ("dafny",))

    async def check(self, request: CheckRequest) -> CheckResult:
        self.asked += 1
        return self.result

    async def close(self) -> None:
        pass


def ask(verifier: CachingVerifier, *requests: CheckRequest) -> list[CheckResult]:
    async def run() -> list[CheckResult]:
        return [await verifier.check(r) for r in requests]

    return asyncio.run(run())


REQUEST = CheckRequest("method M() {}")


def test_the_second_equal_request_is_answered_from_the_cache() -> None:
    scripted = Scripted(Outcome.FAILED)
    first, second = ask(CachingVerifier(scripted, ResultCache()), REQUEST, replace(REQUEST, seconds=99))
    assert scripted.asked == 1
    assert not first.cached and second.cached
    assert replace(second, cached=False, seconds=1.5) == first


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.CRASHED, Outcome.UNKNOWN])
def test_what_may_turn_out_otherwise_is_never_kept(outcome: Outcome) -> None:
    scripted = Scripted(outcome)
    ask(CachingVerifier(scripted, ResultCache()), REQUEST, REQUEST)
    assert scripted.asked == 2


def test_a_failure_with_a_timeout_in_it_is_not_kept() -> None:
    scripted = Scripted(Outcome.FAILED)
    scripted.result = replace(scripted.result, timed_out=("C",))
    ask(CachingVerifier(scripted, ResultCache()), REQUEST, REQUEST)
    assert scripted.asked == 2


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, source="method M() { }"),
        replace(REQUEST, declarations=("M",)),
        replace(REQUEST, declarations=()),
        replace(REQUEST, resolve_only=True),
        replace(REQUEST, solver_seconds=11),
        replace(REQUEST, error_limit=6),
        replace(REQUEST, keep_going=True),
    ],
)
def test_everything_that_decides_is_part_of_the_key(other: CheckRequest) -> None:
    scripted = Scripted(Outcome.VERIFIED)
    ask(CachingVerifier(scripted, ResultCache()), REQUEST, other)
    assert scripted.asked == 2


def test_another_verifier_does_not_share_results() -> None:
    cache, other = ResultCache(), Scripted(Outcome.VERIFIED, "4.11")
    ask(CachingVerifier(Scripted(Outcome.VERIFIED), cache), REQUEST)
    ask(CachingVerifier(other, cache), REQUEST)
    assert other.asked == 1


def test_a_changed_include_is_another_request(tmp_path: Path) -> None:
    (tmp_path / "lib.dfy").write_text("function F(): int { 1 }")
    request = CheckRequest('include "lib.dfy"', folder=tmp_path)
    scripted, cache = Scripted(Outcome.VERIFIED), ResultCache()
    ask(CachingVerifier(scripted, cache), request, request)
    (tmp_path / "lib.dfy").write_text("function F(): int { 2 }")
    ask(CachingVerifier(scripted, cache), request)
    assert scripted.asked == 2


def test_results_survive_their_text_form_and_damaged_text_is_nothing() -> None:
    result = CheckResult(Outcome.FAILED, (ERROR,), ("A",), ("B",), ("C",), 1.5)
    assert decode_result(encode_result(result)) == result
    assert [decode_result(t) for t in ("", "[]", "{}", '{"outcome": "?"}', "null")] == [None] * 5


@pytest.mark.parametrize(("timeouts", "asked"), [(False, 2), (True, 1)])
def test_timeouts_are_kept_only_where_runs_are_to_be_compared(timeouts: bool, asked: int) -> None:
    scripted = Scripted(Outcome.TIMEOUT)
    first, second = ask(CachingVerifier(scripted, ResultCache(), timeouts=timeouts), REQUEST, REQUEST)
    assert first.outcome is second.outcome is Outcome.TIMEOUT
    assert scripted.asked == asked
