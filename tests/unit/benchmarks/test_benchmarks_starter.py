"""The bundled tasks as a benchmark."""

from collections import Counter
from pathlib import Path

from prover.benchmarks.benchmark import Choice, DataProblem
from prover.benchmarks.registry import benchmark
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.bundled import datasets_folder


def load(choice: Choice, data: Path | None = None) -> list[BenchmarkTask | NotLoaded]:
    found = benchmark("starter").load(data, choice)
    assert not isinstance(found, DataProblem), found.reason
    return list(found)


def test_all_bundled_proof_tasks_are_there_with_their_references() -> None:
    root = datasets_folder() / "starter"
    folders = sorted(f"{kind}/{f.name}" for kind in ("dafny", "lean") for f in (root / kind).iterdir())
    found = load(Choice())
    assert [t.id for t in found] == folders
    for task in found:
        assert isinstance(task, BenchmarkTask) and task.mode == "proof" and task.reference and task.path
        assert task.source == Path(task.path).read_text(encoding="utf-8") != task.reference


def test_each_task_is_in_one_group_at_most() -> None:
    found = [t for t in load(Choice()) if isinstance(t, BenchmarkTask)]
    groups = Counter(g for t in found for g in t.groups)
    assert set(groups) == {"hard", "needs a lemma"} and all(len(t.groups) <= 1 for t in found)
    by_id = {t.id: t.groups for t in found}
    assert by_id["dafny/quorum-early-exit"] == ("needs a lemma",) and by_id["lean/clamp"] == ()


def test_a_language_and_a_mode_can_be_chosen() -> None:
    assert {t.language for t in load(Choice(language="lean"))} == {"lean"}
    written = load(Choice(mode="codeproof"))
    assert {t.id.split("/")[0] for t in written} == {"vericode"} and len(written) >= 3
    for task in written:
        assert isinstance(task, BenchmarkTask) and task.mode == "codeproof"
        assert "code" in {s.name for s in task.segments if s.editable}
        assert "".join(s.text for s in task.segments) == task.source
    assert load(Choice(language="lean", mode="codeproof")) == [t for t in written if t.language == "lean"]
    none = benchmark("starter").load(None, Choice(mode="code"))
    assert isinstance(none, DataProblem) and "--mode code" in none.reason


def test_another_folder_of_this_form_may_be_named(tmp_path: Path) -> None:
    task = tmp_path / "dafny" / "mine"
    task.mkdir(parents=True)
    (task / "task.dfy").write_text("lemma A() {}\n")
    (found,) = load(Choice(), tmp_path)
    assert isinstance(found, NotLoaded) and "task.toml" in found.reason
    (task / "task.toml").write_text('hard = true\ntags = ["loop"]\n')
    (found,) = load(Choice(), tmp_path)
    assert isinstance(found, BenchmarkTask) and found.groups == ("hard",) and found.reference is None
    (task / "task.dfy").write_bytes(b"\xff")
    (found,) = load(Choice(), tmp_path)
    assert isinstance(found, NotLoaded) and "UTF-8" in found.reason
    assert isinstance(benchmark("starter").load(tmp_path / "dafny", Choice()), DataProblem)


def test_nothing_is_fetched_and_only_our_gate_decides() -> None:
    assert benchmark("starter").upstream is None and benchmark("starter").official is None
