"""DafnyBench: its two published forms, and its own rule of success with its quirks."""

import json
import string
from collections.abc import Sequence
from pathlib import Path

import pytest
from benchmark_data import published
from hypothesis import given
from hypothesis import strategies as st

from prover.benchmarks.benchmark import Choice, DataProblem, OfficialRule, ReadsAnswers, Refused
from prover.benchmarks.dafnybench import REFUSED, UNTOUCHED
from prover.benchmarks.dafnybench_rule import APPENDED, contract_lines
from prover.benchmarks.registry import benchmark
from prover.benchmarks.task import BenchmarkTask, NotLoaded

PROMPT = """// requires care: doubles a number
method Double(n: int) returns (r: int)
  requires 0 <= n
  ensures r == 2 * n
{
  /*
  ensures nothing
  */
  r := 0;
  var i := 0;
  while i < n
  {
    r := r + 2;
    i := i + 1;
  }
}
"""
SOLVED = PROMPT.replace("while i < n\n", "while i < n\n    invariant 0 <= i <= n && r == 2 * i\n")
CHEATING = "lemma {:verify false} Taken(n: int)\n  ensures n < n + 1\n{\n  if * { assume false; }\n}\n"


def load(data: Path | None, choice: Choice | None = None) -> Sequence[BenchmarkTask | NotLoaded]:
    found = benchmark("dafnybench").load(data, choice or Choice())
    assert not isinstance(found, DataProblem), found.reason
    return list(found)


def rule() -> OfficialRule:
    official = benchmark("dafnybench").official
    assert official is not None
    return official


def record(id_: object, prompt: object = PROMPT, truth: object = SOLVED, file: str = "x.dfy") -> dict[str, object]:
    return {"test_ID": id_, "test_file": file, "ground_truth": truth, "hints_removed": prompt}


def written(folder: Path, *records: object) -> Path:
    (folder / "test.json").write_text(json.dumps(records))
    return folder


def task_of(prompt: str, tmp_path: Path) -> BenchmarkTask:
    (task,) = load(written(tmp_path, record("000", prompt)))
    assert isinstance(task, BenchmarkTask)
    return task


# ------------------------------------------------------------------------------------------------------------- the data


def test_a_record_is_a_proof_task_with_its_reference(tmp_path: Path) -> None:
    (task,) = load(written(tmp_path, record("005", file="Clover_double.dfy")))
    assert isinstance(task, BenchmarkTask)
    assert (task.id, task.language, task.mode, task.source, task.reference) == ("005", "dafny", "proof", PROMPT, SOLVED)
    assert (task.licence, task.commit, task.groups, task.path) == ("Apache-2.0", "0cd28fe", ("Clover",), None)
    assert task.baseline == () and task.defects == () and task.toolchain == "Dafny 4"


@pytest.mark.parametrize("where", ["test.json", "DafnyBench/test.json", "dataset/test.json"])
def test_the_file_is_found_in_a_clone_too(where: str, tmp_path: Path) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True, exist_ok=True)
    written(file.parent, record("000"))
    assert [t.id for t in load(tmp_path)] == [t.id for t in load(file)] == ["000"]


def test_the_two_folders_are_read_with_the_ids_of_the_table(tmp_path: Path) -> None:
    root = tmp_path / "DafnyBench"
    for folder in ("metadata", "dataset/ground_truth", "dataset/hints_removed"):
        (root / folder).mkdir(parents=True)
    for name in ("b c, d", "A", "unlisted"):
        (root / "dataset" / "hints_removed" / f"{name}_no_hints.dfy").write_text(PROMPT)
        (root / "dataset" / "ground_truth" / f"{name}.dfy").write_text(SOLVED)
    (root / "dataset" / "ground_truth" / "A.dfy").unlink()
    table = 'test_ID,test_file,verifies_without_hints\n001,"b c, d_no_hints.dfy",True\n007,A_no_hints.dfy,False\n'
    (root / "metadata" / "hints_removed_metadata.csv").write_text(table)
    found = [t for t in load(tmp_path) if isinstance(t, BenchmarkTask)]
    assert [(t.id, t.reference) for t in found] == [("001", SOLVED), ("007", None), ("unlisted", SOLVED)]
    assert [t.id for t in load(root / "dataset")] == ["001", "007", "unlisted"]
    # The table also tells what verified upstream without a hint, and it is looked at beside `test.json` too.
    assert [t.groups for t in found] == [("repositories", UNTOUCHED), ("repositories",), ("repositories",)]
    assert [t.groups for t in load(written(root, record("001"), record("007")))] == [t.groups for t in found[:2]]
    (root / "metadata" / "hints_removed_metadata.csv").write_bytes(b"test_ID,test_file\n001,\xff\n")
    assert [t.groups for t in load(root)] == [("repositories",)] * 2


def test_what_the_prompt_takes_on_trust_is_its_baseline(tmp_path: Path) -> None:
    task = task_of("lemma {:axiom} A() ensures 1 < 2\n" + CHEATING, tmp_path)
    assert {b.split(" in ")[0] for b in task.baseline} >= {"assume", "verify-false", "attribute-axiom"}
    assert len(task.defects) == 2 and all("upstream" in d for d in task.defects)


def test_a_name_that_the_harness_takes_is_told(tmp_path: Path) -> None:
    assert task_of(PROMPT.replace("Double", "abs"), tmp_path).defects != ()
    assert task_of("class C { function abs(x: int): int { x } }\n" + PROMPT, tmp_path).defects == ()


@pytest.mark.parametrize(
    "bad",
    [3, None, [], {}, record(None), record(""), record("a\nb"), record("0", None), record("0", ""), record("0", "a\0"),
     record("0", "\ud800"), record("0", "/" * 2_000_001)],
)  # fmt: skip
def test_a_record_that_is_none_is_told_and_the_others_are_there(bad: object, tmp_path: Path) -> None:
    first, second = load(written(tmp_path, bad, record("111")))
    assert isinstance(first, NotLoaded) and first.status == "invalid" and second.id == "111"


def test_equal_ids_and_numbers_as_ids(tmp_path: Path) -> None:
    assert [t.id for t in load(written(tmp_path, record(7), record("007"), record(8)))] == [
        "007",
        "007 (record 2)",
        "008",
    ]


def test_what_is_no_data_is_told_with_the_next_step(tmp_path: Path) -> None:
    def reason(data: Path | None, choice: Choice | None = None) -> str:
        found = benchmark("dafnybench").load(data, choice or Choice())
        assert isinstance(found, DataProblem)
        return found.reason

    assert "prover data fetch dafnybench" in reason(None)
    assert "no such folder" in reason(tmp_path / "nowhere") and "neither" in reason(tmp_path)
    assert "only" in reason(tmp_path, Choice(language="lean")) and "only" in reason(tmp_path, Choice(mode="code"))
    for text in ("{", '{"a": 1}', "[" * 100_000, "[]"):
        (tmp_path / "test.json").write_text(text)
        reason(tmp_path)
    (tmp_path / "test.json").write_bytes(b"\xff")
    reason(tmp_path)


def test_all_published_tasks_load_and_their_references_pass_the_static_rule() -> None:
    found = load(published("dafnybench_dev"))
    tasks = [t for t in found if isinstance(t, BenchmarkTask)]
    assert len(tasks) == len(found) and [t.id for t in tasks] == [f"{n:03d}" for n in range(0, 785, 5)]
    for task in tasks:
        assert task.reference is not None
        assert rule().spliced(task, task.reference) == task.reference + APPENDED
    told = {b.split(" in ")[0] for t in tasks for b in t.baseline}
    assert {"assume", "attribute-axiom", "verify-false"} <= told


# ------------------------------------------------------------------------------------------------------------- the rule


def edited(old: str, new: str) -> str:
    assert old in SOLVED
    return SOLVED.replace(old, new)


ACCEPTED = {
    "the reference": SOLVED,
    "the prompt as it was": PROMPT,
    "an assertion": edited("r := r + 2;", "assert r == 2 * i;\n    r := r + 2;"),
    "another assume": edited("r := r + 2;", "assume r == 2 * i;\n    r := r + 2;"),
    "assume (false)": edited("r := r + 2;", "assume (false);\n    r := r + 2;"),
    "assume with two spaces": edited("r := r + 2;", "assume  false;\n    r := r + 2;"),
    "assume with an attribute": edited("r := r + 2;", "assume {:axiom} false;\n    r := r + 2;"),
    "verify false with another space": "lemma {: verify false} L() {}\n" + SOLVED,
    "an axiom": SOLVED + "lemma {:axiom} False()\n",
    "other code": edited("r := r + 2;", "r := r + 1;\n    r := r + 1;"),
    "spaces within a contract": edited("requires 0 <= n", "requires 0<=n"),
    "another indentation": edited("  ensures r == 2 * n", "\t ensures r == 2 * n  "),
    "Windows line ends": SOLVED.replace("\n", "\r\n"),
    "a contract in a line comment": edited("r := 0;", "// this ensures more\n  r := 0;"),
    "a contract in a comment of several lines": edited("r := 0;", "/* this\n ensures more\n */\n  r := 0;"),
    "a helper without a contract": SOLVED + "function Helper(n: int): int { n }\n",
    "an abs of its own": SOLVED + "function abs(a: int): int { a }\n",
    "nothing but the contract": "requires 0 <= n\nensures r == 2 * n\n",
    "a contract moved to another line": edited("r := 0;", "r := 0;\n"),
    "the contract of another method name": edited("Double", "Triple"),
    "no line end at its end": SOLVED.rstrip(),
}
REJECTED = {
    "nothing": ("", "contract-changed"),
    "a lost precondition": (edited("  requires 0 <= n\n", ""), "contract-changed"),
    "a lost postcondition": (edited("  ensures r == 2 * n\n", ""), "contract-changed"),
    "a weaker postcondition": (edited("r == 2 * n\n{", "r >= 2 * n\n{"), "contract-changed"),
    "a postcondition more": (
        edited("  ensures r == 2 * n\n", "  ensures r == 2 * n\n  ensures true\n"),
        "contract-changed",
    ),
    "a helper lemma with a contract": (SOLVED + "lemma L(n: int)\n  ensures n < n + 1\n{}\n", "contract-changed"),
    "the order changed": (
        edited("  requires 0 <= n\n  ensures r == 2 * n\n", "  ensures r == 2 * n\n  requires 0 <= n\n"),
        "contract-changed",
    ),
    "two contracts on one line": (
        edited("requires 0 <= n\n  ensures r == 2 * n", "requires 0 <= n ensures r == 2 * n"),
        "contract-changed",
    ),
    "a contract broken in two": (edited("ensures r == 2 * n", "ensures\n    r == 2 * n"), "contract-changed"),
    "a tab within a contract": (edited("requires 0 <= n", "requires\t0 <= n"), "contract-changed"),
    "a comment behind a contract": (edited("requires 0 <= n", "requires 0 <= n // of course"), "contract-changed"),
    "a contract commented out": (edited("  requires 0 <= n", "  // requires 0 <= n"), "contract-changed"),
    "the word in an invariant's comment": (edited("&& r == 2 * i", "&& r == 2 * i // ensures it"), "contract-changed"),
    "the word in a name": (edited("var i := 0;", "var i := 0;\n  var ensures_ := 1;"), "contract-changed"),
    "the word in a one-line comment": (edited("r := 0;", "r := 0; /* ensures */"), "contract-changed"),
    "a comment end behind code": (edited("method Double", "ghost /* */\nmethod Double"), "contract-changed"),
    "verify false": (edited("method Double", "method {:verify false} Double"), "verify-false"),
    "verify false in a comment": (SOLVED + "// no {:verify false} here\n", "verify-false"),
    "assume false": (edited("r := r + 2;", "assume false;\n    r := r + 2;"), "assume-false"),
    "assume false in a comment": (SOLVED + "// never assume false\n", "assume-false"),
    "assume falsehood, a name": (edited("r := 0;", "r := 0; var falsehood := true; assume falsehood;"), "assume-false"),
    "assume false in a string": (edited("r := 0;", 'r := 0; print "assume false";'), "assume-false"),
}


@pytest.mark.parametrize("answer", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_the_harness_would_verify(answer: str, tmp_path: Path) -> None:
    assert rule().spliced(task_of(PROMPT, tmp_path), answer) == answer + APPENDED


@pytest.mark.parametrize(("answer", "why"), list(REJECTED.values()), ids=REJECTED.keys())
def test_the_harness_would_refuse(answer: str, why: str, tmp_path: Path) -> None:
    refused = rule().spliced(task_of(PROMPT, tmp_path), answer)
    assert isinstance(refused, Refused) and why in {o.rule for o in refused.objections}
    for objection in refused.objections:
        assert objection.line is None or 1 <= objection.line <= answer.count("\n") + 1


def test_what_the_prompt_has_itself_may_stay_but_not_become_more(tmp_path: Path) -> None:
    task = task_of(CHEATING + PROMPT, tmp_path)
    assert isinstance(rule().spliced(task, CHEATING + SOLVED), str)
    assert isinstance(
        rule().spliced(task, SOLVED.replace("method", "lemma Taken(n: int)\n  ensures n < n + 1\n{}\nmethod")), str
    )
    refused = rule().spliced(task, CHEATING + SOLVED.replace("r := r + 2;", "assume false;"))
    assert isinstance(refused, Refused) and [o.rule for o in refused.objections] == ["assume-false"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Here: ```dafny\nA\n``` and then ```dafny\nB\n```", "\nA\n"),  # the first block, not the last
        ("```\nA\n``` ```dafny\nB\n```", "\nB\n"),
        ("```\nA\n``` ```\nB\n```", "\nA\n"),
        ("```Dafny\nA\n```", "\nA\n"),
        ("```dafny\nA\n``` <answer>B</answer>", "B"),
        ("<answer>```dafny\nA\n```</answer>", "```dafny\nA\n```"),
        ("```dafny\nmethod M()", "\nmethod M("),  # what does not end loses its last character
        ("<answer>", ""),
        ("method M()", "method M()"),
        ("", ""),
    ],
)
def test_the_harness_has_its_own_way_to_read_what_a_model_said(said: str, answer: str) -> None:
    official = rule()
    assert isinstance(official, ReadsAnswers) and official.read(said) == answer


def test_a_prompt_is_read_with_the_line_ends_of_any_system_but_an_answer_is_not(tmp_path: Path) -> None:
    for end in ("\r\n", "\r"):
        task = task_of(PROMPT.replace("\n", end), tmp_path)
        assert isinstance(rule().spliced(task, SOLVED), str)
    refused = rule().spliced(task_of(PROMPT, tmp_path), SOLVED.replace("\n", "\r"))
    assert isinstance(refused, Refused)


def test_prompts_that_upstream_refuses_whatever_is_put_in_are_a_group_of_their_own(tmp_path: Path) -> None:
    assert task_of(CHEATING + PROMPT, tmp_path).groups == ("repositories", REFUSED)
    assert task_of(PROMPT + "// assume false\n", tmp_path).groups == ("repositories", REFUSED)
    assert task_of(PROMPT + "// assume  false\n", tmp_path).groups == ("repositories",)


def test_an_objection_points_at_its_place(tmp_path: Path) -> None:
    refused = rule().spliced(
        task_of(PROMPT, tmp_path), SOLVED.replace("2 * n\n{", "2 * n || true\n{") + "  assume false;"
    )
    assert isinstance(refused, Refused)
    changed, assumed = refused.objections
    assert (changed.line, assumed.line, assumed.column) == (4, SOLVED.count("\n") + 1, 2)


def test_the_verifier_has_fifteen_seconds_and_no_pinned_minor_version() -> None:
    assert rule().seconds == 15 and str(rule().pin) == "Dafny 4"


# ----------------------------------------------------------------------------------------------------- contract lines


def test_comment_marks_within_a_line_flip_what_counts() -> None:
    text = "a /* x */\nensures 1\n/* y\nensures 2\n*/\nensures 3\n/* z */\nensures 4 /* w */\nensures 5\n"
    # Behind line 1 all is taken for a comment; line 3 ends that, line 5 begins it again, line 7 ends and begins it.
    assert [c.number for c in contract_lines(text)] == [4, 9]


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["requires a", "ensures b ", "  // ensures c", "/* d", "e */", "/* ensures f */", "g", "", "\t"]
        ),
        st.text(string.ascii_letters + " */", max_size=12),
    ),
    max_size=12,
)


@given(LINES)
def test_contract_lines_are_lines_in_order_with_a_word_and_no_spaces(parts: list[str]) -> None:
    found = list(contract_lines("\n".join(parts)))
    assert [c.number for c in found] == sorted({c.number for c in found})
    for contract in found:
        assert contract.text == parts[contract.number - 1].strip().replace(" ", "")
        assert "requires" in contract.text or "ensures" in contract.text


@given(LINES)
def test_hints_without_the_words_and_without_comments_change_no_contract(parts: list[str]) -> None:
    hinted = [line for part in parts for line in (part, "  invariant 0 <= i")]
    texts = [[c.text for c in contract_lines("\n".join(lines))] for lines in (parts, hinted)]
    assert texts[0] == texts[1]


@given(st.text(max_size=80))
def test_any_answer_has_a_verdict(answer: str) -> None:
    task = BenchmarkTask("dafnybench", "000", "dafny", "proof", PROMPT)
    assert isinstance(rule().spliced(task, answer), str | Refused)
