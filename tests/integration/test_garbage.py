"""What is no Dafny program, or too much for the solver: the right exit code, one clear message, an end (`Prover.run`
waits for it), and nothing left behind (the fixture looks)."""

import pytest
from prover_command import Prover
from warm import mostly_slow

pytestmark = pytest.mark.integration

MATCHING_LOOP = """\
function F(x: int): int

lemma Cubes(a: int, b: int, c: int)
  requires forall x {:trigger F(x)} :: F(x) == F(x + 1) * F(x - 1) + F(2 * x)
  ensures a * a * a + b * b * b + c * c * c != 114 * F(a * b) || F(c) != 1
{
}
"""
GARBAGE = {
    "an empty file": (b"", "empty"),
    "white space": (b" \n\t\n", "empty"),
    "a binary": (b"\x7fELF\x02\x01\x01\0\0\0" + bytes(range(256)), "binary"),
    "text that is not UTF-8": ("// caf\u00e9\nmethod M() { }\n".encode("latin-1"), "UTF-8"),
    "five megabytes": (b"// padding\n" * 500_000, "larger than"),
    "a syntax error": (b"method M( {\n", "syntax error at line 1"),
    "prose": (b"Dear verifier,\nplease prove this.\n", "syntax error at line 1"),
    "an unknown name": (b"method M() {\n  var x := y;\n}\n", "error at line 2"),
    "an include that is not there": (b'include "gone.dfy"\nmethod M() { }\n', "line 1: Unable to open included file"),
}


SAME = ("white space", "prose")
"""What goes the way of an empty file and of a syntax error."""
KINDS = mostly_slow({kind: (kind,) for kind in GARBAGE}, *(kind for kind in GARBAGE if kind not in SAME))


@pytest.mark.parametrize("kind", KINDS)
def test_garbage_is_bad_input_with_one_message(prover: Prover, kind: str) -> None:
    data, message = GARBAGE[kind]
    (prover.folder / "input.dfy").write_bytes(data)
    ran = prover.run("prove", "input.dfy", "--json")
    assert (ran.code, ran.json["status"]) == (2, "invalid"), ran.err
    assert message in ran.json["reason"] and "Traceback" not in ran.err
    assert sorted(f.name for f in prover.folder.iterdir() if f.suffix == ".dfy") == ["input.dfy"]


@pytest.mark.parametrize(("name", "message"), [("gone.dfy", "no such file"), (".", "directory"), ("x.py", "")])
def test_what_cannot_be_read_as_a_file_is_bad_input(prover: Prover, name: str, message: str) -> None:
    (prover.folder / "x.py").write_text("pass\n")
    for command in ("prove", "check"):
        ran = prover.run(command, name)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("prover: ") and message in ran.err and ran.err.count("\n") == 1


UNREAD = mostly_slow(
    {kind: (kind,) for kind in ("an empty file", "a binary", "text that is not UTF-8", "five megabytes")}, "a binary"
)
"""Refused where files are read, which `prove` does as well."""


@pytest.mark.parametrize("kind", UNREAD)
def test_the_gate_refuses_what_is_no_text(prover: Prover, kind: str) -> None:
    data, message = GARBAGE[kind]
    (prover.folder / "input.dfy").write_bytes(data)
    ran = prover.run("check", "input.dfy", "--json")
    assert (ran.code, ran.json["verdict"]) == (2, "unknown")
    assert message in ran.json["reason"]


@pytest.mark.parametrize("kind", ["a syntax error", "an unknown name"])
def test_the_gate_rejects_what_is_no_program(prover: Prover, kind: str) -> None:
    (prover.folder / "input.dfy").write_bytes(GARBAGE[kind][0])
    ran = prover.run("check", "input.dfy", "--json")
    assert (ran.code, ran.json["verdict"]) == (1, "rejected"), ran.err
    assert ran.json["objections"]


def test_a_solver_in_an_endless_loop_is_stopped(prover: Prover) -> None:
    (prover.folder / "input.dfy").write_text(MATCHING_LOOP)
    ran = prover.run("prove", "input.dfy", "--seconds", "8", "--json")
    assert (ran.code, ran.json["status"]) == (1, "unknown"), ran.err
    assert ran.json["reason"]


def test_the_gate_knows_nothing_about_what_the_solver_does_not_finish(prover: Prover) -> None:
    (prover.folder / "input.dfy").write_text(MATCHING_LOOP)
    ran = prover.run("check", "input.dfy", "--against", "input.dfy", "--seconds", "8", "--json")
    assert (ran.code, ran.json["verdict"]) == (1, "unknown"), ran.err
    assert "time" in ran.json["reason"]
