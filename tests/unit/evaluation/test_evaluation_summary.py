"""The end of an evaluation as people and scripts see it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

from evaluation_scenes import attempt, evaluation, not_loaded, objection, record, task
from rich.console import Console

from prover.evaluation.eval_json import EvalJson, evaluation_json, unfinished_json
from prover.evaluation.figures import figures_of
from prover.evaluation.records import Evaluation, TaskRecord
from prover.evaluation.summary import long_duration, show_evaluation


def shown(evaluated: Evaluation, width: int = 80) -> str:
    paper = io.StringIO()
    show_evaluation(Console(file=paper, width=width, markup=False, highlight=False), figures_of(evaluated))
    return paper.getvalue()


SCENE = evaluation(
    record("a", "proved", groups=("basic", "few-shot"), seconds=2.0, checks=3, official=True, strict=True),
    record("b", "unknown", groups=("basic",), seconds=70.0, checks=40, official=False, strict=False),
    record("c", "unknown", official=True, strict=False, objections=[objection("assume")], tokens=90, cost_usd=0.5),
    TaskRecord(not_loaded("d", "unsupported", "imports Mathlib, which is not here")),
    record("e"),
    path=Path("runs/one"),
    state="running",
)


def test_the_table_has_each_rate_with_its_denominator_and_interval() -> None:
    assert [line.rstrip() for line in shown(SCENE).splitlines()] == [
        "Unfinished  made-up, 5 tasks",
        "  1 proved, 2 unknown, 1 unsupported, 1 not run",
        "",
        "                                      solved  of    rate  95% interval",
        "  all                                      1   4   25.0%  4.6 to 69.9%",
        "  supported                                1   3   33.3%  6.1 to 79.2%",
        "  supported, not verifying untouched       1   3   33.3%  6.1 to 79.2%",
        "  without few-shot                         0   3    0.0%  0.0 to 56.1%",
        "  official rule                            2   4   50.0%  15.0 to 85.0%",
        "  group basic                              1   2   50.0%  9.5 to 90.5%",
        "  group few-shot                           1   1  100.0%  20.7 to 100.0%",
        "",
        "  Official rule: 2 passed, 1 failed, 1 not judged by it",
        "  Official but not strict (1): c (assume 1)",
        "  Unsupported: 1 × imports Mathlib, which is not here",
        "  Median of the solved: 2.0 s, 3 checks",
        "  Altogether: 3 attempts, 72 s, 43 checks, 90 tokens, $0.50",
        "  Run folder: runs/one",
    ]


COUNTED = replace(
    evaluation(
        record("a", "proved", groups=("few-shot",), official=True, strict=True),
        record("b", "proved", official=True, strict=True),
        record("c", "proved", official=False, strict=True, official_timed_out=True, official_reason="too slow"),
    ),
    header={
        "benchmark": "made-up",
        "state": "finished",
        "official": {
            "counting": {
                "tasks": 2,
                "modes": ["proof"],
                "told": "2 tasks, without the example",
                "left_out": ["few-shot"],
                "by_language": False,
            }
        },
    },
)


def test_the_official_row_is_of_what_the_benchmark_counts_and_says_so() -> None:
    lines = [line.rstrip() for line in shown(COUNTED, width=120).splitlines()]
    assert [line.split() for line in lines if line.startswith("  official rule")] == [
        ["official", "rule", "1", "2", "50.0%", "9.5", "to", "90.5%"]
    ]
    assert "  Official rule: 1 passed, 1 failed (1 by its time limit)" in lines
    assert "  Not counted by it (1): a" in lines
    assert "  Counted: the benchmark's own figures are of 2 tasks, without the example" in lines
    told = json.loads(evaluation_json(figures_of(COUNTED)).to_line())["official"]
    assert (told["passed"], told["failed"], told["timed_out"], told["left_out"], told["whole"]) == (
        1,
        1,
        1,
        ["a"],
        True,
    )
    assert [(rate["label"], rate["solved"], rate["n"]) for rate in (told["rate"], *told["rates"])] == [
        ("official", 1, 2)
    ] * 2
    assert told["counting"]["tasks"] == 2 and told["note"].endswith("without the example")


def test_several_attempts_show_pass_at_k() -> None:
    text = shown(evaluation(record("a", "proved", "unknown"), record("b", "unknown", "unknown")))
    assert text.startswith("Evaluated  made-up, 2 tasks\n")
    assert [line.split()[:3] for line in text.splitlines() if "pass@" in line] == [
        ["pass@1", "2", "25.0%"],
        ["pass@2", "2", "50.0%"],
    ]
    assert "pass@" not in shown(evaluation(record("a", "proved")))
    official = evaluation(record("a", "proved", "proved", official=True), record("b", "unknown", "unknown"))
    rows = [line.split()[:4] for line in shown(official).splitlines() if "official pass@" in line]
    assert rows == [["official", "pass@1", "2", "50.0%"], ["official", "pass@2", "2", "50.0%"]]
    told = json.loads(evaluation_json(figures_of(official)).to_line())["official"]["pass_at_k"]
    assert [(one["k"], one["value"], one["n"]) for one in told] == [(1, 0.5, 2), (2, 0.5, 2)]


def test_what_tasks_are_called_does_not_drive_a_terminal() -> None:
    wild = "\x1b[2Jw\nild"
    evaluated = evaluation(
        record(wild, "error", groups=(wild,), reason=wild, official=True, strict=False, objections=[objection(wild)])
    )
    text = shown(evaluated)
    assert "\x1b" not in text
    assert "ild\n" not in text.replace("w ild", "")


def test_a_narrow_console_and_many_groups_are_borne() -> None:
    evaluated = evaluation(*(record(f"t{i}", "proved", groups=(f"group-of-a-long-name-{i}",)) for i in range(40)))
    assert max(map(len, shown(evaluated, width=50).splitlines()[3:25])) <= 50
    assert "and 20 more groups" in shown(evaluated)


def test_nothing_at_all_is_shown_as_such() -> None:
    assert "nothing to count" in shown(evaluation())


def test_long_times_are_in_hours() -> None:
    assert [long_duration(s) for s in (1.0, 150, 7199, 7200, 86_399.9)] == [
        "1.0 s",
        "2 min 30 s",
        "119 min 59 s",
        "2 h 00 min",
        "24 h 00 min",
    ]


def test_the_json_object_has_all_figures() -> None:
    told = json.loads(evaluation_json(figures_of(SCENE)).to_line())
    assert next(iter(told)) == "schema_version"
    assert (told["benchmark"], told["run"], told["finished"], told["tasks"]) == ("made-up", "runs/one", False, 5)
    assert told["counts"]["not run"] == 1
    assert [(r["label"], r["solved"], r["n"]) for r in told["rates"]] == [
        ("all", 1, 4),
        ("supported", 1, 3),
        ("supported, not verifying untouched", 1, 3),
        ("without few-shot", 0, 3),
    ]
    assert told["official"]["not_strict"][0]["objections"][0]["rule"] == "assume"
    assert told["reasons"]["unsupported"][0]["tasks"] == ["d"]
    assert told["pass_at_k"][0]["n"] == 4
    assert told["totals"]["cost_usd"] == 0.5
    assert EvalJson.model_validate(told) == evaluation_json(figures_of(SCENE))


def test_json_says_why_there_is_no_result_and_what_has_no_rate() -> None:
    told = json.loads(unfinished_json("verina", "no data").to_line())
    assert (told["benchmark"], told["finished"], told["reason"], told["rates"]) == ("verina", False, "no data", [])
    empty = TaskRecord(task("a", groups=("g",)))
    assert (
        json.loads(evaluation_json(figures_of(evaluation(empty, state="running"))).to_line())["groups"][0]["rate"]
        is None
    )


def test_numbers_of_attempts_are_told() -> None:
    twice = TaskRecord(task("a"), (attempt("a", "unknown", 1, tokens=5), attempt("a", "proved", 2, tokens=5)))
    assert "2 attempts" in shown(evaluation(twice))
