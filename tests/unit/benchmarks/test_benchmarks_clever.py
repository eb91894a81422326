"""CLEVER: its files as tasks with and without an implementation, and its own rule of success with its quirks."""

import asyncio
import importlib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from benchmark_data import published
from hypothesis import given
from hypothesis import strategies as st

from prover.benchmarks import clever
from prover.benchmarks.benchmark import Choice, DataProblem, OfficialRule, Refused
from prover.benchmarks.clever_format import harness_tests, sections_of
from prover.benchmarks.official import OfficialVerdict, judge_official
from prover.benchmarks.registry import benchmark
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.inputs import source_of
from prover.vericoding.marked import open_task

# Written for these tests, in the published form.
PROBLEM = """import Imports.AllImports

-- start_def problem_details
/--
function_signature: "def same(n: int) -> int"
docstring: Give back the number.
test_cases:
  - input: 3
    expected_output: 3
-/
-- end_def problem_details

-- start_def problem_spec
def problem_spec
-- function signature
(impl: Nat → Nat)
(n: Nat) :=
∃ result, impl n = result ∧ result = n
-- end_def problem_spec

-- start_def generated_spec
def generated_spec
(impl: Nat → Nat)
(n: Nat) : Prop :=
--end_def generated_spec
--start_def generated_spec_body
sorry
--end_def generated_spec_body

-- start_def implementation_signature
def implementation (n: Nat) : Nat :=
-- end_def implementation_signature
--start_def implementation
n
--   end_def implementation

-- Uncomment the following test cases after implementing the function
-- start_def test_cases
#test implementation 3 = 3
-- #test implementation 4 = 4
-- end_def test_cases

-- start_def correctness_definition
theorem correctness
(n: Nat)
: problem_spec implementation n :=
-- end_def correctness_definition
-- start_def correctness_proof
by
unfold problem_spec
exact ⟨n, rfl, rfl⟩
-- end_def correctness_proof
"""
UNWRITTEN = PROBLEM.replace("implementation\nn\n", "implementation\nsorry\n").replace("exact ⟨n, rfl, rfl⟩", "sorry")


def load(data: Path | None, choice: Choice | None = None) -> Sequence[BenchmarkTask | NotLoaded]:
    found = benchmark("clever").load(data, choice or Choice())
    assert not isinstance(found, DataProblem), found.reason
    return list(found)


def rule() -> OfficialRule:
    official = benchmark("clever").official
    assert official is not None
    return official


def unpacked(folder: Path, *texts: str) -> Path:
    files = folder / "clever_bench" / "lean4" / "human_eval"
    files.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (files / f"problem_{number}.lean").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def proof(tmp_path: Path) -> BenchmarkTask:
    (task,) = load(unpacked(tmp_path / "proof", PROBLEM))
    assert isinstance(task, BenchmarkTask)
    return task


@pytest.fixture
def codeproof(tmp_path: Path) -> BenchmarkTask:
    (task,) = load(unpacked(tmp_path / "codeproof", PROBLEM), Choice(mode="codeproof"))
    assert isinstance(task, BenchmarkTask)
    return task


# ------------------------------------------------------------------------------------------------------------- the data


def test_a_problem_with_an_implementation_is_a_proof_task(proof: BenchmarkTask) -> None:
    assert (proof.id, proof.mode, proof.statement, proof.imports) == (
        "0",
        "proof",
        "correctness",
        ("Imports.AllImports",),
    )
    assert "docstring: Give back the number." in proof.informal and proof.licence == "MIT"
    assert proof.source.endswith(": problem_spec implementation n :=\nby\n  sorry\n")
    assert "def implementation (n: Nat) : Nat :=\nn\n" in proof.source
    assert "generated_spec" not in proof.source and "_def" not in proof.source
    assert proof.reference is not None and proof.reference.endswith(
        "by\n  unfold problem_spec\n  exact ⟨n, rfl, rfl⟩\n"
    )
    assert [s.name for s in proof.segments if s.editable] == ["lemma", "proof"]
    assert "4.24.0" in proof.toolchain and proof.path is not None and proof.path.endswith("problem_0.lean")


def test_of_all_problems_implementation_and_proof_are_to_be_written(codeproof: BenchmarkTask) -> None:
    marked = open_task(source_of(codeproof.source, "lean"))
    assert marked is not None and [r.name for r in marked.regions] == ["code", "lemma", "proof"]
    assert [r.name for r in marked.stubs] == ["code"]
    assert codeproof.groups == ("implementation published",)
    assert codeproof.reference is not None and "start code\nn\n-- " in codeproof.reference


def test_problems_without_implementation_are_no_proof_tasks(tmp_path: Path) -> None:
    data = unpacked(tmp_path, PROBLEM, UNWRITTEN)
    assert [t.id for t in load(data)] == ["0"]
    both = load(data, Choice(mode="codeproof"))
    assert [(t.id, t.groups) for t in both] == [("0", ("implementation published",)), ("1", ())]
    assert isinstance(both[1], BenchmarkTask) and both[1].reference is None


def test_the_same_from_a_wheel_a_folder_with_one_a_clone_and_the_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = unpacked(tmp_path / "site", PROBLEM)
    file = folder / "clever_bench" / "lean4" / "human_eval" / "problem_0.lean"
    wheel = tmp_path / "clever_bench-1.6.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(file, "clever_bench/lean4/human_eval/problem_0.lean")
        archive.writestr("clever_bench/lean4/sample_examples/problem_1.lean", PROBLEM)
        archive.writestr("clever_bench/lean4/human_eval/problem_x.lean", PROBLEM)
    sources = {t.source for place in (folder, file.parent, file.parents[1], wheel, tmp_path) for t in load(place)
               if isinstance(t, BenchmarkTask)}  # fmt: skip
    first = load(wheel)[0]
    assert len(sources) == 1 and isinstance(first, BenchmarkTask) and first.path is None
    info = folder / "clever_bench-1.6.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: clever-bench\nVersion: 1.6.0\n")
    (info / "RECORD").write_text("clever_bench/lean4/human_eval/problem_0.lean,,\n")
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()
    assert clever.installed() == file.parent and [t.id for t in load(None)] == ["0"]


def test_files_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    assert [t.id for t in load(unpacked(tmp_path, *[PROBLEM] * 12))] == [str(n) for n in range(12)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"", "no section"),
        (PROBLEM.replace("-- end_def correctness_definition", "").encode(), "correctness_definition"),
        (b"-" * 2_000_001, "larger"),
    ],
)
def test_a_file_that_is_none_is_told(data: bytes, why: str, tmp_path: Path) -> None:
    unpacked(tmp_path, PROBLEM, PROBLEM)
    (tmp_path / "clever_bench" / "lean4" / "human_eval" / "problem_1.lean").write_bytes(data)
    first, second = load(tmp_path)
    assert isinstance(first, BenchmarkTask) and isinstance(second, NotLoaded) and why in second.reason


def test_what_is_no_data_is_told_with_the_next_step(tmp_path: Path) -> None:
    def reason(data: Path | None, choice: Choice | None = None) -> str:
        found = benchmark("clever").load(data, choice or Choice())
        assert isinstance(found, DataProblem)
        return found.reason

    if clever.installed() is None:
        assert "prover data fetch clever" in reason(None)
    assert "no such folder" in reason(tmp_path / "nowhere") and "holds no problem" in reason(tmp_path)
    assert "modes" in reason(tmp_path, Choice(language="dafny")) and "modes" in reason(tmp_path, Choice(mode="code"))
    (tmp_path / "clever_bench-1.6.0-py3-none-any.whl").write_bytes(b"no archive")
    assert "cannot be read" in reason(tmp_path)
    wheel = tmp_path / "clever_bench-1.6.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("clever_bench/lean4/human_eval/problem_0.lean", PROBLEM)
    whole = wheel.read_bytes()
    for at in (0, 90, 120, len(whole) - 30):
        wheel.write_bytes(whole[:at] + b"\xff" * 20 + whole[at + 20 :])
        assert "cannot be read" in reason(wheel)
    assert reason(Path("a\0b"))


def test_what_upstream_loses_is_kept_and_told(tmp_path: Path) -> None:
    stray = PROBLEM.replace("-- start_def problem_spec", "def helper := 3\n\n-- start_def problem_spec")
    prose = PROBLEM.replace("-- #test implementation 4", "-- NOTE: this needs a proof\n-- #test implementation 4")
    first, second, third = load(unpacked(tmp_path, stray, prose, PROBLEM))
    assert isinstance(first, BenchmarkTask) and isinstance(second, BenchmarkTask) and isinstance(third, BenchmarkTask)
    assert "def helper := 3" in first.source and "outside" in first.defects[0]
    assert "words" in second.defects[0] and third.defects == ()
    harness = rule().spliced(first, first.source)
    assert isinstance(harness, str) and "helper" not in harness


@pytest.mark.parametrize(
    ("tag", "other"),
    [
        ("-- start_def problem_spec", "--start_def problem_spec"),
        ("-- start_def problem_spec", "--- start_def  problem_spec"),
        ("-- end_def problem_spec", "-- -- end_def problem_spec"),
        ("-- end_def correctness_proof", "--\tEND_DEF correctness_proof  "),
    ],
)
def test_tags_are_read_however_they_are_spaced(tag: str, other: str) -> None:
    assert sections_of(PROBLEM.replace(tag, other)) == sections_of(PROBLEM)


def test_tests_lose_one_comment_mark() -> None:
    assert harness_tests("  -- #test a = b\n\n#test c = d\n-- -- old") == "#test a = b\n#test c = d\n-- old"


def test_all_published_problems_load() -> None:
    folder = published("clever")
    assert [len(load(folder, Choice(mode=mode))) for mode in ("proof", "codeproof")] == [43, 161]
    assert sum(t.reference is not None for t in load(folder) if isinstance(t, BenchmarkTask)) == 4
    tasks = [t for t in load(folder, Choice(mode="codeproof")) if isinstance(t, BenchmarkTask)]
    assert len(tasks) == 161 and [t.id for t in tasks if t.defects] == ["39", "62"]
    for task in tasks:
        assert open_task(source_of(task.source, "lean")) is not None
        assert isinstance(rule().spliced(task, task.source), str)


# ------------------------------------------------------------------------------------------------------------- the rule

HARNESS = """import Imports.AllImports

def problem_spec
-- function signature
(impl: Nat → Nat)
(n: Nat) :=
∃ result, impl n = result ∧ result = n

def implementation (n: Nat) : Nat :=

{code}

#test implementation 3 = 3
#test implementation 4 = 4
{lemma}
theorem correctness
(n: Nat)
: problem_spec implementation n :=

by
{proof}
"""


def harness(proof: str, lemma: str = "", code: str = "n") -> str:
    return HARNESS.format(code=code, lemma=f"\n{lemma}\n" if lemma else "", proof=proof)


PROOF_ACCEPTED = {
    "a proof": ("", "  exact ⟨n, rfl, rfl⟩\n", "  exact ⟨n, rfl, rfl⟩"),
    "nothing proved, of which Lean warns": ("", "  sorry\n", "  sorry"),
    "admitted": ("", "  admit\n", "  admit"),
    "a proof at the left margin": ("", "simp [problem_spec]\n", "simp [problem_spec]"),
    "compiled code trusted": ("", "  native_decide\n", "  native_decide"),
    "a lemma": ("theorem l : 1 = 1 := rfl\n", "  exact l\n", "  exact l"),
    "an axiom": ("axiom l : False\n", "  exact l.elim\n", "  exact l.elim"),
    "an option that hides a sorry": ("set_option warn.sorry false\n", "  sorry\n", "  sorry"),
    "another meaning of a symbol": ('macro "∃" x:term : term => `(True)\n', "  trivial\n", "  trivial"),
    "the theorem twice": ("", "  trivial\n\ntheorem correctness2 : True := by trivial\n", None),
    "a namespace around the theorem": ("namespace Other\n", "  sorry\nend Other\n", "  sorry\nend Other"),
    "comments": ("-- for l\n", "  -- so\n  sorry\n", "  -- so\n  sorry"),
}


@pytest.mark.parametrize(("lemma", "proved", "expected"), PROOF_ACCEPTED.values(), ids=PROOF_ACCEPTED.keys())
def test_the_harness_would_verify_a_proof(lemma: str, proved: str, expected: str | None, proof: BenchmarkTask) -> None:
    answer = proof.source.replace("theorem correctness", f"{lemma}theorem correctness").replace("  sorry\n", proved)
    assert rule().spliced(proof, answer) == harness(expected or proved.rstrip(), lemma.strip())
    assert rule().spliced(proof, answer.replace("\n", "\r\n")) == rule().spliced(proof, answer)


PROOF_REFUSED = {
    "nothing": lambda s: "",
    "another specification": lambda s: s.replace("result = n\n", "True\n"),
    "another implementation": lambda s: s.replace(":=\nn\n", ":=\n0\n"),
    "another theorem": lambda s: s.replace(": problem_spec implementation n", ": True"),
    "another name of the theorem": lambda s: s.replace("theorem correctness", "theorem correct"),
    "a proof term": lambda s: s.replace(":=\nby\n  sorry", ":= ⟨n, rfl, rfl⟩"),
    "no theorem": lambda s: s[: s.index("theorem")],
    "something in front": lambda s: "axiom a : False\n" + s,
    "another import": lambda s: s.replace("Imports.AllImports", "Mathlib"),
    "a lemma in front of the implementation": lambda s: s.replace(
        "def implementation", "axiom a : False\ndef implementation"
    ),
}


@pytest.mark.parametrize("edit", PROOF_REFUSED.values(), ids=PROOF_REFUSED.keys())
def test_an_answer_that_is_no_proof_of_the_task_is_refused(edit: Callable[[str], str], proof: BenchmarkTask) -> None:
    answer = edit(proof.source)
    assert answer != proof.source
    assert isinstance(rule().spliced(proof, answer), Refused)


CODE_ACCEPTED = {
    "code and proof": ("n", "", "  exact ⟨n, rfl, rfl⟩"),
    "indented code, whose lines stay aligned": ("  let m := n\n  m", "", "  trivial"),
    "code with its own where": ("go n\nwhere\n  go (k : Nat) : Nat := k", "", "  trivial"),
    "a declaration behind the code": ("n\n\naxiom a : False", "", "  exact a.elim"),
    "lemmas": ("n", "theorem l : 1 = 1 := rfl\n\ntheorem m : 2 = 2 := rfl", "  simp [l, m]"),
    "an axiom": ("n", "axiom l : False", "  exact l.elim"),
    "unsafe code": ("unsafeCast n", "", "  sorry"),
    "wrong code": ("n + 1", "", "  sorry"),
}


@pytest.mark.parametrize(("code", "lemma", "proved"), CODE_ACCEPTED.values(), ids=CODE_ACCEPTED.keys())
def test_the_harness_would_verify_code_and_proof(code: str, lemma: str, proved: str, codeproof: BenchmarkTask) -> None:
    texts = {"code": f"{code}\n", "lemma": f"{lemma}\n" if lemma else "", "proof": f"{proved}\n"}
    answer = "".join(texts[s.name] if s.editable else s.text for s in codeproof.segments)
    dedented = "let m := n\nm" if code.startswith(" ") else code
    assert rule().spliced(codeproof, answer) == harness(proved, lemma, dedented)
    # What an answer says outside of its slots is not looked at.
    assert rule().spliced(codeproof, answer.replace("result = n\n", "True\n")) == rule().spliced(codeproof, answer)


CODE_REFUSED = {
    "nothing": lambda s: "",
    "no slots": lambda s: s.replace("!benchmark", "benchmark"),
    "a slot lost": lambda s: s.replace("-- !benchmark @start lemma\n-- !benchmark @end lemma\n", ""),
    "a slot twice": lambda s: s + "-- !benchmark @start proof\n-- !benchmark @end proof\n",
    "a slot that does not end": lambda s: s.replace("-- !benchmark @end proof\n", ""),
    "slots in another order": lambda s: s.replace("@start lemma", "@start auxcode").replace(
        "@end lemma", "@end auxcode"
    ),
    "a slot within a comment": lambda s: s.replace("-- !benchmark @start proof", "/-\n-- !benchmark @start proof"),
}


@pytest.mark.parametrize("edit", CODE_REFUSED.values(), ids=CODE_REFUSED.keys())
def test_an_answer_whose_slots_cannot_be_told_apart_is_refused(
    edit: Callable[[str], str], codeproof: BenchmarkTask
) -> None:
    answer = edit(codeproof.source)
    assert answer != codeproof.source
    assert isinstance(rule().spliced(codeproof, answer), Refused)


def test_the_published_reference_becomes_the_published_file(proof: BenchmarkTask, codeproof: BenchmarkTask) -> None:
    for task in (proof, codeproof):
        assert task.reference is not None
        assert rule().spliced(task, task.reference) == harness("  unfold problem_spec\n  exact ⟨n, rfl, rfl⟩")


@given(st.text(max_size=200))
def test_any_answer_has_a_verdict(answer: str) -> None:
    task = clever._task("problem_0.lean", PROBLEM.encode(), None, "proof")
    assert isinstance(task, BenchmarkTask) and isinstance(rule().spliced(task, answer), str | Refused)


@given(st.text(alphabet="-start_dfn code\n", max_size=120), st.integers(0, len(PROBLEM)))
def test_any_file_is_a_task_or_is_told(text: str, at: int) -> None:
    found = clever._task("problem_3.lean", (PROBLEM[:at] + text + PROBLEM[at:]).encode(), None, "codeproof")
    assert isinstance(found, BenchmarkTask | NotLoaded)


def test_the_pin_is_the_packages() -> None:
    assert str(rule().pin) == "Lean 4.24 with Mathlib v4.24.0" and rule().seconds == 30


@pytest.mark.parametrize(("warned", "passed"), [(False, True), (True, False)])
def test_a_sorry_that_lean_warns_of_is_no_success(warned: bool, passed: bool, proof: BenchmarkTask) -> None:
    class Lean:
        tool, version = "Lean", "4.24.0"

        async def check(self, text: str, seconds: float) -> OfficialVerdict:
            return OfficialVerdict(True, sorry=warned)

    verdict = asyncio.run(judge_official(rule(), proof, proof.source, Lean()))
    assert verdict.passed is passed and ("sorry" in verdict.reason) is warned
