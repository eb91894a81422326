import pytest

from dafny_env.driver.obligations import obligation_free
from dafny_env.driver.parse_output import parse_transcript
from dafny_env.driver.types import CheckRequest, CheckResult, Outcome
from dafny_env.driver.verdict import judge, unseen

STAGE = "Coalescing blocks...\n"


def check(name: str, outcome: str, obligations: int = 1, kind: str = "Impl") -> str:
    return f"\nVerifying {kind}$$_module.__default.{name} ...\n  [0.1 s, {obligations} proof obligations]  {outcome}\n"


def verdict(
    text: str,
    *,
    complete: bool = True,
    free: frozenset[str] = frozenset(),
    declarations: tuple[str, ...] | None = None,
    resolve_only: bool = False,
) -> CheckResult:
    request = CheckRequest("", declarations=declarations, resolve_only=resolve_only)
    return judge(request, parse_transcript(text, {"f.dfy"}), complete=complete, without_obligations=free)


def test_all_checks_verified_is_verified() -> None:
    result = verdict(STAGE + check("A", "verified") + check("B", "verified"))
    assert (result.outcome, result.verified) == (Outcome.VERIFIED, ("A", "B"))


def test_a_run_that_did_not_end_properly_is_never_verified() -> None:
    assert verdict(STAGE + check("A", "verified"), complete=False).outcome is Outcome.UNKNOWN


def test_one_failed_check_fails_its_declaration() -> None:
    result = verdict(STAGE + check("A", "verified", kind="CheckWellformed") + check("A", "error"))
    assert (result.outcome, result.verified, result.failed) == (Outcome.FAILED, (), ("A",))


def test_a_timeout_alone_is_a_timeout_and_with_a_failure_a_failure() -> None:
    late = STAGE + check("A", "verified") + check("B", "timed out")
    assert (verdict(late).outcome, verdict(late).timed_out) == (Outcome.TIMEOUT, ("B",))
    assert verdict(late + check("C", "errors")).outcome is Outcome.FAILED


@pytest.mark.parametrize("said", ["inconclusive", "out of memory", "out of resource"])
def test_what_is_left_undecided_is_not_verified(said: str) -> None:
    assert verdict(STAGE + check("A", said)).outcome not in (Outcome.VERIFIED, Outcome.FAILED)


def test_a_result_reused_from_an_earlier_request_counts_for_nothing() -> None:
    result = verdict(STAGE + check("A", "verified", obligations=0))
    assert (result.outcome, result.verified) == (Outcome.UNKNOWN, ())


def test_trouble_is_a_crash_even_when_everything_seems_verified() -> None:
    assert verdict(STAGE + check("A", "verified") + "Prover error: gone\n").outcome is Outcome.CRASHED


def test_an_asked_declaration_without_a_line_leaves_the_check_unknown() -> None:
    result = verdict(STAGE + check("A", "verified"), declarations=("A", "B"))
    assert result.outcome is Outcome.UNKNOWN
    assert unseen(CheckRequest("", declarations=("A", "B")), result) == ("B",)


def test_unless_it_is_known_to_have_nothing_to_prove() -> None:
    result = verdict(STAGE + check("A", "verified"), declarations=("A", "B"), free=frozenset({"B"}))
    assert (result.outcome, result.verified) == (Outcome.VERIFIED, ("A",))


def test_what_was_not_asked_does_not_count() -> None:
    text = STAGE + check("A", "verified") + check("B", "error") + "f.dfy(1,1): Error: assertion violation\n"
    result = verdict(text, declarations=("A",))
    assert (result.outcome, result.diagnostics, result.failed) == (Outcome.VERIFIED, (), ())


def test_front_end_errors_have_outcomes_of_their_own() -> None:
    assert verdict("f.dfy(1,10): Error: closeparen expected\n").outcome is Outcome.PARSE_ERROR
    assert verdict("f.dfy(1,10): Error: unresolved identifier: y\n").outcome is Outcome.RESOLVE_ERROR
    assert verdict("", resolve_only=True).outcome is Outcome.VERIFIED


LISTING = """\
procedure {:checksum "1B"} CheckWellformed$$_module.__default.M(x#0: int) returns (r#0: int);
procedure {:checksum "1B"} Impl$$_module.__default.M(x#0: int) returns (r#0: int, $_reverifyPost: bool);
implementation {:id "x:0"} {:checksum "5C"} Impl$$_module.__default.M(x#0: int) returns (r#0: int, $_reverifyPost: bool)
procedure {:checksum "BC"} Impl$$_module.__default.Empty() returns ($_reverifyPost: bool);
procedure {:checksum "79"} {:verify false} Impl$$_module.__default.NV() returns ($_reverifyPost: bool);
implementation {:id "x:0"} {:checksum "7F"} {:verify false} Impl$$_module.__default.NV() returns ($_reverifyPost: bool)
procedure {:checksum "79"} {:verify false} Impl$$_module.__default.NV2() returns ($_reverifyPost: bool);
"""


def test_only_what_is_declared_and_has_nothing_to_verify_is_free_of_obligations() -> None:
    assert obligation_free(LISTING, ["M", "Empty", "NV", "NV2", "Nonexistent"]) == {"Empty"}
