"""Reading what the user names, whatever it is."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.inputs import MAX_BYTES, Problem, SourceFile, read_source, split_target


def read(argument: object, stdin: bytes = b"", max_bytes: int = MAX_BYTES) -> SourceFile | Problem:
    return read_source(str(argument), io.BytesIO(stdin), max_bytes=max_bytes)


def reason(read: SourceFile | Problem) -> str:
    assert isinstance(read, Problem)
    return read.reason


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    data = "// Grüße\r\nlemma A() {}\r\n".encode()
    path = tmp_path / "a.dfy"
    path.write_bytes(data)
    source = read(path)
    assert source == SourceFile(path, data.decode(), hashlib.sha256(data).hexdigest(), "dafny")
    assert source.folder == tmp_path.resolve()


def test_a_byte_order_mark_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.DFY").write_bytes(b"\xef\xbb\xbflemma A() {}")
    source = read(tmp_path / "a.DFY")
    assert isinstance(source, SourceFile)
    assert (source.bom, source.text) == (True, "lemma A() {}")


def test_targets(tmp_path: Path) -> None:
    (tmp_path / "a.dfy").write_text("x")
    (tmp_path / "b:c.dfy").write_text("y")
    targeted, whole = read(f"{tmp_path}/a.dfy:M.Foo"), read(f"{tmp_path}/b:c.dfy")
    assert isinstance(targeted, SourceFile) and isinstance(whole, SourceFile)
    assert (targeted.target, targeted.text) == ("M.Foo", "x")
    assert (whole.target, whole.text) == (None, "y")
    assert "target after the colon is empty" in reason(read(f"{tmp_path}/a.dfy:"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "nothing to prove"),
        (b" \n\t\n", "nothing to prove"),
        (b"\xef\xbb\xbf", "nothing to prove"),
        (b"\x7fELF\0\0", "binary file"),
        ("lemma L()".encode("utf-16"), "iconv -f utf-16"),
        (b"\xfe\xff\0l", "UTF-16"),
        (b"lemma\n// caf\xe9\n", "not UTF-8 text (line 2)"),
        (b"x" * 101, "larger than 100 bytes"),
    ],
)
def test_unusable_contents_are_invalid_with_one_reason(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.dfy").write_bytes(content)
    for found in (read(tmp_path / "a.dfy", max_bytes=100), read("-", content, max_bytes=100)):
        assert said in reason(found)
        assert isinstance(found, Problem) and found.status == "invalid"


def test_unusable_paths_are_invalid(tmp_path: Path) -> None:
    (tmp_path / "d.dfy").mkdir()
    (tmp_path / "a.py").write_text("x")
    os.mkfifo(tmp_path / "pipe.dfy")
    (tmp_path / "loop.dfy").symlink_to(tmp_path / "loop.dfy")
    for name, said in {
        "missing.dfy": "no such file",
        "d.dfy": "is a directory",
        "a.py": ".py is not known",
        "pipe.dfy": "give - as the file",
        "loop.dfy": "cannot be read",
        "a.dfy\0": "cannot be read",
        "x" * 300 + ".dfy": "cannot be read",
        "a.py/b.dfy": "cannot be read",
    }.items():
        found = read(tmp_path / name)
        assert said in reason(found), name
    assert isinstance(read(""), Problem)


def test_lean_is_told_by_its_extension(tmp_path: Path) -> None:
    (tmp_path / "a.lean").write_text("theorem a : True := by sorry")
    found = read(f"{tmp_path / 'a.lean'}:a")
    assert isinstance(found, SourceFile)
    assert (found.language, found.target) == ("lean", "a")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_source_or_a_problem(data: bytes) -> None:
    found = read("-", data)
    if isinstance(found, SourceFile):
        assert (b"\xef\xbb\xbf" if found.bom else b"") + found.text.encode() == data


@given(st.text(max_size=30))
def test_splitting_a_target_loses_nothing(argument: str) -> None:
    path, target = split_target(argument)
    assert (path if target is None else f"{path}:{target}") == argument
