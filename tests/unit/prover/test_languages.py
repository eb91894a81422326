"""Which language a text is in, where no file name tells."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prover_fakes import SOURCE, Terminal

from prover.bundled import datasets_folder
from prover.inputs import Problem, SourceFile, read_source
from prover.languages import language_of

THEOREM = "theorem t : 1 + 1 = 2 := by\n  sorry\n"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (THEOREM, "lean"),
        ("import Mathlib\n\nlemma gcd_exists (a b : Nat) :\n    ∃ g, g ∣ a := by\n  sorry\n", "lean"),
        ("namespace A\nend A\n", "lean"),
        ("@[simp] def f (x : Nat) := x\n", "lean"),
        ("example : True := trivial\n", "lean"),
        ("lemma A() {}", "dafny"),
        ("lemma A(n: nat)\n  ensures n >= 0\n", "dafny"),
        ("method M() returns (x: int) { x := 1; }", "dafny"),
        ("datatype Tree = Leaf | Node(l: Tree, r: Tree)\n", "dafny"),
        ("ghost predicate P(x: int)\n", "dafny"),
        ("// theorem of arithmetic\nfunction F(x: nat): nat { x }\n", "dafny"),
        ("-- the method M() is in another file\ndef f := 1\n", "lean"),
        ("method M() {}\ntheorem t : True := by trivial\n", None),
        ("", None),
        ("what is this?", None),
        ("-- only a comment\n", None),
    ],
)
def test_it_is_told_by_what_only_one_language_has(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_every_starter_task_is_told_apart() -> None:
    for suffix, language in ((".dfy", "dafny"), (".lean", "lean")):
        files = sorted(datasets_folder().rglob(f"*{suffix}"))
        assert files
        told = {f.parent.name: language_of(f.read_text(encoding="utf-8")) for f in files}
        assert [name for name, found in told.items() if found != language] == []


@given(st.text(alphabet='lemma theorem:=by\n{}()/-*"sorry', max_size=120))
def test_any_text_has_one_language_or_none(text: str) -> None:
    assert language_of(text) in ("lean", "dafny", None)


def read(text: str, argument: str = "-", language: str | None = None) -> SourceFile | Problem:
    return read_source(argument, io.BytesIO(text.encode()), language=language)


def test_standard_input_is_read_in_its_language() -> None:
    for text, language in ((THEOREM, "lean"), ("lemma A() {}", "dafny")):
        source = read(text, "-:t")
        assert isinstance(source, SourceFile)
        assert (source.language, source.target, source.path) == (language, "t", None)


def test_what_nothing_tells_is_refused_with_the_next_step() -> None:
    refused = read("what is this?")
    assert isinstance(refused, Problem)
    assert refused.status == "invalid"
    assert "--language dafny or --language lean" in refused.reason


@pytest.mark.parametrize("text", ["what is this?", THEOREM])
def test_the_option_wins(text: str, tmp_path: Path) -> None:
    source = read(text, language="dafny")
    assert isinstance(source, SourceFile)
    assert source.language == "dafny"
    file = tmp_path / "notes.txt"
    file.write_text(text, encoding="utf-8")
    refused = read("", str(file))
    assert isinstance(refused, Problem)
    assert "--language" in refused.reason
    source = read("", str(file), "lean")
    assert isinstance(source, SourceFile)
    assert source.language == "lean"


def test_no_other_language_is_known() -> None:
    refused = read(THEOREM, language="coq")
    assert isinstance(refused, Problem)
    assert "--language lean" in refused.reason


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.mark.parametrize("command", ["prove", "decompose", "check"])
def test_commands_say_which_language_they_read(command: str, terminal: Terminal) -> None:
    for text, options, language in (
        (SOURCE, [], "dafny"),
        (THEOREM, [], "lean"),
        (THEOREM, ["--language", "dafny"], "dafny"),
    ):
        ran = terminal.run(command, "-", "--json", *options, stdin=text.encode())
        assert ran.json["language"] == language
    ran = terminal.run(command, "-", "--json", stdin=b"what is this?")
    assert (ran.code, ran.json["language"]) == (2, None)
    assert "--language" in ran.stderr
