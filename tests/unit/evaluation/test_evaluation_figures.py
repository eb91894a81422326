"""What the figures of an evaluation count, and what they leave out."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evaluation_scenes import attempt, evaluation, not_loaded, objection, record, task
from hypothesis import given
from hypothesis import strategies as st

from prover.benchmarks.benchmark import Counting
from prover.benchmarks.registry import NAMES, benchmark
from prover.evaluation.comparison import LeftOut, against_first, compare
from prover.evaluation.figures import figures_of
from prover.evaluation.official_figures import OfficialFigures
from prover.evaluation.outcomes import TaskClass, class_of
from prover.evaluation.rates import Rate
from prover.evaluation.reasons import counted_reasons, normalised
from prover.evaluation.records import TaskRecord
from prover.evaluation.statistics import Pairs, Step, paired_difference, pass_at_k, wilson

STATUSES = ["proved", "refuted", "unknown", "invalid", "unsupported", "error"]


def shares(*rates: Rate) -> list[tuple[str, int, int]]:
    return [(rate.label, rate.solved, rate.n) for rate in rates]


# ------------------------------------------------------------------------------------------------------------ classes


@pytest.mark.parametrize(("better", "worse"), list(itertools.combinations(STATUSES, 2)))
def test_of_several_attempts_the_first_class_in_the_order_counts(better: str, worse: str) -> None:
    assert class_of(record("t", worse, better, worse)) == TaskClass(better)


@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=6))
def test_a_task_is_an_error_only_if_all_of_its_attempts_are(statuses: list[str]) -> None:
    assert (class_of(record("t", *statuses)) is TaskClass.ERROR) == (set(statuses) == {"error"})


def test_a_task_that_is_proved_and_refuted_is_told() -> None:
    both = record("both", "proved", "refuted")
    assert figures_of(evaluation(both, record("fine", "proved", "unknown"))).contradictory == ("both",)


def test_what_was_not_reached_is_not_run_and_what_cannot_be_posed_needs_no_attempt() -> None:
    assert class_of(record("t")) is TaskClass.NOT_RUN
    assert class_of(TaskRecord(not_loaded("t", "unsupported"))) is TaskClass.UNSUPPORTED
    assert class_of(TaskRecord(not_loaded("t", "invalid"), (attempt("t", "invalid"),))) is TaskClass.INVALID


# -------------------------------------------------------------------------------------------------------------- rates


def test_rates_come_with_their_denominators() -> None:
    figures = figures_of(
        evaluation(
            record("a", "proved", groups=("basic",)),
            record("b", "proved", untouched=True, groups=("basic",)),
            record("c", "unknown", groups=("hard",)),
            record("d", "unsupported", groups=("hard",)),
            TaskRecord(not_loaded("e", "invalid")),
            record("f", "error"),
            record("g", groups=("never",)),
            state="running",
        )
    )
    assert shares(*figures.rates) == [
        ("all", 2, 6),
        ("supported", 2, 4),
        ("supported, not verifying untouched", 1, 3),
    ]
    assert figures.all.interval == wilson(2, 6)
    assert shares(*figures.groups) == [("basic", 2, 2), ("hard", 0, 2), ("never", 0, 0)]
    assert figures.groups[-1].value is None
    assert figures.languages == ()
    assert figures.counts == {
        TaskClass.PROVED: 2,
        TaskClass.REFUTED: 0,
        TaskClass.UNKNOWN: 1,
        TaskClass.INVALID: 1,
        TaskClass.UNSUPPORTED: 1,
        TaskClass.ERROR: 1,
        TaskClass.NOT_RUN: 1,
    }


def test_in_a_finished_evaluation_a_task_without_an_attempt_is_not_solved() -> None:
    figures = figures_of(evaluation(record("a", "proved", groups=("g",)), record("b", groups=("g",))))
    assert shares(figures.all, *figures.groups) == [("all", 1, 2), ("g", 1, 2)]
    assert (figures.counts[TaskClass.NOT_RUN], figures.pass_at_k[0].estimate.value) == (1, 0.5)


def test_tasks_shown_in_the_prompt_are_also_left_out() -> None:
    figures = figures_of(evaluation(record("a", "proved", groups=("few-shot", "basic")), record("b", "unknown")))
    assert shares(*figures.extra) == [("without few-shot", 0, 1)]


def test_two_languages_are_told_apart() -> None:
    lean = TaskRecord(task("b", language="lean"), (attempt("b", "proved", language="lean"),))
    assert shares(*figures_of(evaluation(record("a", "unknown"), lean)).languages) == [("dafny", 0, 1), ("lean", 1, 1)]


def test_an_evaluation_without_tasks_has_figures_too() -> None:
    figures = figures_of(evaluation(state="running"))
    assert (figures.all.n, figures.all.value, figures.finished, figures.pass_at_k) == (0, None, False, ())
    assert (figures.median_seconds, figures.totals.cost_usd, figures.official) == (None, None, None)


@given(st.lists(st.lists(st.sampled_from(STATUSES), max_size=4), max_size=6))
def test_every_task_is_in_one_class_and_every_attempt_in_the_totals(outcomes: list[list[str]]) -> None:
    records = [record(f"t{i}", *statuses, seconds=2.0, checks=3) for i, statuses in enumerate(outcomes)]
    figures = figures_of(evaluation(*records, state="running"))
    assert sum(figures.counts.values()) == len(records)
    assert figures.totals.attempts == sum(map(len, outcomes))
    assert figures.totals.checks == 3 * figures.totals.attempts
    assert figures.all.n == sum(bool(statuses) for statuses in outcomes)
    assert figures.touched is not None
    assert figures.touched.n <= figures.supported.n <= figures.all.n


# ----------------------------------------------------------------------------------------------------------- official


def test_the_two_rules_are_compared_task_by_task() -> None:
    figures = figures_of(
        evaluation(
            record("agreed", "proved", official=True, strict=True),
            record("cheat", "unknown", official=True, strict=False, objections=[objection("assume")]),
            record("ours", "proved", official=False, strict=True, official_reason="line 3 changed"),
            record("failed", "unknown", official=False, strict=False),
            record("unpinned", "proved", strict=True, official_reason="Dafny 4.11 is not here"),
            record("waiting"),
            state="running",
        )
    )
    assert figures.official is not None
    assert (figures.official.passed, figures.official.failed, figures.official.unknown) == (2, 2, 1)
    assert figures.official.rate is None  # on a finished file that it was silent about, it might have said yes
    assert [(d.id, d.objections[0].rule) for d in figures.official.not_strict] == [("cheat", "assume")]
    assert [(d.id, d.official_reason) for d in figures.official.strict_only] == [("ours", "line 3 changed")]
    assert [(r.reason, r.count) for r in figures.official.unknown_reasons] == [("Dafny 4.11 is not here", 1)]


def test_rules_that_agree_on_some_attempt_do_not_differ() -> None:
    both = TaskRecord(
        task("t"),
        (
            attempt("t", "unknown", 1, official=True, strict=False),
            attempt("t", "proved", 2, official=True, strict=True),
        ),
    )
    figures = figures_of(evaluation(both))
    assert figures.official is not None
    assert figures.official.rate is not None
    assert shares(figures.official.rate) == [("official", 1, 1)]
    assert figures.official.not_strict == figures.official.strict_only == ()


def test_what_the_official_rule_was_silent_about_is_not_failed_by_another_attempt() -> None:
    silent = {"official": None, "official_reason": "Dafny 4.11 is not here"}
    records = [
        TaskRecord(
            task("t"),
            (
                attempt("t", "proved", 1, strict=True, **silent),
                attempt("t", "unknown", 2, official=False, strict=False),
            ),
        ),
        TaskRecord(
            task("u"),
            (attempt("u", "unknown", 1, official=True), attempt("u", "unknown", 2, official=False, strict=False)),
        ),
    ]
    official = figures_of(evaluation(*records)).official
    assert official is not None
    assert (official.passed, official.failed, official.unknown, official.rate) == (1, 0, 1, None)
    assert [(r.reason, r.tasks) for r in official.unknown_reasons] == [("Dafny 4.11 is not here", ("t",))]
    # Nor has either rule turned down what the other let pass: another attempt's verdict is not about that file.
    assert official.not_strict == official.strict_only == ()


def test_where_there_is_no_file_the_official_rule_has_not_passed_it() -> None:
    records = [
        record("passed", "proved", official=True, strict=True),
        record("wrong", "refuted"),
        record("nobody answered"),
        record("crashed", "error"),
    ]
    figures = figures_of(evaluation(*records, state="finished"))
    assert figures.official is not None
    assert (figures.official.passed, figures.official.failed, figures.official.unknown) == (1, 2, 1)
    assert figures.official.rate is not None
    assert (figures.official.rate.solved, figures.official.rate.n) == (1, 4)


def counted(counting: Counting | None, *records: TaskRecord) -> OfficialFigures:
    """The official figures of a run whose header tells how its benchmark counts."""
    told = {"pin": "Lean 4.18", "counting": json.loads(json.dumps(dataclasses.asdict(counting))) if counting else None}
    made = evaluation(*records)
    figures = figures_of(dataclasses.replace(made, header={**made.header, "official": told})).official
    assert figures is not None
    return figures


def verdicts(words: str, **fields: Any) -> list[TaskRecord]:
    """Tasks by the official word on them: `+` passed, `-` failed, `?` not judged."""
    said: dict[str, dict[str, Any]] = {
        "+": {"official": True, "strict": True},
        "-": {"official": False, "strict": True},
        "?": {"official_reason": "Lean 4.18 is not here", "strict": True},
    }
    tag = "-".join(map(str, fields.get("groups", ())))
    return [record(f"{tag}{n}", "proved", **said[word], **fields) for n, word in enumerate(words)]


FEW = Counting(3, ("proof",), "3 tasks, without the examples", left_out=("few-shot",))


def test_the_official_rate_is_of_the_tasks_that_the_benchmark_counts() -> None:
    official = counted(FEW, *verdicts("++-"), *verdicts("+?", groups=("few-shot",)))
    assert (official.passed, official.failed, official.unknown) == (2, 1, 0)
    assert official.rate is not None and official.rates == (official.rate,)
    assert shares(official.rate) == [("official", 2, 3)]  # what it was silent about is not counted anyway
    assert official.left_out == ("few-shot0", "few-shot1") and official.unknown_reasons == ()
    assert official.whole and official.note == "the benchmark's own figures are of 3 tasks, without the examples"
    assert len(official.strict_only) == 1


def test_a_part_of_a_benchmark_and_tasks_of_another_kind_say_so() -> None:
    part = counted(FEW, *verdicts("+-"))
    assert not part.whole and part.note.endswith("; here they are of 2")
    other = TaskRecord(task("x", mode="codeproof"), (attempt("x", "proved", official=True, strict=True),))
    kind = counted(FEW, *verdicts("+-"), other)
    assert not kind.whole and kind.note.endswith("; it has none of tasks like these")


def test_where_nothing_is_known_of_counting_all_tasks_are_counted() -> None:
    for official in (counted(None, *verdicts("+-")), figures_of(evaluation(*verdicts("+-"))).official):
        assert official is not None and official.rate is not None
        assert (shares(official.rate), official.note, official.whole) == ([("official", 1, 2)], "", False)
    damaged = dataclasses.replace(evaluation(*verdicts("+-")), header={"official": {"counting": {"tasks": "many"}}})
    found = figures_of(damaged).official
    assert found is not None and found.counting is None


def test_languages_that_a_benchmark_counts_apart_have_no_rate_together() -> None:
    both = Counting(2, ("proof",), "2 tasks in each language", by_language=True)
    lean = [
        TaskRecord(
            task(f"l{n}", language="lean"),
            (attempt(f"l{n}", "proved", language="lean", official=word, strict=True),),
        )
        for n, word in enumerate((True, False))
    ]
    official = counted(both, *verdicts("++"), *lean)
    assert official.rate is None and official.whole
    assert shares(*official.rates) == [("official, Dafny", 2, 2), ("official, Lean", 1, 2)]
    silent = counted(both, *verdicts("+?"), *lean)  # the other language's verifier is not here
    assert shares(*silent.rates) == [("official, Lean", 1, 2)]
    one = counted(both, *lean)
    assert one.rate is not None and shares(*one.rates) == shares(one.rate) == [("official", 1, 2)]
    assert not counted(both, *verdicts("+"), *lean).whole


def test_what_only_the_time_limit_failed_is_told_apart() -> None:
    late: dict[str, Any] = {"official": False, "strict": True, "official_timed_out": True, "official_reason": "15 s"}
    passed_later = TaskRecord(
        task("twice"),
        (attempt("twice", "proved", 1, **late), attempt("twice", "proved", 2, official=True, strict=True)),
    )
    official = counted(FEW, record("late", "proved", **late), passed_later, *verdicts("-"))
    assert (official.passed, official.failed, official.late) == (1, 2, 1)


def test_the_official_rule_has_a_pass_at_k_of_its_own_over_the_tasks_that_it_counts() -> None:
    def tried(name: str, *words: bool, groups: tuple[str, ...] = ()) -> TaskRecord:
        made = [attempt(name, "proved", k, official=word, strict=True) for k, word in enumerate(words, 1)]
        return TaskRecord(task(name, groups=groups), tuple(made))

    example = tried("c", True, True, groups=("few-shot",))
    official = counted(FEW, tried("a", True, False), tried("b", False, False), example)
    assert [(one.k, one.estimate.value, one.estimate.n) for one in official.pass_at_k] == [(1, 0.25, 2), (2, 0.5, 2)]
    assert official.rate is not None and (official.rate.solved, official.rate.n) == (1, 2)
    assert counted(FEW, tried("a", True, False), *verdicts("?")).pass_at_k == ()


@pytest.mark.parametrize("name", [name for name in NAMES if benchmark(name).counting])
def test_how_a_benchmark_counts_can_be_read_from_a_header(name: str) -> None:
    counting = benchmark(name).counting
    assert counted(counting, *verdicts("+")).counting == counting


def test_a_benchmark_without_a_rule_of_its_own_has_no_official_figures() -> None:
    assert figures_of(evaluation(record("a", "proved", strict=True))).official is None


# --------------------------------------------------------------------------------------------------- costs and pass@k


def test_pass_at_k_is_over_all_tasks_that_ran_and_what_cannot_be_posed_fails() -> None:
    figures = figures_of(
        evaluation(
            record("a", "proved", "unknown", "unknown"),
            record("b", "unknown", "unknown", "unknown"),
            TaskRecord(not_loaded("c", "unsupported")),
            record("d"),
            state="interrupted",
        )
    )
    assert [(p.k, p.estimate.n) for p in figures.pass_at_k] == [(1, 3), (2, 3), (3, 3)]
    for one in figures.pass_at_k:
        assert math.isclose(one.estimate.value, pass_at_k(3, 1, one.k) / 3)


def test_many_attempts_give_pass_at_powers_of_two_and_the_last() -> None:
    figures = figures_of(evaluation(record("a", *["unknown"] * 20)))
    assert [p.k for p in figures.pass_at_k] == [1, 2, 4, 8, 16, 20]


def test_costs_are_of_all_attempts_and_medians_of_first_solutions() -> None:
    slow = TaskRecord(
        task("a"),
        (
            attempt("a", "unknown", 1, seconds=60.0, checks=9, tokens=100, cost_usd=0.25),
            attempt("a", "proved", 2, seconds=8.0, checks=4, tokens=10),
            attempt("a", "proved", 3, seconds=1.0, checks=1),
        ),
    )
    figures = figures_of(evaluation(slow, record("b", "proved", seconds=2.0, checks=2), record("c", "unknown")))
    assert (figures.median_seconds, figures.median_checks) == (5.0, 3.0)
    assert (figures.totals.seconds, figures.totals.checks, figures.totals.tokens) == (71.0, 16, 110)
    assert (figures.totals.cost_usd, figures.totals.unpriced) == (0.25, 1)
    assert [round(step.solved, 3) for step in figures.curve_seconds] == [0.333, 1.333, 1.667]
    assert figures.curve_checks[0] == Step(1, 1 / 3)


# ------------------------------------------------------------------------------------------------------------ reasons


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("line 12: unexpected `foo`", "line 7: unexpected `barBaz`"),
        ("/data/a/x.lean cannot be read", "data/b.lean cannot be read"),
        ("basic_1: no marker", "basic_22: no marker"),
        ("needs h1 there", "needs foo_bar' there"),
        ("abs of Clover is empty", "max of Clover is empty"),
    ],
)
def test_reasons_that_differ_in_names_and_numbers_are_one(one: str, two: str) -> None:
    merged = counted_reasons([("abs", one), ("max", two)])
    assert [(r.count, r.example, r.tasks) for r in merged] == [(2, one, ("abs", "max"))]


def test_other_reasons_and_other_versions_stay_apart() -> None:
    reasons = ["Dafny 4.11 is not installed.", "Dafny 2.3 is not installed.", "", "Dafny 4.11 is not installed."]
    assert [(r.reason, r.count) for r in counted_reasons((str(i), r) for i, r in enumerate(reasons))] == [
        ("Dafny 4.11 is not installed.", 2),
        ("Dafny 2.3 is not installed.", 1),
        ("no reason given", 1),
    ]


@given(st.text(max_size=300), st.text(max_size=8))
def test_a_normalised_reason_is_one_short_line(reason: str, name: str) -> None:
    assert len(normalised(reason, name)) <= 201
    assert "\n" not in normalised(reason, name)


def test_reasons_are_counted_by_class() -> None:
    figures = figures_of(
        evaluation(
            TaskRecord(not_loaded("a", "unsupported", "imports `Mathlib.Data`, which is not here")),
            TaskRecord(not_loaded("b", "unsupported", "imports `Mathlib`, which is not here")),
            record("c", "error", reason="killed after 12 s"),
            record("d", "unknown", reason="budget"),
        )
    )
    assert {kind: [(r.reason, r.count) for r in reasons] for kind, reasons in figures.reasons.items()} == {
        TaskClass.UNSUPPORTED: [("imports …, which is not here", 2)],
        TaskClass.ERROR: [("killed after … s", 1)],
    }


# -------------------------------------------------------------------------------------------------------- comparisons


def test_evaluations_are_compared_on_the_tasks_both_tried() -> None:
    first = evaluation(
        record("a", "proved"),
        record("b", "proved"),
        record("c", "unknown"),
        record("d", "error"),
        record("e", "proved"),
        record("f", "proved"),
        TaskRecord(not_loaded("g", "unsupported")),
        record("i", "proved"),
        path=Path("runs/one"),
    )
    second = evaluation(
        record("a", "proved"),
        record("b", "refuted"),
        record("c", "proved"),
        record("d", "unknown"),
        TaskRecord(task("e", source="other"), (attempt("e", "proved"),)),
        record("f"),
        record("g", "proved"),
        record("h", "proved"),
        path=Path("runs/two"),
        state="running",
    )
    told = compare(first, second)
    assert (told.first, told.second, told.n, told.fair) == ("one", "two", 4, True)
    assert (told.won, told.lost, told.both, told.neither) == (("c",), ("b",), ("a",), ("d",))
    assert (told.p_value, told.difference, told.rates) == (1.0, 0.0, (0.5, 0.5))
    assert told.interval == paired_difference(Pairs(1, 1, 1, 1))
    assert told.left_out == (
        LeftOut("e", "its text differs"),
        LeftOut("f", "not run in the second"),
        LeftOut("g", "unsupported in the first"),
        LeftOut("i", "only the first has it"),
        LeftOut("h", "only the second has it"),
    )


def test_what_a_finished_run_has_not_answered_is_not_solved_in_a_comparison_either() -> None:
    """Else whoever answers easy tasks alone would look better."""
    first = evaluation(record("easy", "proved"), record("hard", "proved"))
    second = evaluation(record("easy", "proved"), record("hard"))
    told = compare(first, second)
    assert (told.n, told.lost, told.left_out) == (2, ("hard",), ())
    going_on = evaluation(record("easy", "proved"), record("hard"), state="running")
    assert compare(first, going_on).left_out == (LeftOut("hard", "not run in the second"),)


def test_several_attempts_compare_chances_and_uneven_numbers_are_told() -> None:
    first = evaluation(record("a", "unknown"), record("b", "unknown"))
    second = evaluation(record("a", "proved", "unknown"), record("b", "unknown", "unknown"))
    told = compare(first, second)
    assert (told.won, told.difference, told.fair) == (("a",), 0.25, False)
    assert told.interval.low <= 0.25 <= told.interval.high


def test_nothing_in_common_says_nothing() -> None:
    told = compare(evaluation(record("a", "proved")), evaluation(record("b", "proved")))
    assert (told.n, told.p_value, told.difference, told.rates) == (0, 1.0, None, None)
    assert (told.interval.low, told.interval.high) == (-1.0, 1.0)


def test_more_than_two_are_each_compared_with_the_first() -> None:
    runs = [evaluation(record("a", "proved"), path=Path(name)) for name in "xyz"]
    assert [(c.first, c.second) for c in against_first(runs)] == [("x", "y"), ("x", "z")]


def test_runs_of_different_benchmarks_are_not_compared() -> None:
    other = replace(evaluation(record("a", "proved")), header={"benchmark": "another", "state": "finished"})
    assert against_first([evaluation(record("a", "proved")), other]) == ()
