"""The core's key, the order of its modules, and the command file: what needs no Lean."""

import re
from pathlib import Path

import pytest

from lean_project import launcher
from lean_project.core import build
from lean_project.core.compiling import CoreError, Diagnostic, in_order, modules_in
from lean_project.core.symbols import NotElf, exported


def test_the_key_tells_versions_names_and_contents_apart() -> None:
    parts = {"a": b"1", "b": b"2"}
    key = build.key_of("0.3.3", parts)
    assert key == build.key_of("0.3.3", {"b": b"2", "a": b"1"})
    others = [
        build.key_of("0.3.4", parts),
        build.key_of("0.3.3", {"a": b"2", "b": b"1"}),
        build.key_of("0.3.3", {"a": b"12", "b": b""}),
        build.key_of("0.3.3", {"ab": b"12"}),
    ]
    assert len({key, *others}) == 5


def test_modules_come_after_what_they_import() -> None:
    sources = {"Init": "prelude\nimport Init.B\n", "Init.B": "prelude\nimport Init.A\n", "Init.A": "prelude\n"}
    assert in_order(sources) == ["Init.A", "Init.B", "Init"]


def test_a_circle_of_imports_is_told() -> None:
    with pytest.raises(CoreError, match="import each other"):
        in_order({"A": "import B\n", "B": "import A\n"})


def test_sources_are_named_by_their_place(tmp_path: Path) -> None:
    (tmp_path / "Init").mkdir()
    (tmp_path / "Init" / "Logic.lean").write_text("prelude\n")
    assert modules_in(tmp_path) == {"Init.Logic": "prelude\n"}


def test_a_core_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "Init.olean").write_bytes(b"")
    assert build.build(tmp_path) == tmp_path
    assert list(tmp_path.iterdir()) == [tmp_path / "Init.olean"]


def test_a_missing_library_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "PACKAGE", "no-such-package-anywhere")
    assert launcher.shared_library() is None
    with pytest.raises(CoreError, match="is not installed"):
        build.build(tmp_path / "core")
    with pytest.raises(CoreError, match="is not installed"):
        build.key()
    assert launcher.main(["--version"]) == launcher.EXIT_MISSING


def test_what_is_no_shared_library_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.so"
    file.write_text("hello")
    with pytest.raises(NotElf):
        exported(file)


def test_the_core_assumes_nothing_but_the_axioms_of_lean() -> None:
    texts = modules_in(Path(build.__file__).with_name("src"))
    declared = {name for text in texts.values() for name in re.findall(r"^axiom (\S+)", text, re.M)}
    compilers_own = {"lcErased", "lcProof", "lcAny", "lcVoid"}
    # `lcProof` is unsafe: Lean's kernel lets no proof use it.
    assert "unsafe axiom lcProof" in texts["Init.Prelude"]
    assert declared == compilers_own - {"lcProof"} | {"sorryAx", "propext", "Quot.sound", "Classical.choice"}
    words = [word for module, text in texts.items() for word in re.findall(r"[\w.]+", text) if module != "Init.Prelude"]
    assert not compilers_own.intersection(words)
    assert not {"sorry", "sorryAx", "implemented_by", "csimp", "unsafe"}.intersection(words)


def test_errors_are_told_with_file_and_line() -> None:
    assert str(Diagnostic("Init/Logic.lean", 3, 7, "unknown")) == "Init/Logic.lean:3:7: unknown"
