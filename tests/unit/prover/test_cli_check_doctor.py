"""`prover check` and `prover doctor`, against fakes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from prover_fakes import SOURCE, FakeEngine, Terminal

from prover.commands.doctor import Finding, run_doctor
from prover.commands.support import ExitCode, Services
from prover.results import GateVerdict, Objection

REJECTED = GateVerdict(
    "rejected",
    "Dafny 2.3",
    ("axiom A (line 2)",),
    (Objection("assume", "an assume statement", 4, 2), Objection("x", "y")),
)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (GateVerdict("accepted", "Dafny 2.3"), 0),
        (REJECTED, 1),
        (GateVerdict("unknown", reason="timed out"), 1),
        (GateVerdict("unknown", reason="no Dafny here", unsupported=True), 3),
        (RuntimeError("boom"), 5),
        (KeyboardInterrupt(), 130),
    ],
)
def test_exit_codes(terminal: Terminal, verdict: GateVerdict | BaseException, code: int) -> None:
    terminal.engine = FakeEngine(verdict=verdict)
    ran = terminal.run("check", terminal.write("a.dfy"), "--json")
    assert ran.code == code
    assert ran.json["verdict"] == (verdict.verdict if isinstance(verdict, GateVerdict) else "unknown")


def test_objections_are_reported_with_rule_and_place(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(verdict=REJECTED)
    candidate, original = terminal.write("a.dfy"), terminal.write("b.dfy")
    ran = terminal.run("check", candidate, "--against", original, "--json")
    report = ran.json
    assert next(iter(report)) == "schema_version"
    assert report["objections"] == [
        {"rule": "assume", "message": "an assume statement", "line": 4, "column": 2},
        {"rule": "x", "message": "y", "line": None, "column": None},
    ]
    assert report["baseline"] == ["axiom A (line 2)"]
    assert f"{candidate}:4:2: assume: an assume statement" in ran.stderr
    ((judged_original, judged_candidate, seconds),) = terminal.engine.judged
    assert judged_original is not None
    assert (judged_original.path, judged_candidate.path, seconds) == (original, candidate, 60.0)


def test_people_get_the_verdict_on_stdout(terminal: Terminal) -> None:
    ran = terminal.run("check", terminal.write("a.dfy"))
    assert ran.stdout.startswith("Accepted")


def test_of_lean_the_axioms_and_the_replay_are_told(terminal: Terminal) -> None:
    axioms = ("Classical.choice", "propext")
    verdict = GateVerdict("accepted", "Lean 4.35.0 (stock)", axioms=axioms, replay="leanchecker (/x/leanchecker)")
    terminal.engine = FakeEngine(verdict=verdict)
    file = terminal.write("a.lean", "theorem t : True := trivial\n")
    report = terminal.run("check", file, "--json").json
    assert (report["axioms"], report["replay"]) == (["Classical.choice", "propext"], "leanchecker (/x/leanchecker)")
    said = terminal.run("check", file).stdout
    assert "Axioms: Classical.choice" in said and "Axioms: propext" in said
    assert "Replayed through the kernel: by leanchecker (/x/leanchecker)" in said
    terminal.engine = FakeEngine(verdict=replace(verdict, replay=""))
    assert "Replayed through the kernel: no:" in terminal.run("check", file).stdout


def test_of_dafny_no_replay_is_spoken_of(terminal: Terminal) -> None:
    assert "kernel" not in terminal.run("check", terminal.write("a.dfy")).stdout


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("empty.dfy", b"", 2), ("binary.dfy", b"\0\1", 2), ("none.txt", b"x", 2)],
)
def test_unusable_input(terminal: Terminal, name: str, content: bytes, code: int) -> None:
    good = terminal.write("good.dfy")
    bad = terminal.write(name, content)
    for words in ((bad,), (good, "--against", bad)):
        ran = terminal.run("check", *words, "--json")
        assert ran.code == code
        assert ran.json["verdict"] == "unknown"
        assert name in ran.stderr
    assert not terminal.engine.judged


def test_a_proof_and_its_original_are_of_one_language(terminal: Terminal) -> None:
    ran = terminal.run("check", terminal.write("a.dfy"), "--against", terminal.write("b.lean"), "--json")
    assert (ran.code, ran.json["verdict"]) == (2, "unknown")
    assert "one language" in ran.stderr and not terminal.engine.judged


def test_both_cannot_be_standard_input_and_a_target_is_refused(terminal: Terminal) -> None:
    assert terminal.run("check", "-", "--against", "-", stdin=SOURCE.encode()).code == 2
    assert terminal.run("check", f"{terminal.write('a.dfy')}:Double").code == 2


FINE = Finding("Dafny 2.3", "ok", "2.3.0", needed=True)
GONE = Finding("Dafny 2.3", "missing", "not found", "apt-get install dafny", needed=True)
LEAN = Finding("Lean", "optional", "a later version")


@pytest.mark.parametrize(("findings", "code"), [([FINE, LEAN], ExitCode.DONE), ([GONE, LEAN], ExitCode.UNSUPPORTED)])
def test_doctor_says_what_is_missing_and_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], findings: list[Finding], code: ExitCode
) -> None:
    services = Services(environment={"PROVER_SEED": "5", "PROVER_SEEED": "1"}, cwd=lambda: tmp_path)
    assert run_doctor(services, json=False, probe=lambda settings, environment: findings) is code
    shown = capsys.readouterr().out
    assert ("to get it: apt-get install dafny" in shown) == (code is ExitCode.UNSUPPORTED)
    assert "(PROVER_SEED)" in shown
    assert "PROVER_SEEED is set, but there is no such setting" in shown


def test_doctor_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "prover.toml").write_text("seconds = 5\n")
    services = Services(environment={"HOME": str(tmp_path)}, cwd=lambda: tmp_path)
    run_doctor(services, json=True, probe=lambda settings, environment: [FINE, replace(GONE, needed=False)])
    report = json.loads(capsys.readouterr().out)
    assert (next(iter(report)), report["ok"]) == ("schema_version", True)
    assert {"name": "seconds", "value": 5.0, "origin": str(tmp_path / "prover.toml")} in report["settings"]
    assert [finding["state"] for finding in report["findings"]] == ["ok", "missing"]


def test_doctor_with_bad_settings(terminal: Terminal) -> None:
    terminal.environment["PROVER_SECONDS"] = "soon"
    ran = terminal.run("doctor", "--json")
    assert ran.code == 2
    assert "PROVER_SECONDS is 'soon'" in ran.json["reason"]
