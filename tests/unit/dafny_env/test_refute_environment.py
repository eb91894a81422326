"""`DafnyEnvironment.refute`: answers are remembered and the same each time, the verifier is asked for roots only, and
what it offers counts only where a run bears it out."""

from __future__ import annotations

import asyncio
import threading

import pytest
from environment_base import Bench, FakeVerifier, in_fact

from dafny_env.driver.types import CheckResult, Diagnostic, Outcome, Place, Rule
from dafny_env.environment import DafnyEnvironment
from dafny_env.interp.outcome import OutOfFuel
from dafny_env.refute.looking import Bounds, Looking
from dafny_env.refute.running import Evidence
from dafny_env.refute.trust import trusted
from dafny_env.syntax.parser import parse
from search import ports
from search.ports import Goal, Refuted, Unconfirmed

FALSE = "method M(x: int) returns (r: int)\n  ensures r > x\n{\n  r := x;\n}\n"
FAR = "method M(x: int) returns (r: bool)\n  ensures r == (3 * x != 37035)\n{\n  r := true;\n}\n"
UNDECIDED = "function Far(x: int): bool\n" + FAR.replace("3 * x != 37035", "Far(x)")
HOLDS = "method M(n: nat) returns (s: nat) ensures s == n { s := 0; while s < n { s := s + 1; } }\n"

MODEL = """\
*** MODEL
x#0@@1 -> {0}
n#0 -> {0}
*** STATE <initial>
  $Heap -> T@U!val!3
  {1}#0 -> {0}
  r#0 -> **r#0
*** END_STATE
*** STATE file.dfy(3,0): initial state
  {1}#0 -> 99
*** END_STATE
*** END_MODEL
"""


def refute(bench: Bench, goal: Goal, seconds: float = 60.0) -> ports.Tested:
    return asyncio.run(bench.environment.refute(goal, seconds=seconds))


def answering(models: str, outcome: Outcome = Outcome.FAILED, timed_out: tuple[str, ...] = ()) -> FakeVerifier:
    """A verifier that has these models against everything."""
    error = Diagnostic("error", Rule.POSTCONDITION, "failed", Place(1, 0), (), "M")
    return FakeVerifier(
        lambda request: CheckResult(outcome, (error,), failed=("M",), timed_out=timed_out, models=models)
    )


def test_a_run_refutes_without_asking_the_verifier() -> None:
    bench = Bench(FALSE, ("M",))
    asked = len(bench.verifier.requests)
    tested = refute(bench, bench.root())
    assert tested == ports.Tested(Refuted("M fails `ensures r > x` (line 2) for x = 0: returns r = 0"))
    assert len(bench.verifier.requests) == asked


def test_answers_are_remembered() -> None:
    bench = Bench(HOLDS, ("M",))
    first = refute(bench, bench.root())
    asked = len(bench.verifier.requests)
    assert refute(bench, bench.root()) is first
    assert len(bench.verifier.requests) == asked


def test_equal_goals_get_equal_answers_each_time() -> None:
    answers = []
    for _ in range(2):
        bench = Bench(FALSE.replace("ensures r > x", "ensures r != 4 || x != 4"), ("M",))
        answers.append(refute(bench, bench.root()))
    assert answers[0] == answers[1] and isinstance(answers[0].found, Refuted)


def test_the_verifier_is_asked_about_the_declaration_when_runs_show_nothing() -> None:
    bench = Bench(HOLDS, ("M",))
    assert refute(bench, bench.root()) == ports.Tested(None, 1)
    last = bench.verifier.requests[-1]
    assert (last.models, last.declarations, last.solver_seconds, last.source) == (True, ("M",), 5, HOLDS)


def test_a_lemma_is_given_a_body_and_a_fact_asserted_to_be_asked_about() -> None:
    lemma = Bench("lemma L(x: int)\n  ensures x * x >= 0 // squares\n")
    refute(lemma, lemma.root())
    assert lemma.verifier.requests[-1].source == "lemma L(x: int)\n  ensures x * x >= 0 {} // squares\n"
    fact = Bench("method M(x: int) { assume x * x >= 0; }")
    refute(fact, fact.root())
    assert fact.verifier.requests[-1].source == "method M(x: int) { assert x * x >= 0; }"


def test_a_model_counts_where_a_run_from_it_bears_it_out() -> None:
    bench = Bench(FAR, ("M",), answering(MODEL.format(12345, "x")))
    said = "M fails `ensures r == (3 * x != 37035)` (line 2) for x = 12345: returns r = true"
    assert refute(bench, bench.root()) == ports.Tested(Refuted(said), 1)


def test_a_model_is_only_told_where_no_run_decides() -> None:
    bench = Bench(UNDECIDED, ("M",), answering(MODEL.format(12346, "x")))
    assert refute(bench, bench.root("M")) == ports.Tested(
        Unconfirmed("the verifier's counterexample to M: x = 12346"), 1
    )


def test_a_model_that_a_run_disproves_is_not_told() -> None:
    bench = Bench(HOLDS, ("M",), answering(MODEL.format(12, "n")))
    assert refute(bench, bench.root()) == ports.Tested(None, 1)


def test_a_model_that_violates_the_precondition_is_no_input() -> None:
    text = FAR.replace("\n  ensures", "\n  requires x < 9\n  ensures")
    bench = Bench(text, ("M",), answering(MODEL.format(12345, "x")))
    tested = refute(bench, bench.root())
    assert isinstance(tested.found, Unconfirmed)


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.UNKNOWN, Outcome.CRASHED, Outcome.VERIFIED])
def test_what_comes_with_no_error_is_not_told(outcome: Outcome) -> None:
    bench = Bench(UNDECIDED, ("M",), answering(MODEL.format(12346, "x"), outcome))
    assert refute(bench, bench.root("M")) == ports.Tested(None, 1)


def test_what_comes_with_a_timeout_is_not_told() -> None:
    bench = Bench(UNDECIDED, ("M",), answering(MODEL.format(12346, "x"), timed_out=("M",)))
    assert refute(bench, bench.root("M")) == ports.Tested(None, 1)


def test_subgoals_are_refuted_by_runs_alone() -> None:
    bench = Bench(HOLDS, ("M",))
    subgoals = bench.subgoals(
        bench.root(),
        bench.insert(
            ("{ s := s", "invariant s <= n\n"), ("s := s", "assume s < 3; assume s >= 0; L(s);"), helpers=LEMMA
        ),
    )
    asked = len(bench.verifier.requests)
    small, positive, lemma = [refute(bench, goal).found for goal in subgoals]
    assert small == Refuted("`s < 3` in M is false for n = 4: there s = 3")
    assert positive is None
    assert isinstance(lemma, Refuted) and lemma.witness.startswith("L fails `ensures x < 5` for x = ")
    assert len(bench.verifier.requests) == asked


LEMMA = "lemma L(x: int) requires x >= 0 ensures x < 5"


def test_a_fact_of_a_step_inside_another_fact_is_refuted_too() -> None:
    bench = Bench("method M(x: int) { assume x != 3; }")
    (inner,) = bench.subgoals(bench.root(), in_fact("assume x < 3;"))
    found = refute(bench, inner).found
    assert found is None  # it stands inside of a proof, which no run enters


def test_nothing_is_concluded_when_there_is_no_time_and_it_is_not_remembered() -> None:
    bench = Bench(FALSE, ("M",))
    assert refute(bench, bench.root(), seconds=0.0) == ports.Tested()
    assert isinstance(refute(bench, bench.root()).found, Refuted)


def test_cancelling_ends_the_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    started, ended = threading.Event(), threading.Event()

    def forever(self: Looking, bounds: Bounds) -> Evidence | None:
        started.set()
        try:
            self.machine.refuel(10**15)
            while True:
                self.machine.tick()
        except OutOfFuel:
            ended.set()
            raise

    monkeypatch.setattr(Looking, "draw", forever)
    bench = Bench(FALSE, ("M",))

    async def cancelled() -> None:
        task = asyncio.create_task(bench.environment.refute(bench.root(), seconds=float("inf")))
        await asyncio.to_thread(started.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert ended.wait(60)


TRUST = """
lemma Open(x: int) ensures x * x >= 0
lemma Leans(x: int) ensures x * x >= 0 { Open(x); }
lemma Fine(x: int) ensures x * x >= 0 { }
lemma {:axiom} Said(x: int) ensures x > x { }
method Assumes() ensures true { assume false; }
function F(x: int): int ensures F(x) == 2 * x { x + x }
method Broken() ensures false { }
"""


def test_trusted_is_what_was_seen_to_verify_and_depends_on_nothing_open() -> None:
    program = parse(TRUST)
    names = ("Leans", "Fine", "Said", "Assumes", "F")
    result = CheckResult(Outcome.FAILED, verified=names, failed=("Broken",))
    assert set(trusted(program, result)) == {"Fine", "F"}
    assert set(trusted(program, CheckResult(Outcome.TIMEOUT))) == set()


def test_what_the_verifier_said_of_the_file_decides_whose_contracts_are_relied_on() -> None:
    text = """lemma L() ensures forall x: int :: x * x >= 0 { }
method M(x: int) returns (r: int) ensures r > 0 { L(); r := x; }"""

    for seen, expected in ((("L",), Refuted), ((), type(None))):
        said = CheckResult(Outcome.FAILED, verified=seen, failed=("M",))
        environment = DafnyEnvironment(text, FakeVerifier(lambda request, said=said: said))  # type: ignore[misc]
        (root,) = (r for r in asyncio.run(environment.roots()) if r.name == "M")
        assert isinstance(asyncio.run(environment.refute(root, seconds=60)).found, expected)
