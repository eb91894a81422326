import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafny_env.driver.cold4 import arguments4, judge4
from dafny_env.driver.log4 import parse_log
from dafny_env.driver.parse_output import parse_transcript
from dafny_env.driver.types import CheckRequest, CheckResult, Outcome, Place, Rule
from sandbox.limits import Completed, Ended

FAILING = """\
f.dfy(3,2): Error: a postcondition could not be proved on this return path
f.dfy(2,12): Related location: this is the postcondition that could not be proved

Dafny program verifier finished with 1 verified, 1 error
"""
GOOD = "\nDafny program verifier finished with 2 verified, 0 errors\n"


def entry(name: str, outcome: str, vc: str = "Valid") -> dict[str, object]:
    return {
        "name": name,
        "outcome": outcome,
        "runTime": "00:00:00.1",
        "vcResults": [{"vcNum": 1, "outcome": vc, "assertions": [{"line": 1, "col": 2, "description": "d"}]}],
    }


def log(*entries: dict[str, object]) -> str:
    return json.dumps({"verificationResults": entries})


def verdict(text: str, logged: str, returncode: int, declarations: tuple[str, ...] | None = None) -> CheckResult:
    done = Completed(("dafny",), 1, Ended.EXITED, returncode, text, "", 1.0)
    request = CheckRequest("method M() {}", declarations=declarations)
    return judge4(request, done, parse_transcript(text, {"f.dfy"}), parse_log(logged))


def test_a_clean_run_is_verified_and_names_what_was() -> None:
    result = verdict(GOOD, log(entry("A (correctness)", "Correct"), entry("M.B (well-formedness)", "Correct")), 0)
    assert (result.outcome, result.verified) == (Outcome.VERIFIED, ("A", "M.B"))


def test_a_failing_run_has_rule_place_and_related_place() -> None:
    result = verdict(FAILING, log(entry("A (correctness)", "Errors", "Invalid")), 4)
    (error,) = result.errors
    assert (result.outcome, result.failed) == (Outcome.FAILED, ("A",))
    assert (error.rule, error.place, error.related[0][0]) == (Rule.POSTCONDITION, Place(3, 2), Place(2, 12))


@pytest.mark.parametrize(
    ("text", "returncode", "outcome"),
    [
        (
            "f.dfy(1,7): Error: this symbol not expected in Dafny\n1 parse errors detected in f.dfy\n",
            2,
            Outcome.PARSE_ERROR,
        ),
        (
            "f.dfy(1,7): Error: unresolved identifier: y\n1 resolution/type errors detected in f.dfy\n",
            2,
            Outcome.RESOLVE_ERROR,
        ),
        ("Unhandled Exception: boom", 134, Outcome.CRASHED),
        (
            "f.dfy(1,7): Error: Verification of 'A' timed out after 10 seconds\n"
            + GOOD.replace("2 v", "1 v").replace("errors", "errors, 1 time out"),
            4,
            Outcome.TIMEOUT,
        ),
        (GOOD + "something else\n", 0, Outcome.UNKNOWN),
        ("", 0, Outcome.UNKNOWN),
        (GOOD, 4, Outcome.UNKNOWN),
    ],
)
def test_other_endings(text: str, returncode: int, outcome: Outcome) -> None:
    assert verdict(text, "", returncode).outcome is outcome


def test_asked_declarations_must_be_seen_in_the_log() -> None:
    both = log(entry("A (correctness)", "Correct"), entry("AB (correctness)", "Errors", "Invalid"))
    assert verdict(GOOD, both, 4, declarations=("A",)).outcome is Outcome.VERIFIED
    assert verdict(GOOD, both, 4, declarations=("AB",)).outcome is Outcome.FAILED
    assert verdict(GOOD, both, 0, declarations=("A", "C")).outcome is Outcome.UNKNOWN


def test_a_declaration_with_one_unfinished_part_is_not_verified() -> None:
    assert (
        verdict(GOOD, log(entry("A (correctness)", "Correct", "OutOfResource")), 0, declarations=("A",)).outcome
        is Outcome.UNKNOWN
    )


def test_the_command_line_follows_the_request() -> None:
    request = CheckRequest("", declarations=("M.F",), solver_seconds=7, error_limit=3, keep_going=True)
    arguments = arguments4(request, Path("/z3"), Path("/s/f.dfy"), Path("/s/log"))
    assert arguments[0] == "verify" and arguments[-1] == "/s/f.dfy"
    assert {"--allow-warnings", "--filter-symbol=M.F", "--verification-time-limit=7", "--error-limit=3"} <= set(
        arguments
    )
    assert {"--solver-path=/z3", "json;LogFileName=/s/log", "--boogie=-subsumption:0"} <= set(arguments)
    resolve = arguments4(CheckRequest("", resolve_only=True), None, Path("f.dfy"), Path("log"))
    typed = arguments4(CheckRequest("", resolve_only=True, print_types=True), None, Path("/s/f.dfy"), Path("log"))
    assert "--rprint=/s/lemmatree_printed_file.dfy" in typed
    assert resolve[0] == "resolve" and "--log-format" not in resolve


@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.text() | st.integers(),
            lambda c: (
                st.lists(c)
                | st.dictionaries(st.sampled_from(["verificationResults", "name", "outcome", "vcResults"]), c)
            ),
        ).map(json.dumps),
    )
)
def test_any_log_is_read_without_an_exception(text: str) -> None:
    parse_log(text)
