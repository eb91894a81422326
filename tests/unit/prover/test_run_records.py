"""Run folders and their append-only files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from prover.jsonlines import JsonLines, read_json_lines
from prover.run_folder import RunFolder, RunFolderProblem, open_default, open_given

MOMENT = datetime(2026, 1, 2, 3, 4, 5)


def test_every_line_is_readable_at_once(tmp_path: Path) -> None:
    lines = JsonLines(tmp_path / "x.jsonl")
    lines.append({"n": 1, "text": "ü\n\ud800"})
    lines.append({"n": 2, "path": tmp_path})
    assert [record["n"] for record in read_json_lines(lines.path)] == [1, 2]
    lines.close()
    lines.close()


def test_a_torn_last_line_is_skipped_and_does_not_swallow_the_next(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"n": 1}\n{"n": 2, "te')
    assert [record["n"] for record in read_json_lines(path)] == [1]
    again = JsonLines(path)
    again.append({"n": 3})
    again.close()
    assert [record["n"] for record in read_json_lines(path)] == [1, 3]


def test_no_file_no_records(tmp_path: Path) -> None:
    assert list(read_json_lines(tmp_path / "none")) == []


def test_run_json_gathers_facts(tmp_path: Path) -> None:
    folder = open_given(tmp_path / "a" / "b")
    assert isinstance(folder, RunFolder)
    folder.describe({"seed": 1})
    folder.describe({"status": "proved"})
    facts = json.loads((folder.path / "run.json").read_text())
    assert (facts["schema_version"], facts["seed"], facts["status"]) == (1, 1, "proved")
    assert folder.proofs.is_dir()


def test_unusable_folders(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(open_given(tmp_path / "file"), RunFolderProblem)
    assert isinstance(open_given(tmp_path / "file" / "sub"), RunFolderProblem)
    (tmp_path / "journal.jsonl").write_text("")
    assert isinstance(open_given(tmp_path), RunFolderProblem)


@pytest.mark.parametrize("variable", ["XDG_STATE_HOME", "HOME"])
def test_where_the_working_directory_cannot_hold_it_the_state_folder_does(tmp_path: Path, variable: str) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / ".prover").write_text("a file in the way")
    folder = open_default("a b/c", cwd=blocked, environment={variable: str(tmp_path / "state")}, moment=MOMENT)
    assert isinstance(folder, RunFolder)
    assert folder.path.is_relative_to(tmp_path / "state")
    assert folder.path.name == "20260102-030405-a_b_c"
