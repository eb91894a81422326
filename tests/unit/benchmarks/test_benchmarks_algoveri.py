"""AlgoVeri: its folders load byte for byte, traps are told, candidates are spliced or refused as its harness does."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prover.benchmarks.algoveri import BENCHMARK, load_task
from prover.benchmarks.algoveri_rule import DAFNY_BANNED, LEAN_BANNED, RULE
from prover.benchmarks.benchmark import Choice, DataProblem, ReadsAnswers, Refused
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.languages import Language
from prover.vericoding.marked import read_task
from prover.vericoding.task import VericodingTask

DATA = "LEMMATREE_ALGOVERI"
"""Environment variable that names the folder of AlgoVeri's data, for tests that need it."""
DAFNY = """\
// <preamble>
predicate Small(n: int) { n < 10 }
// </preamble>

// <helpers>

// </helpers>

// <proofs>

// </proofs>

// <spec>
// The next number.
method Next(n: nat) returns (m: nat)
  ensures m == n + 1
// </spec>
// <code>
{
  assume {:axiom} false;
}
// </code>

method Main() { }
"""
LEAN = """\
import Mathlib

def low (n : Nat) : Nat := if n = 0 then 0 else low (n - 1)
decreasing_by all_goals sorry

-- !benchmark @start auxcode
-- !benchmark @end auxcode

def next (n : Nat) : Nat :=
  -- !benchmark @start code
  sorry
  -- !benchmark @end code

def next_post (n m : Nat) : Prop :=
  -- !benchmark @start postcond
  m = n + 1
  -- !benchmark @end postcond

-- !benchmark @start lemma
-- !benchmark @end lemma

theorem next_postcond_satisfied (n : Nat) : next_post n (next n) := by
  -- !benchmark @start proof
  sorry
  -- !benchmark @end proof
"""
TEXTS: dict[Language, str] = {"dafny": DAFNY, "lean": LEAN}
FILES: dict[Language, str] = {"dafny": "dafny_spec.dfy", "lean": "lean_spec.lean"}


def folder(root: Path, name: str, **files: str) -> Path:
    place = root / "algoveri_data" / name
    place.mkdir(parents=True)
    for file, text in files.items():
        (place / file.replace("__", ".")).write_bytes(text.encode())
    return place


def loaded(data: Path, language: Language | None = None) -> list[BenchmarkTask | NotLoaded]:
    found = BENCHMARK.load(data, Choice(language))
    assert not isinstance(found, DataProblem), found
    return list(found)


def task(language: Language, text: str | None = None) -> BenchmarkTask:
    return BenchmarkTask("algoveri", f"next/{language}", language, "codeproof", text or TEXTS[language])


def filled(language: Language, **fillings: str) -> str:
    """A candidate: the task with texts in its slots."""
    read = read_task(TEXTS[language], language, "next")
    assert isinstance(read, VericodingTask)
    return read.rendered(fillings)


def refused(language: Language, candidate: str) -> list[str]:
    found = RULE.spliced(task(language), candidate)
    assert isinstance(found, Refused), found
    assert all(o.message and o.line is None for o in found.objections)
    return [o.rule for o in found.objections]


def spliced(language: Language, candidate: str) -> str:
    found = RULE.spliced(task(language), candidate)
    assert isinstance(found, str), found
    return found


# -------------------------------------------------------------------------------------------------------------- loading


def test_folders_load_byte_for_byte_in_both_languages(tmp_path: Path) -> None:
    dafny = DAFNY.replace("\n", "\r\n", 3)
    folder(tmp_path, "kruskal", dafny_spec__dfy=dafny, dafny_nl__txt="words", lean_spec__lean=LEAN, lean_spec__txt="w2")
    folder(tmp_path, "a_first", dafny_spec__dfy=DAFNY, lean_spec__lean=LEAN)
    (tmp_path / "algoveri_data" / "README.md").write_text("no task")
    tasks = loaded(tmp_path)
    assert [t.id for t in tasks] == ["a_first/dafny", "a_first/lean", "kruskal/dafny", "kruskal/lean"]
    one, two = tasks[2:]
    assert isinstance(one, BenchmarkTask) and isinstance(two, BenchmarkTask)
    assert (one.source, one.informal, one.mode, one.statement) == (dafny, "words", "codeproof", "Next")
    assert (two.source, two.informal, two.statement) == (LEAN, "w2", "next_postcond_satisfied")
    assert (one.toolchain, two.toolchain, two.imports) == ("Dafny 4.11", "Lean 4.25 with Mathlib", ("Mathlib",))
    assert [s.name for s in one.segments if s.editable] == ["helpers", "proofs", "code"]
    assert [s.name for s in two.segments if s.editable] == ["auxcode", "code", "lemma", "proof"]
    assert (one.licence, one.commit) == ("Apache-2.0", "f08d468")
    assert one.path is not None and Path(one.path).name == "dafny_spec.dfy"
    assert loaded(tmp_path / "algoveri_data") == tasks
    assert loaded(tmp_path, "lean") == [t for t in tasks if t.language == "lean"]


def test_baselines_and_defects_are_told(tmp_path: Path) -> None:
    place = folder(tmp_path, "one", dafny_spec__dfy=DAFNY, lean_spec__lean=LEAN)
    lean, dafny = load_task(place, "lean"), load_task(place, "dafny")
    assert isinstance(lean, BenchmarkTask) and isinstance(dafny, BenchmarkTask)
    assert lean.baseline == ("sorry in low",)  # of the specification, not of the slots
    assert lean.defects == (
        "the precondition is not marked",
        "termination of a definition of the specification is not proved",
    )
    assert dafny.baseline == () == dafny.defects  # a stub is replaced


def test_damaged_folders_are_listed_with_their_reason(tmp_path: Path) -> None:
    place = folder(tmp_path, "one", dafny_spec__dfy="method M() { }\n")
    (place / "lean_spec.lean").write_bytes(b"\xff\xfe")
    dafny, lean = loaded(tmp_path)
    assert isinstance(dafny, NotLoaded) and isinstance(lean, NotLoaded)
    assert (dafny.status, lean.status, dafny.id) == ("invalid", "invalid", "one/dafny")
    assert "no region" in dafny.reason and lean.reason


def test_a_missing_language_is_listed_too(tmp_path: Path) -> None:
    folder(tmp_path, "one", dafny_spec__dfy=DAFNY)
    assert [type(t) for t in loaded(tmp_path)] == [BenchmarkTask, NotLoaded]


@pytest.mark.parametrize("data", [None, Path("nowhere"), Path()])
def test_data_that_is_not_there_is_told(data: Path | None, tmp_path: Path) -> None:
    found = BENCHMARK.load(data if data is None else tmp_path / data, Choice())
    assert isinstance(found, DataProblem) and found.reason


def test_there_are_no_plain_proof_tasks(tmp_path: Path) -> None:
    folder(tmp_path, "one", dafny_spec__dfy=DAFNY)
    assert isinstance(BENCHMARK.load(tmp_path, Choice(mode="proof")), DataProblem)


# ----------------------------------------------------------------------------------------------------------------- Lean

RIGHT = {"code": "  n + 1\n", "proof": "  rfl\n"}


def test_lean_slots_go_into_the_task_s_own_text() -> None:
    candidate = filled("lean", auxcode="def one := 1\n", lemma="theorem t : True := trivial\n", **RIGHT)
    assert spliced("lean", candidate) == candidate


def test_what_is_changed_outside_of_lean_s_slots_is_not_seen() -> None:
    candidate = filled("lean", **RIGHT)
    changed = candidate.replace("m = n + 1", "True").replace("import Mathlib\n", "") + "\naxiom cheat : False\n"
    assert spliced("lean", changed) == candidate


def test_a_lean_slot_without_tags_stays_with_its_sorry() -> None:
    candidate = re.sub(r"  -- !benchmark @start proof.*", "", filled("lean", **RIGHT), flags=re.DOTALL)
    assert spliced("lean", candidate) == filled("lean", code="  n + 1\n")


def test_code_or_proof_must_be_there() -> None:
    assert refused("lean", "") == ["missing"]
    assert refused("lean", "-- !benchmark @start lemma\n-- !benchmark @end lemma") == ["missing"]


@pytest.mark.parametrize("word", LEAN_BANNED)
@pytest.mark.parametrize("slot", ["auxcode", "code", "lemma", "proof"])
def test_lean_s_banned_words_are_refused_in_every_slot(word: str, slot: str) -> None:
    assert refused("lean", filled("lean", **{**RIGHT, slot: f"  -- {word}\n"})) == ["banned"]


def test_words_are_found_in_names_and_comments() -> None:
    assert refused("lean", filled("lean", **RIGHT, auxcode="def partial_sum := 0\n")) == ["banned"]
    assert refused("lean", filled("lean", **RIGHT, lemma="theorem constants : True := trivial\n")) == ["banned"]
    assert refused("lean", filled("lean", **{**RIGHT, "proof": "  rfl -- no sorry\n"})) == ["banned"]


def test_the_task_s_own_sorry_is_no_cheat() -> None:
    assert "decreasing_by all_goals sorry" in spliced("lean", filled("lean", **RIGHT))
    assert refused("lean", LEAN) == ["banned", "banned"]  # the stubs


def test_what_lean_s_harness_does_not_ban_passes() -> None:
    for text in ("  native_decide\n", "  exact lcProof\n", "  trivial\nelab_rules\n"):
        assert text in spliced("lean", filled("lean", code="  n + 1\n", proof=text))


@pytest.mark.parametrize(
    ("given", "put"),
    [
        (r'  "a\nb".length', '  "a\nb".length'),
        (r"  'x\t'", "  'x\t'"),
        (r"  s \ t", r"  s \ t"),
        (r"  s \\ t", r"  s \ t"),
        (r"  \101", "  A"),
        (r"  \g<0>", None),
    ],
)
def test_the_splice_reads_backslashes(given: str, put: str | None) -> None:
    candidate = filled("lean", code=f"{given}\n", proof="  rfl\n")
    found = RULE.spliced(task("lean"), candidate)
    if put is None:  # the slot's old text with its tags, in the middle of the new one
        assert isinstance(found, str | Refused)
    else:
        assert found == filled("lean", code=f"{put}\n", proof="  rfl\n")


@pytest.mark.parametrize("given", [r"\1", r"\g<x>", r"\e", r"\x41", r"fun \lambda", "\\"])
def test_backslashes_that_break_the_splice_lose_the_answer(given: str) -> None:
    ended = given if given != "\\" else "\\q"
    assert refused("lean", filled("lean", code=f"  {ended}\n", proof="  rfl\n")) == ["backslash"]


def test_tags_in_slots_cannot_reach_the_specification() -> None:
    inside = "-- !benchmark @start lemma\n"
    assert refused("lean", filled("lean", **RIGHT).replace("-- !benchmark @end auxcode", inside * 2)) == [
        "regions-changed"
    ]
    assert refused("lean", filled("lean", **{**RIGHT, "code": f"  n\n{inside}"})) == ["regions-changed"]
    hidden = r"  n" + "\n" + r"\055- !benchmark @end code" + "\n" + r"\055- !benchmark @start lemma" + "\n"
    assert refused("lean", filled("lean", **{**RIGHT, "code": hidden})) == ["frozen-changed"]


# ---------------------------------------------------------------------------------------------------------------- Dafny

BODY = {"code": "{\n  m := n + 1;\n}\n"}


def test_dafny_s_answer_is_taken_as_it_is() -> None:
    candidate = filled("dafny", helpers="function One(): int { 1 }\n", proofs="lemma L() { }\n", **BODY)
    assert spliced("dafny", candidate) == candidate


def test_preamble_and_specification_are_overwritten() -> None:
    candidate = filled("dafny", **BODY)
    changed = candidate.replace("n < 10", "true").replace("m == n + 1", "true")
    assert changed != candidate and spliced("dafny", changed) == candidate


def test_what_stands_outside_of_all_tags_stays() -> None:
    candidate = filled("dafny", **BODY).replace("method Main() { }", "lemma {:induction false} L() { }")
    assert spliced("dafny", candidate) == candidate


@pytest.mark.parametrize("word", DAFNY_BANNED)
@pytest.mark.parametrize("region", ["helpers", "proofs", "code"])
def test_dafny_s_banned_words_are_refused_in_every_region(word: str, region: str) -> None:
    assert refused("dafny", filled("dafny", **{**BODY, region: f"// {word}\n"})) == ["banned"]


@pytest.mark.parametrize("text", ["// as expected\n", "function assumed(): int { 1 }\n", "// external\n", "{:axiom}\n"])
def test_words_within_words_are_refused(text: str) -> None:
    assert refused("dafny", filled("dafny", helpers=text, **BODY)) == ["banned"]


def test_the_stub_with_its_assumption_is_refused() -> None:
    assert refused("dafny", DAFNY) == ["banned", "banned"]


def test_an_assumption_in_the_preamble_does_not_help() -> None:
    candidate = filled("dafny", **BODY).replace("n < 10 }", "n < 10 }\nlemma {:axiom} F() ensures false")
    assert spliced("dafny", candidate) == filled("dafny", **BODY)


@pytest.mark.parametrize("text", ["decreases *\n", "while true { }\n", "lemma F()\n  ensures false\n"])
def test_what_dafny_s_harness_does_not_ban_passes(text: str) -> None:
    candidate = filled("dafny", helpers=text, **BODY)
    assert spliced("dafny", candidate) == candidate


@pytest.mark.parametrize("name", ["preamble", "spec", "code"])
def test_regions_must_be_there(name: str) -> None:
    candidate = re.sub(rf"// <{name}>.*?// </{name}>", "", filled("dafny", **BODY), flags=re.DOTALL)
    assert refused("dafny", candidate) == ["missing"]


def test_dafny_s_tags_come_in_pairs() -> None:
    assert refused("dafny", filled("dafny", helpers="// <spec>\n// </spec>\n", **BODY)) == ["regions-changed"]
    assert refused("dafny", filled("dafny", helpers="// <code>\n", **BODY)) == ["regions-changed"]
    assert refused("dafny", filled("dafny", **BODY) + "// <helpers>\n") == ["regions-changed"]


def test_backslashes_of_dafny_stay() -> None:
    candidate = filled("dafny", code='{\n  print "\\n\\1";\n  m := n + 1;\n}\n')
    assert spliced("dafny", candidate) == candidate


# ------------------------------------------------------------------------------------------------------------ all texts

SLOTS = st.text(st.sampled_from("ab \\n\n1<>/-!{}@:") | st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["-- !benchmark @start lemma", "-- !benchmark @end code", r"\055- !benchmark @end code", "// </code>", "// <spec>"]
)


BLOCK = re.compile(r"-- !benchmark @start (auxcode|code|lemma|proof)\b.*?-- !benchmark @end \1\b", re.DOTALL)


@given(code=SLOTS, proof=SLOTS, aux=SLOTS)
@example(code=r"\g<0>", proof="", aux="")
@example(code="\\", proof="", aux="")
def test_lean_s_frozen_text_comes_back_whatever_the_slots_say(code: str, proof: str, aux: str) -> None:
    found = RULE.spliced(task("lean"), filled("lean", code=f"{code}\n", proof=f"{proof}\n", auxcode=f"{aux}\n"))
    if isinstance(found, str):
        assert BLOCK.sub("", found) == BLOCK.sub("", LEAN)


@given(code=SLOTS, helpers=SLOTS)
def test_dafny_s_frozen_text_comes_back_whatever_the_regions_say(code: str, helpers: str) -> None:
    found = RULE.spliced(task("dafny"), filled("dafny", code=f"{code}\n", helpers=f"{helpers}\n"))
    if isinstance(found, str):
        for name in ("preamble", "spec"):
            own = DAFNY[DAFNY.index(f"// <{name}>") : DAFNY.index(f"// </{name}>")]
            assert found.count(own) == 1


@given(st.text(st.sampled_from("\\n1<>/-!{}@ \n") | st.characters(), max_size=200))
def test_no_candidate_makes_the_rules_raise(candidate: str) -> None:
    for language in TEXTS:
        RULE.spliced(task(language), candidate)


@pytest.mark.parametrize(
    ("language", "said", "answer"),
    [
        ("dafny", "```dafny\nA\n``` ```dafny\nB\n```", "A"),
        ("dafny", "```\nA\n``` ``` Dafny B```", "B"),
        ("dafny", "```\nA\n``` ```\nB\n```", "A"),
        ("dafny", "```dafny\nA", ""),
        ("dafny", "A", ""),
        ("lean", "```lean\nA\n``` ```lean4\nB\n```", "B"),
        ("lean", "```lean\nA\n``` ```lean\nB\n```", "A"),
        ("lean", "```\nA\n```", "A"),
    ],
)
def test_the_harness_has_its_own_way_to_read_what_a_model_said(language: Language, said: str, answer: str) -> None:
    rule = RULE.of(language)
    assert isinstance(rule, ReadsAnswers) and rule.read(said) == answer


def test_each_language_has_its_own_pin() -> None:
    assert (str(RULE.of("dafny").pin), RULE.of("dafny").seconds) == ("Dafny 4.11", 60.0)
    assert (str(RULE.of("lean").pin), RULE.of("lean").seconds) == ("Lean 4.25 with Mathlib", 300.0)
    assert str(RULE.pin) == "Dafny 4.11 or Lean 4.25 with Mathlib"


# ------------------------------------------------------------------------------------------------------- the real thing


@pytest.fixture(scope="module")
def algoveri() -> list[BenchmarkTask]:
    """All tasks of the published data, where it is."""
    root = Path(__file__).parents[3]
    named = [Path(os.environ[DATA])] if DATA in os.environ else []
    for place in (*named, root / "shared" / "bench" / "algoveri", root.parent / "shared" / "bench" / "algoveri"):
        if (place / "algoveri_data").is_dir():
            tasks = [t for t in loaded(place) if isinstance(t, BenchmarkTask)]
            assert (len(tasks), len({t.id for t in tasks})) == (154, 154)
            return tasks
    pytest.skip(f"AlgoVeri's data is not here; name its folder in {DATA}")


def test_all_of_algoveri_loads_and_survives_its_own_splice(algoveri: list[BenchmarkTask]) -> None:
    for one in algoveri:
        assert one.path is not None and one.source.encode() == Path(one.path).read_bytes()
        assert one.informal.strip() and one.statement
        read = read_task(one.source, one.language, one.id)
        assert isinstance(read, VericodingTask) and [r.name for r in read.stubs] == ["code"]
        assert [s.name for s in one.segments if s.editable] == [r.name for r in read.regions]
        candidate = read.rendered({"code": "{ }\n"} if one.language == "dafny" else {"code": "  x\n", "proof": "  y\n"})
        assert RULE.spliced(one, candidate) == candidate


def test_algoveri_s_traps_are_told(algoveri: list[BenchmarkTask]) -> None:
    marks = {t.id for t in algoveri if "the precondition is not marked" in t.defects}
    assert marks == {"coin_change/lean", "knapsack_unbounded/lean"}
    dafny = {t.id for t in algoveri if t.language == "dafny" and t.defects}
    assert dafny == {"polymul_karatsuba/dafny", "sieve_method/dafny"}
    assert any(t.id == "trie_search/lean" and "cannot be elaborated" in t.defects[0] for t in algoveri)
    assert sum(bool(t.baseline) for t in algoveri if t.language == "lean") == 12
    assert not any(t.baseline for t in algoveri if t.language == "dafny")
