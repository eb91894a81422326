"""Tasks of the user's own, from folders, files and JSON lines: whatever is there, each thing is a task or is told."""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prover.benchmarks import lines
from prover.benchmarks.benchmark import Choice, DataProblem
from prover.benchmarks.registry import benchmark
from prover.benchmarks.task import BenchmarkTask, NotLoaded

DAFNY = "lemma Twice(n: nat)\n  ensures n + n == 2 * n\n{\n}\n"
LEAN = "import Std\n\ntheorem twice (n : Nat) : n + n = 2 * n := by\n  sorry\n"
WRITTEN = """method M() returns (r: int)
  ensures r == 1
// <code>
{
  r := 1;
}
// </code>
"""
UNWRITTEN = WRITTEN.replace("  r := 1;\n", "")


def load(data: Path | None, choice: Choice | None = None) -> Sequence[BenchmarkTask | NotLoaded]:
    found = benchmark("folder").load(data, choice or Choice())
    assert not isinstance(found, DataProblem), found.reason
    return list(found)


def reason(data: Path | None) -> str:
    found = benchmark("folder").load(data, Choice())
    assert isinstance(found, DataProblem)
    return found.reason


def told(found: Sequence[BenchmarkTask | NotLoaded]) -> dict[str, str]:
    return {t.id: t.reason for t in found if isinstance(t, NotLoaded)}


def write(path: Path, text: str | bytes = DAFNY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# -------------------------------------------------------------------------------------------------------------- folders


def test_files_are_tasks_by_their_relative_names_in_order(tmp_path: Path) -> None:
    for name in ("b.dfy", "a/z.lean", "a/c/d.DFY", "a.b.dfy"):
        write(tmp_path / name, LEAN if name.endswith("lean") else DAFNY)
    found = load(tmp_path)
    assert [t.id for t in found] == ["a.b.dfy", "a/c/d.DFY", "a/z.lean", "b.dfy"]
    lean = next(t for t in found if isinstance(t, BenchmarkTask) and t.language == "lean")
    assert (lean.source, lean.imports, lean.mode, lean.path) == (
        LEAN,
        ("Std",),
        "proof",
        str(tmp_path / "a" / "z.lean"),
    )


@pytest.mark.parametrize(
    "name",
    [
        ".hidden/a.dfy",
        ".lake/packages/x/y.lean",
        "build/a.dfy",
        "__pycache__/a.dfy",
        ".a.dfy",
        "a.proved.dfy",
        "a.2.proved.dfy",
        "a.partial.lean",
        "lakefile.lean",
        "notes.txt",
        "data.jsonl",
    ],
)
def test_what_tools_and_we_ourselves_wrote_is_passed_over(name: str, tmp_path: Path) -> None:
    write(tmp_path / name)
    write(tmp_path / "proved.dfy")
    assert [t.id for t in load(tmp_path)] == ["proved.dfy"]


def test_what_cannot_be_read_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    write(tmp_path / "good.dfy")
    write(tmp_path / "latin.dfy", "// caf\xe9\n".encode("latin-1") + DAFNY.encode())
    write(tmp_path / "empty.lean", "\n")
    write(tmp_path / "binary.dfy", b"a\0b")
    write(tmp_path / "big.dfy", "// x\n" * 500_000)
    os.mkfifo(tmp_path / "pipe.dfy")
    (tmp_path / "broken.dfy").symlink_to(tmp_path / "nowhere.dfy")
    (tmp_path / "itself.dfy").symlink_to(tmp_path / "itself.dfy")
    found = load(tmp_path)
    reasons = told(found)
    assert [t.id for t in found if isinstance(t, BenchmarkTask)] == ["good.dfy"]
    assert set(reasons) == {
        "latin.dfy",
        "empty.lean",
        "binary.dfy",
        "big.dfy",
        "pipe.dfy",
        "broken.dfy",
        "itself.dfy",
    }
    assert "line 1" in reasons["latin.dfy"] and "larger than" in reasons["big.dfy"]


def test_links_stay_inside_of_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(tmp_path / "outside" / "x.dfy")
    write(root / "in" / "a.dfy")
    (root / "same.dfy").symlink_to(root / "in" / "a.dfy")
    (root / "out.dfy").symlink_to(tmp_path / "outside" / "x.dfy")
    (root / "others").symlink_to(tmp_path / "outside")
    (root / "in" / "loop").symlink_to(root)
    (root / "again").symlink_to(root / "in")
    found = load(root)
    assert [t.id for t in found if isinstance(t, BenchmarkTask)] == ["in/a.dfy", "same.dfy"]
    assert set(told(found)) == {"out.dfy", "others"} and "outside" in told(found)["others"]


def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.dfy")).write_text(DAFNY)
    (task,) = load(tmp_path)
    assert isinstance(task, NotLoaded) and "rename" in task.reason
    task.id.encode("utf-8")


def test_marked_regions_that_are_empty_are_code_to_be_written(tmp_path: Path) -> None:
    write(tmp_path / "open.dfy", UNWRITTEN)
    write(tmp_path / "done.dfy", WRITTEN)
    done, open_ = (t for t in load(tmp_path) if isinstance(t, BenchmarkTask))
    assert (open_.mode, done.mode) == ("codeproof", "proof")
    assert [(s.name, s.text) for s in open_.segments if s.editable] == [("code", "{\n}\n")]
    assert [t.id for t in load(tmp_path, Choice(mode="codeproof"))] == ["open.dfy"]
    assert [t.id for t in load(tmp_path, Choice(mode="proof"))] == ["done.dfy"]


def test_a_language_is_chosen_also_of_what_was_not_loaded(tmp_path: Path) -> None:
    write(tmp_path / "a.dfy")
    write(tmp_path / "b.lean", LEAN)
    write(tmp_path / "c.lean", "")
    assert [t.id for t in load(tmp_path, Choice(language="lean"))] == ["b.lean", "c.lean"]


def test_what_is_taken_on_trust_is_told_but_not_the_goals(tmp_path: Path) -> None:
    write(tmp_path / "a.dfy", "lemma {:axiom} A(n: nat) ensures n < 0\nlemma B() { assume 1 == 2; }\n")
    write(tmp_path / "b.lean", "axiom a : 1 = 2\ntheorem b : 1 = 2 := by sorry\n")
    dafny, lean = (t for t in load(tmp_path) if isinstance(t, BenchmarkTask))
    assert any("axiom" in b for b in dafny.baseline) and not any(b.startswith("assume") for b in dafny.baseline)
    assert lean.baseline == ("axiom: `axiom`",)


@pytest.mark.parametrize("name", ["a.dfy", "a.lean"])
def test_one_file_is_one_task(name: str, tmp_path: Path) -> None:
    (task,) = load(write(tmp_path / name, LEAN if name.endswith("lean") else DAFNY))
    assert task.id == name


def test_what_is_no_data_is_told_with_the_next_step(tmp_path: Path) -> None:
    assert "--data" in reason(None)
    assert "no such" in reason(tmp_path / "nowhere")
    assert "holds no" in reason(tmp_path)
    assert "neither" in reason(write(tmp_path / "a.txt"))
    assert "holds no task" in reason(write(tmp_path / "a.jsonl", "\n\n"))
    assert "cannot be read" in reason(Path("a\0b")) or "no such" in reason(Path("a\0b"))


# ----------------------------------------------------------------------------------------------------------- JSON lines


def line(**fields: object) -> str:
    return json.dumps(fields) + "\n"


def test_a_line_is_a_task_with_what_is_said_of_it(tmp_path: Path) -> None:
    text = line(
        id="t/1",
        language="lean",
        source=LEAN,
        informal="Twice.",
        statement="twice",
        groups=["a"],
        reference="x",
        more=1,
    )
    (task,) = load(write(tmp_path / "t.jsonl", "\ufeff" + text + "\n  \n"))
    assert isinstance(task, BenchmarkTask) and task.path is None
    assert (task.id, task.language, task.source, task.informal) == ("t/1", "lean", LEAN, "Twice.")
    assert (task.statement, task.groups, task.reference, task.imports) == ("twice", ("a",), "x", ("Std",))


def test_the_language_may_be_told_by_the_text(tmp_path: Path) -> None:
    data = write(
        tmp_path / "t.jsonl", line(id="a", source=DAFNY) + line(id="b", source=LEAN) + line(id="c", source="x")
    )
    found = load(data)
    assert [t.language for t in found[:2]] == ["dafny", "lean"]
    assert 'say "language"' in told(found)["c"]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "no JSON"),
        ("[1]", "no JSON object"),
        ("null", "no JSON object"),
        ("[" * 100_000, "no JSON"),
        (line(language="dafny", source=DAFNY), "field id"),
        (line(id=3, language="dafny", source=DAFNY), "field id"),
        (line(id="", language="dafny", source=DAFNY), "field id"),
        (line(id="a\nb", language="dafny", source=DAFNY), "field id"),
        (line(id=" ", language="dafny", source=DAFNY), "field id"),
        (line(id="x"), "field source"),
        (line(id="x", source=["a"]), "field source"),
        (line(id="x", language="coq", source=DAFNY), "field language"),
        (line(id="x", language="dafny", source=DAFNY, groups="a"), "field groups"),
        (line(id="x", language="dafny", source=DAFNY, reference=3), "field reference"),
        (line(id="x", language="dafny", source=" \n"), "empty"),
        (line(id="x", language="dafny", source="a\0b"), "zero byte"),
        (line(id="x", language="dafny", source="\ud800"), "surrogate"),
        (line(id="x", language="dafny", source="/" * 2_000_001), "longer than"),
        ('{"id": "x", "source": "' + "a" * (lines.MAX_LINE + 10), "longer than"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_the_next_one_is_read(bad: str, why: str, tmp_path: Path) -> None:
    good = line(id="good", language="dafny", source=DAFNY)
    found = load(write(tmp_path / "t.jsonl", f"{good}{bad.rstrip()}\n{line(id='next', source=DAFNY)}"))
    assert [t.id for t in found if isinstance(t, BenchmarkTask)] == ["good", "next"]
    (text,) = told(found).values()
    assert "t.jsonl, line 2:" in text and why in text


def test_bytes_that_are_no_text_spoil_their_line_alone(tmp_path: Path) -> None:
    data = write(tmp_path / "t.jsonl", b'{"id": "\xff"}\n' + line(id="a", source=DAFNY).encode())
    assert "line 1: is not UTF-8" in told(load(data))["line 1"]


def test_of_equal_ids_the_first_counts_and_all_ids_differ(tmp_path: Path) -> None:
    text = line(id="a", source=DAFNY) + line(id="a", source=LEAN) + line(id="line 4", source=DAFNY) + "?\n"
    found = load(write(tmp_path / "t.jsonl", text))
    assert [type(t) for t in found] == [BenchmarkTask, NotLoaded, BenchmarkTask, NotLoaded]
    assert len({t.id for t in found}) == 4
    assert "line 1 too" in next(iter(told(found).values()))


IDS = st.text(min_size=0, max_size=6)
RECORDS = st.dictionaries(
    st.sampled_from(["id", "language", "source", "informal", "statement", "groups", "reference", "other"]),
    st.one_of(
        st.none(),
        IDS,
        st.sampled_from(["dafny", "lean", DAFNY, LEAN, UNWRITTEN, "line 1", "\ud800", "x\0"]),
        st.integers(),
        st.lists(IDS, max_size=2),
    ),
)
RAW = st.one_of(RECORDS.map(lambda r: json.dumps(r).encode()), st.binary(max_size=40), st.just(b""))


@given(st.lists(RAW, max_size=6), st.sampled_from([b"\n", b"\r\n"]))
@example([b'{"id": "a", "source": "lemma A() {}"}'] * 3, b"\n")
def test_whatever_the_lines_are_each_one_is_told_or_a_task(raw: list[bytes], end: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "t.jsonl"
        data.write_bytes(end.join(raw))
        found = benchmark("folder").load(data, Choice())
    if isinstance(found, DataProblem):
        return
    tasks = list(found)
    held = end.join(raw).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    assert len(tasks) == sum(bool(part.strip()) for part in held)
    assert len({t.id for t in tasks}) == len(tasks)
    for task in tasks:
        json.dumps(task.id, ensure_ascii=False).encode("utf-8")
        if isinstance(task, BenchmarkTask):
            task.source.encode("utf-8")
            assert task.source.strip()


@given(st.dictionaries(st.sampled_from(["a.dfy", "b.lean", "c/d.dfy", "e"]), st.binary(max_size=60), max_size=4))
def test_whatever_the_files_are_each_one_is_told_or_a_task(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            write(Path(folder) / name, content)
        found = benchmark("folder").load(Path(folder), Choice())
    wanted = sorted(name for name in files if "." in name)
    if wanted:
        assert not isinstance(found, DataProblem) and [t.id for t in found] == wanted
    else:
        assert isinstance(found, DataProblem)
