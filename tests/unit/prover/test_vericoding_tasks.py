"""Vericoding tasks: regions are found and filled, answers are read into them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from prover.answers.reading import NotAnEdit
from prover.inputs import SourceFile
from prover.languages import Language
from prover.policy.opening import Model
from prover.sampling.plain import estimated_tokens, plain_text
from prover.sampling.port import Answer, Finish, Prompt, Sample, SampleRequest
from prover.settings import Settings
from prover.vericoding.asking import NotAsked, implementation_of, requests_of, view_of
from prover.vericoding.gathering import gathered
from prover.vericoding.marked import open_task, read_task
from prover.vericoding.task import VericodingTask

DAFNY = """\
// <preamble>
predicate Small(n: int) { n < 10 }
// </preamble>
// <helpers>

// </helpers>
// <proofs>

// </proofs>
// <spec>
method Next(n: nat) returns (m: nat)
  ensures m == n + 1
// </spec>
// <code>
{
  // here
}
// </code>
"""
LEAN = """\
import Mathlib

-- !benchmark @start auxcode
-- !benchmark @end auxcode

def next (n : Nat) : Nat :=
  -- !benchmark @start code
  sorry
  -- !benchmark @end code

def low (n : Nat) : Nat := if n = 0 then 0 else low (n - 1)
decreasing_by sorry

-- !benchmark @start lemma
-- !benchmark @end lemma

theorem next_meets (n : Nat) : next n = n + 1 := by
  -- !benchmark @start proof
  sorry
  -- !benchmark @end proof
"""
TEXTS: dict[Language, str] = {"dafny": DAFNY, "lean": LEAN}


def task(language: Language = "dafny", text: str | None = None, informal: str = "") -> VericodingTask:
    found = read_task(text or TEXTS[language], language, "next", informal=informal)
    assert isinstance(found, VericodingTask), found
    return found


def read(answer: str, of: VericodingTask | None = None) -> str | NotAnEdit:
    return implementation_of(of or task(), Sample(answer, 10, Finish.STOP))


# --------------------------------------------------------------------------------------------------------------- tasks


@pytest.mark.parametrize("language", ["dafny", "lean"])
def test_nothing_filled_in_is_the_text(language: Language) -> None:
    own = task(language)
    assert own.rendered({}) == TEXTS[language]
    assert [r.name for r in own.stubs] == ["code"]
    assert not own.is_implemented(TEXTS[language])


def test_regions_are_filled_by_name() -> None:
    own = task()
    text = own.rendered({"code": "{\n  m := n + 1;\n}\n"})
    assert text == DAFNY.replace("  // here\n", "  m := n + 1;\n")
    assert own.is_implemented(text)
    with pytest.raises(KeyError):
        own.rendered({"main": ""})


def test_several_regions_of_a_kind_are_numbered() -> None:
    text = DAFNY + DAFNY.replace("Next", "Then").replace("Small", "Large")
    assert [r.name for r in task(text=text).regions] == ["helpers", "proofs", "code", "helpers2", "proofs2", "code2"]


def test_what_a_task_takes_for_granted_is_told() -> None:
    own = task("lean")
    assert own.imports == ("Mathlib",)
    assert own.baseline == ("sorry: `sorry`",)  # of the specification, not of the slots
    assumed = DAFNY.replace("  // here\n", "  assume {:axiom} false;\n")
    assert task(text=assumed).baseline == ()  # a stub is replaced
    axiom = DAFNY.replace("// </preamble>", "lemma {:axiom} A() ensures Small(9)\n// </preamble>")
    assert [b.split(" ")[0] for b in task(text=axiom).baseline] == ["bodyless-lemma", "attribute-axiom"]


def source(text: str, target: str | None = None) -> SourceFile:
    return SourceFile(Path("next.dfy"), text, hashlib.sha256(text.encode()).hexdigest(), target=target)


def test_which_files_are_to_be_implemented() -> None:
    assert open_task(source(DAFNY)) is not None
    assert open_task(source(DAFNY, target="Next")) is None  # one declaration's proof is asked for
    assert open_task(source(DAFNY.replace("  // here\n", "  m := n + 1;\n"))) is None  # implemented already
    assert open_task(source("method M() { }\n")) is None
    assert open_task(source("// <code>\nmethod M() { }\n")) is None  # no tags that can be relied on


def test_the_problem_in_words_is_read_from_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "dafny_spec.dfy"
    here = SourceFile(file, DAFNY, hashlib.sha256(DAFNY.encode()).hexdigest())
    alone = open_task(here)
    (tmp_path / "dafny_nl.txt").write_text("Count on by one.")
    found = open_task(here)
    assert alone is not None and found is not None
    assert (alone.informal, found.informal) == ("", "Count on by one.")


# ------------------------------------------------------------------------------------------------------------- answers

BODY = "{\n  m := n + 1;\n}\n"
DONE = DAFNY.replace("{\n  // here\n}\n", BODY)


@pytest.mark.parametrize(
    "answer",
    [f"```dafny\n{DONE}```", f"```dafny\n{BODY}```", f"```dafny\n// <code>\n{BODY}// </code>\n```"],
    ids=["the whole file", "the body", "the region"],
)
def test_answers_of_several_forms_are_read(answer: str) -> None:
    assert read(answer) == DONE


def test_what_an_answer_changes_outside_of_the_tags_is_left_out() -> None:
    assert read(f"```dafny\n{DONE.replace('m == n + 1', 'true')}```") == DONE


def test_without_tags_methods_go_among_the_helpers() -> None:
    helper = "method Add(a: nat) returns (b: nat) { b := a + 1; }"
    bare = "\n".join(line for line in DONE.splitlines() if not line.startswith("//"))
    found = read(f"```dafny\n{bare.replace('method Next', helper + chr(10) + 'method Next')}\n```")
    assert isinstance(found, str)
    assert f"// <helpers>\n{helper}\n// </helpers>" in found


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("I cannot.", "missing"),
        (f"```dafny\n{DAFNY}```", "missing"),
        ("```dafny\n{\n  m := n + 1;\n```", "unbalanced"),
        (f"```dafny\n{DONE.replace('  m :=', '// <code>' + chr(10) + '  m :=')}```", "regions-changed"),
    ],
)
def test_what_is_no_implementation_says_why(answer: str, rule: str) -> None:
    found = read(answer)
    assert isinstance(found, NotAnEdit), found
    assert found.rule == rule or rule == "unbalanced"


def test_lean_answers_are_read_by_their_slots() -> None:
    own = task("lean")
    done = LEAN.replace("@start code\n  sorry", "@start code\n  n + 1").replace(
        "@start proof\n  sorry", "@start proof\n  rfl"
    )
    assert read(f"```lean4\n{done}```", own) == done
    assert read(f"```lean4\n{done.replace('next n = n + 1', 'True')}```", own) == done


# ------------------------------------------------------------------------------------------------------------- prompts


class Counting:
    name = "model"
    window = None

    def count(self, prompt: Prompt) -> int:
        return estimated_tokens(prompt)

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        raise AssertionError("nobody asks")

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("language", ["dafny", "lean"])
def test_prompts_have_the_problem_in_words_and_the_whole_file(language: Language) -> None:
    own = task(language, informal="Count on by one.")
    requests = requests_of(own, Model("", Counting(), "generic", ""), Settings())
    assert isinstance(requests, tuple)
    assert [(r.n, r.temperature) for r in requests] == [(1, 0.0), (7, 0.7)]
    text = plain_text(requests[0].prompt)
    assert "Count on by one." in text and own.text.strip() in text
    assert all(note in text for note in view_of(own).notes)


def test_a_family_without_such_prompts_is_not_asked() -> None:
    for family in ("bfs", "compact"):
        found = requests_of(task("lean"), Model("", Counting(), family, ""), Settings())
        assert isinstance(found, NotAsked) and family in found.reason


# ----------------------------------------------------------------------------------------------------------- gathering


def test_lemmas_and_measures_of_a_search_go_into_regions() -> None:
    lemma = "lemma L(n: nat)\n  ensures n >= 0\n{\n}"
    found = DONE.replace("method Next", f"{lemma}\n\nmethod Next").replace(
        "n + 1\n// </spec>", "n + 1\n  decreases n\n// </spec>"
    )
    text = gathered(found, DONE, "dafny")
    wanted = DONE.replace("// <proofs>\n\n", f"// <proofs>\n\n{lemma}\n")
    assert text == wanted.replace("// <code>\n", "// <code>\n  decreases n\n")  # and nothing else, byte for byte
    assert gathered(DONE, DONE, "dafny") == DONE


def test_lean_lemmas_go_into_their_slot() -> None:
    lemma = "theorem l (n : Nat) : n = n := rfl"
    found = LEAN.replace("theorem next_meets", f"{lemma}\n\ntheorem next_meets")
    text = gathered(found, LEAN, "lean")
    assert f"-- !benchmark @start lemma\n{lemma}\n" in text
    assert text.count(lemma) == 1 and task("lean").is_implemented(text) is False
