"""Answers that somebody else made, as they are read."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from evaluation_scenes import not_loaded, task
from hypothesis import given, settings
from hypothesis import strategies as st

from prover.benchmarks.task import BenchmarkTask, NotLoaded, Segment
from prover.evaluation.answers import Answers, answered, code_of, read_answers
from prover.evaluation.records import EvaluationProblem
from prover.evaluation.resuming import answers_digest

NAMED = [task("abs"), task("sub/max.dfy"), task("a b")]
TASKS: list[BenchmarkTask | NotLoaded] = [*NAMED, not_loaded("broken", "invalid")]
FILE = "method Abs(x: int) returns (y: int)\n  ensures y >= 0\n{\n  y := if x < 0 then -x else x;\n}\n"
HOLE = task(
    "hole",
    source="lemma L()\n  ensures 1 + 1 == 2\n{\n}\n",
    segments=(Segment("lemma L()\n  ensures 1 + 1 == 2\n"), Segment("{\n}\n", editable=True)),
)


def read(path: Path) -> Answers:
    found = read_answers(path, TASKS)
    assert isinstance(found, Answers), found
    return found


def refused(path: Path) -> str:
    found = read_answers(path, TASKS)
    assert isinstance(found, EvaluationProblem), found
    return found.reason


def jsonl(folder: Path, *records: object) -> Path:
    path = folder / "answers.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def test_files_are_found_by_id_slug_and_attempt(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    names = ["abs.dfy", "abs.2.dfy", "abs.10.proved.dfy", "sub/max.dfy", "a b.dfy", "other.dfy", "notes.csv"]
    for name in names:
        (tmp_path / name).write_text(f"// {name}")
    found = read(tmp_path)
    assert found.texts == {
        ("abs", 1): "// abs.dfy",
        ("abs", 2): "// abs.2.dfy",
        ("abs", 10): "// abs.10.proved.dfy",
        ("sub/max.dfy", 1): "// sub/max.dfy",
        ("a b", 1): "// a b.dfy",
    }
    assert found.problems == ("other: no such task was chosen",)


@pytest.mark.parametrize("kind", ["proved", "partial", "answer"])
def test_a_run_folders_own_proofs_can_be_judged_again(tmp_path: Path, kind: str) -> None:
    from prover.evaluation.records import slug

    for one in NAMED:
        (tmp_path / f"{slug(one.id)}.{kind}.dfy").write_text(one.id)
    assert read(tmp_path).texts == {("abs", 1): "abs", ("sub/max.dfy", 1): "sub/max.dfy", ("a b", 1): "a b"}


def test_lines_are_numbered_in_their_order_unless_they_say(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path,
        {"id": "abs", "text": "one"},
        {"id": "abs", "text": "two", "model": "whose"},
        {"id": "abs", "text": "seven", "attempt": 7},
        {"id": "nobody", "text": ""},
        {"id": "broken", "text": ""},
    )
    found = read(path)
    assert found.texts == {("abs", 1): "one", ("abs", 2): "two", ("abs", 7): "seven"}
    assert found.missing == ("sub/max.dfy", "a b")
    assert [problem.split(":")[0] for problem in found.problems] == ["nobody", "broken"]


def test_attempts_are_made_round_by_round_in_the_order_of_the_tasks(tmp_path: Path) -> None:
    lines = [{"id": name, "text": name} for name in ("a b", "a b", "abs")]
    jobs = answered(jsonl(tmp_path, *lines), TASKS)
    assert not isinstance(jobs, EvaluationProblem)
    assert [(job.task.id, job.attempt, job.answer) for job in jobs] == [
        ("abs", 1, "abs"),
        ("a b", 1, "a b"),
        ("a b", 2, "a b"),
    ]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ([], "no JSON object"),
        ({"id": "abs"}, "either `text` or `completion`"),
        ({"id": 3, "text": ""}, "either `text` or `completion`"),
        ({"id": "abs", "text": "", "completion": ""}, "either `text` or `completion`"),
        ({"id": "abs", "text": "", "attempt": 0}, "whole number from 1"),
        ({"id": "abs", "text": "", "attempt": True}, "whole number from 1"),
    ],
)
def test_a_line_that_is_no_answer_stops_it_and_is_named(tmp_path: Path, record: object, reason: str) -> None:
    told = refused(jsonl(tmp_path, {"id": "abs", "text": "x"}, record))
    assert "line 2" in told
    assert reason in told


def test_the_same_attempt_twice_is_not_guessed_at(tmp_path: Path) -> None:
    twice = {"id": "abs", "text": "x", "attempt": 1}
    assert "line 2: a second attempt 1 at abs" in refused(jsonl(tmp_path, twice, twice))
    (tmp_path / "abs.dfy").write_text("x")
    (tmp_path / "abs.md").write_text("y")
    assert "a second attempt 1 at abs" in refused(tmp_path)


def test_nothing_that_fits_is_a_problem_with_an_example(tmp_path: Path) -> None:
    assert "no answer is there" in refused(tmp_path)
    assert "called like abs" in refused(jsonl(tmp_path, {"id": "x", "text": ""}))
    assert "cannot be read" in refused(tmp_path / "nowhere.jsonl")
    (tmp_path / "abs.dfy").write_bytes(b"\xff")
    assert "abs.dfy: is no UTF-8" in refused(tmp_path)


def test_of_what_a_model_said_the_last_block_is_taken(tmp_path: Path) -> None:
    said = f"<think>hm</think>First:\n```dafny\nnone\n```\nBetter:\n```dafny\n{FILE}```\nThat is it.\n"
    (tmp_path / "abs.md").write_text(said)
    assert read(tmp_path).texts["abs", 1].strip() == FILE.strip()
    assert read(jsonl(tmp_path, {"id": "abs", "completion": said})).texts["abs", 1].strip() == FILE.strip()
    assert read(jsonl(tmp_path, {"id": "abs", "text": said})).texts["abs", 1] == said


def test_what_a_model_said_is_kept_for_the_harness_that_reads_it_otherwise(tmp_path: Path) -> None:
    said = "```dafny\none\n```\n```dafny\ntwo\n```\n"
    path = jsonl(tmp_path, {"id": "abs", "completion": said}, {"id": "abs", "text": said})
    jobs = answered(path, TASKS)
    assert not isinstance(jobs, EvaluationProblem)
    assert [(job.attempt, job.said) for job in jobs] == [(1, said), (2, None)]
    assert (jobs[0].answer or "").strip() == "two"
    path.unlink()
    (tmp_path / "abs.txt").write_text(said)
    (tmp_path / "a b.dfy").write_text(said)
    assert read(tmp_path).said == {("abs", 1): said}


def test_a_run_that_goes_on_tells_the_words_of_a_model_from_others(tmp_path: Path) -> None:
    """Its harness may read another file in them, though we read the same."""
    same = "```dafny\ntwo\n```\n"
    digests = set()
    for said in (same, f"```dafny\none\n```\n{same}"):
        jobs = answered(jsonl(tmp_path, {"id": "abs", "completion": said}), TASKS)
        assert not isinstance(jobs, EvaluationProblem)
        assert (jobs[0].answer or "").strip() == "two"
        digests.add(answers_digest(jobs))
    assert len(digests) == 2


def test_what_a_model_wrote_into_the_editable_place_is_put_there() -> None:
    made = code_of(HOLE, "```dafny\nlemma L()\n  ensures 1 + 1 == 2\n{\n  assert true;\n}\n```")
    assert "assert true;" in made
    assert made.startswith("lemma L()\n  ensures 1 + 1 == 2\n")


def test_an_answer_without_code_stays_an_answer() -> None:
    assert code_of(NAMED[0], "I cannot do this.") == "I cannot do this."
    assert code_of(HOLE, "") == ""


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.builds(lambda r: json.dumps(r).encode(), st.dictionaries(st.text(), st.text())))
def test_no_file_is_too_strange(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "abs.txt")
        path.write_bytes(data)
        for place in (path, Path(folder)):
            assert isinstance(read_answers(place, TASKS), Answers | EvaluationProblem)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_answer_is_too_strange(said: str) -> None:
    assert isinstance(code_of(HOLE, said), str)
