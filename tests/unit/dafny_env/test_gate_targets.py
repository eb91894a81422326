"""A target that depends on what nobody has proved: told at the start in the words that the gate has in the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from environment_base import Answer, FakeVerifier

from dafny_env.driver.types import CheckRequest, CheckResult, Outcome
from dafny_env.environment import DafnyEnvironment
from dafny_env.gate.judge import Judgement, judge_candidate
from dafny_env.gate.targets import depends_on_open
from dafny_env.index import callables
from dafny_env.syntax.parser import parse

FILE = """\
lemma Stated(n: nat)
  ensures n * n >= n

lemma {:axiom} Given(n: nat)
  ensures n * n >= 0

lemma Failing(n: nat)
  ensures n > 3
{
}

lemma Between(n: nat)
  ensures n > 2
{
  Failing(n);
}

method Assuming(n: nat)
{
  assume n > 7;
}

method Alone(n: nat)
  ensures n >= 0
{
}

method OnGiven(n: nat) { Given(n); }

method OnStated(n: nat) { Stated(n); }

method OnFailing(n: nat) { Between(n); }

method OnAssuming(n: nat) { Assuming(n); }

method OnAll(n: nat) { Stated(n); Between(n); Assuming(n); }
"""
NAMES = tuple(callables(parse(FILE)))


def failing(*names: str, outcome: Outcome = Outcome.FAILED, timed_out: tuple[str, ...] = ()) -> Answer:
    """Says of the declarations asked about which of them fail."""

    def answer(request: CheckRequest) -> CheckResult:
        asked = request.declarations or NAMES
        failed = tuple(n for n in names if n in asked)
        undecided = tuple(n for n in timed_out if n in asked)
        good = tuple(n for n in asked if n not in (*failed, *undecided))
        told = outcome if failed else Outcome.TIMEOUT if undecided else Outcome.VERIFIED
        return CheckResult(told, (), good, failed, undecided)

    return answer


@dataclass
class Case:
    """A target with what the warm verifier and the gate's verifier say."""

    target: str
    warm: Answer = field(default_factory=lambda: failing("Failing"))
    cold: Answer | None = None

    def __post_init__(self) -> None:
        self.verifier = FakeVerifier(self.cold or self.warm)

    def early(self) -> str:
        environment = DafnyEnvironment(FILE, FakeVerifier(self.warm), target=self.target)
        return asyncio.run(environment.open_dependencies(self.verifier, seconds=9, solver_seconds=30))

    def late(self) -> Judgement:
        """What the gate says of the file with a proof of the target in it."""
        head = f"method {self.target}(n: nat) {{"
        proof = FILE.replace(head, f"{head} assert n >= 0;")
        return asyncio.run(judge_candidate(FILE, proof, verifier=self.verifier, folder=None, target=self.target))


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("OnStated", "`OnStated` depends on `Stated`, which is not proved itself."),
        ("OnFailing", "`OnFailing` depends on `Failing`, which is not proved itself."),
        ("OnAssuming", "`OnAssuming` depends on `Assuming`, which is not proved itself."),
        ("OnAll", "`OnAll` depends on `Assuming`, `Failing` and `Stated`, which are not proved themselves."),
    ],
)
def test_the_same_is_said_before_and_behind_the_search(target: str, told: str) -> None:
    assert Case(target).early() == told
    assert (Case(target).late().verdict, Case(target).late().reason) == ("unknown", told)


@pytest.mark.parametrize("target", ["Alone", "OnGiven", "Stated", "Failing"])
def test_what_the_gate_takes_on_trust_is_nothing_to_stop_for(target: str) -> None:
    assert Case(target).early() == ""
    if target.startswith("On"):
        assert Case(target).late().verdict == "accepted"


def test_without_a_target_everything_is_a_goal() -> None:
    environment = DafnyEnvironment(FILE, FakeVerifier(failing("Failing")))
    assert asyncio.run(environment.open_dependencies(FakeVerifier(), seconds=9, solver_seconds=30)) == ""


def test_what_only_the_warm_verifier_finds_failing_stops_nothing() -> None:
    case = Case("OnFailing", warm=failing("Failing", "Alone"), cold=failing("Alone"))
    assert case.early() == "" and case.late().verdict == "accepted"
    asked = case.verifier.requests[0]
    assert (asked.declarations, asked.seconds, asked.solver_seconds) == (("Failing",), 9, 30)


def test_what_ran_out_of_time_is_left_to_the_gate() -> None:
    case = Case("OnFailing", warm=failing(timed_out=("Failing",)))
    assert case.early() == "" and case.verifier.requests == []


@pytest.mark.parametrize("outcome", [Outcome.CRASHED, Outcome.UNKNOWN])
def test_a_verifier_that_gives_no_verdict_stops_nothing(outcome: Outcome) -> None:
    assert Case("OnFailing", warm=failing("Failing", outcome=outcome)).early() == ""
    assert Case("OnFailing", cold=failing("Failing", outcome=outcome)).early() == ""
    assert "Stated" in Case("OnStated", warm=failing("Failing", outcome=outcome)).early()


def test_long_lists_are_cut() -> None:
    told = depends_on_open("T", tuple("ABCDEFGHI"))
    assert told == "`T` depends on `A`, `B`, `C`, `D`, `E`, `F` and 3 more, which are not proved themselves."
