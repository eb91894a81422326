"""Where results are written, and that nothing is ever lost or overwritten by it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.inputs import SourceFile
from prover.output_files import (
    OutputPlan,
    OutputProblem,
    partial_file,
    plan_outputs,
    proved_file,
    write_atomically,
)


def source(path: Path | None, text: str = "lemma A()\n", bom: bool = False) -> SourceFile:
    return SourceFile(path, text, "", bom=bom)


def test_beside_the_input_by_default(tmp_path: Path) -> None:
    plan = plan_outputs(source(tmp_path / "a.b.dfy"), None, tmp_path)
    assert plan == OutputPlan(tmp_path / "a.b.proved.dfy", tmp_path / "a.b.partial.dfy")


@pytest.mark.parametrize(("out", "partial"), [("x.proved.dfy", "x.partial.dfy"), ("y.dfy", "y.partial.dfy")])
def test_the_unfinished_file_goes_beside_a_given_output(tmp_path: Path, out: str, partial: str) -> None:
    plan = plan_outputs(source(tmp_path / "a.dfy"), str(tmp_path / out), tmp_path)
    assert plan == OutputPlan(tmp_path / out, tmp_path / partial)


def test_standard_input_goes_to_the_fallback_folder_and_dash_is_stdout(tmp_path: Path) -> None:
    assert plan_outputs(source(None), None, tmp_path) == OutputPlan(
        tmp_path / "stdin.proved.dfy", tmp_path / "stdin.partial.dfy"
    )
    assert plan_outputs(source(None), "-", tmp_path) == OutputPlan(None, tmp_path / "stdin.partial.dfy")


def test_problems_are_found_before_the_search(tmp_path: Path) -> None:
    path = tmp_path / "a.dfy"
    path.write_text("x")
    (tmp_path / "a.proved.dfy").symlink_to(path)
    for out, said in {
        None: "is the input itself",
        str(path): "is the input itself",
        str(tmp_path): "is a directory",
        str(tmp_path / "no" / "b.dfy"): "there is no folder",
        str(path / "b.dfy"): "no folder",
        "b\0": "cannot be used",
    }.items():
        found = plan_outputs(source(path), out, tmp_path)
        assert isinstance(found, OutputProblem), out
        assert said in found.reason or "cannot be used" in found.reason
        assert "--out" in found.reason


def test_a_file_is_replaced_as_a_whole_and_nothing_is_left_over(tmp_path: Path) -> None:
    path = tmp_path / "a.dfy"
    write_atomically(path, "one")
    path.chmod(0o600)
    (tmp_path / "link.dfy").symlink_to(path)
    write_atomically(tmp_path / "link.dfy", "two\r\n")
    assert path.read_bytes() == b"two\r\n"
    assert (tmp_path / "link.dfy").is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.dfy", "link.dfy"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.dfy"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_devices_are_written_to_not_replaced() -> None:
    write_atomically(Path("/dev/null"), "gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_byte_order_mark_comes_back() -> None:
    marked = source(None, bom=True)
    assert proved_file(marked, "x") == "\ufeffx"
    assert partial_file(marked, "x", "", (), "1").startswith("\ufeff// UNPROVED")


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=4))
def test_whatever_a_message_holds_the_label_stays_a_comment(reason: str, remaining: list[str]) -> None:
    labelled = partial_file(source(None), "lemma A()\n", reason, remaining, "0.1")
    label, text = labelled.split("lemma A()")
    assert text == "\n"
    assert all(line.startswith("// ") for line in label.splitlines())
