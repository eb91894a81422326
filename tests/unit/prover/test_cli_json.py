"""`--json` of every command: one object of the command's own form on stdout, also where nothing could be done, and the
exit code that it has without. The words of usage errors are typer's, and differ from version to version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer
from prover_fakes import Terminal

from prover.commands.app import app
from prover.commands.data import FetchJson
from prover.commands.doctor import DoctorJson
from prover.commands.export import RunExportJson
from prover.commands.support import ExitCode
from prover.commands.train import ExportJson, SftJson
from prover.contract import SCHEMA_VERSION
from prover.decompositions import DecomposeJson
from prover.evaluation.eval_json import EvalJson
from prover.report.report_json import ReportJson
from prover.results import CheckJson, ProveJson
from prover.show.report import ShowJson

FORMS: dict[str, Any] = {
    "prove": ProveJson,
    "check": CheckJson,
    "decompose": DecomposeJson,
    "show": ShowJson,
    "doctor": DoctorJson,
    "eval": EvalJson,
    "report": ReportJson,
    "export": RunExportJson,
    "data fetch": FetchJson,
    "train export": ExportJson,
    "train sft": SftJson,
}


def commands(group: Any = None, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """All commands by their words."""
    root: Any = group or typer.main.get_command(app)
    for name, command in root.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def test_every_command_has_json() -> None:
    assert {name for name, _ in commands()} == set(FORMS)
    for name, command in commands():
        assert any("--json" in parameter.opts for parameter in command.params), name


REFUSED = [
    ("prove", "", "Missing argument"),
    ("prove", "nowhere.dfy", "nowhere.dfy"),
    ("prove", "odd.dfy --seconds soon", "'--seconds'"),
    ("prove", "odd.dfy --checks 1.5", "'--checks'"),
    ("prove", "odd.dfy --seconds 0", "--seconds"),
    ("prove", "odd.dfy --policy luck", "luck"),
    ("prove", "odd.dfy --strategy luck", "luck"),
    ("prove", "odd.dfy --out -", "both want stdout"),
    ("prove", "odd.dfy --seed", "--seed"),
    ("prove", "odd.dfy even.dfy", "unexpected extra argument"),
    ("check", "", "Missing argument"),
    ("check", "nowhere.dfy", "nowhere.dfy"),
    ("check", "odd.dfy --against nowhere.dfy", "nowhere.dfy"),
    ("check", "odd.dfy --seconds x", "'--seconds'"),
    ("check", "- --against -", "cannot both be standard input"),
    ("decompose", "", "Missing argument"),
    ("decompose", "nowhere.dfy", "nowhere.dfy"),
    ("decompose", "odd.dfy --seed x", "'--seed'"),
    ("show", "", "Missing argument"),
    ("show", "nowhere", "no such folder"),
    ("show", "nowhere --width 3", "'--width'"),
    ("show", "nowhere --svg -", "both want stdout"),
    ("doctor", "now", "unexpected extra argument"),
    ("eval", "", "name a benchmark"),
    ("eval", "nonsense", "no such benchmark"),
    ("eval", "starter --limit few", "'--limit'"),
    ("eval", "starter --answers nowhere", "nowhere"),
    ("eval", "starter --retry-errors", "--resume"),
    ("eval", "--resume", "--run DIR"),
    ("eval", "--resume --run nowhere", "no such folder"),
    ("report", "", "Missing argument"),
    ("report", "nowhere", "no such folder"),
    ("report", "nowhere --out -", "both want stdout"),
    ("export", "", "Missing argument"),
    ("export", "nowhere", "Missing option '--out'"),
    ("export", "nowhere --out out", "no such folder"),
    ("export", "nowhere --out out --what all", "--what all: there are solved"),
    ("data fetch", "", "Missing argument"),
    ("data fetch", "nonsense", "nonsense"),
    ("data fetch", "starter", "starter"),
    ("train export", "nowhere", "Missing option '--out'"),
    ("train export", "nowhere --out pairs", "nowhere"),
    ("train export", "nowhere --out -", "both want stdout"),
    ("train export", "nowhere --out pairs --renamed -1", "'--renamed'"),
    ("train export", "nowhere --out pairs --family nobody", "nobody"),
    ("train sft", "pairs --out new", "Missing option '--model'"),
    ("train sft", "nowhere --model scratch:tiny --out new", "nowhere"),
    ("train sft", "nowhere --model scratch:tiny --out new --keep 2", "'--keep'"),
    *((name, "--no-such-option", "No such option: --no-such-option") for name in FORMS),
]


@pytest.mark.parametrize(("command", "words", "told"), REFUSED)
def test_what_is_refused_is_told_in_the_commands_own_form(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, command: str, words: str, told: str
) -> None:
    terminal.write("odd.dfy")
    monkeypatch.chdir(terminal.folder)
    given = [*command.split(), *words.split()]
    ran = terminal.run(*command.split(), "--json", *words.split())
    assert ran.code == ExitCode.INVALID
    said = ran.json
    assert list(said) == list(FORMS[command].model_fields)
    assert said["schema_version"] == SCHEMA_VERSION
    assert told in said["reason"]
    assert ran.stderr
    if "both want" not in told:
        plain = terminal.run(*given)
        assert (plain.code, plain.stdout, plain.stderr) == (ran.code, "", ran.stderr)
    assert sorted(path.name for path in terminal.folder.iterdir()) == ["odd.dfy"], "and nothing was written"


def test_a_usage_error_names_the_next_step(terminal: Terminal) -> None:
    reason = terminal.run("train", "sft", "--json", "--batch", "0").json["reason"]
    assert reason.startswith("Invalid value for '--batch': ")
    assert reason.endswith(". See: prover train sft --help")


@pytest.mark.parametrize("status", ["prove", "decompose"])
def test_a_status_says_that_the_words_were_wrong(terminal: Terminal, status: str) -> None:
    assert terminal.run(status, "--json").json["status"] == "invalid"


@pytest.mark.parametrize("words", ["evall starter", "--colour prove", "train", "data fetchh x", "train --all sft"])
def test_words_that_name_no_command_have_an_object_too(terminal: Terminal, words: str) -> None:
    ran = terminal.run(*words.split(), "--json")
    assert (ran.code, list(ran.json)) == (ExitCode.INVALID, ["schema_version", "reason"])
    assert ran.json["reason"].endswith(" --help")


def test_what_is_no_option_asks_for_no_json(terminal: Terminal) -> None:
    ran = terminal.run("prove", "--seconds", "x", "--", "--json")
    assert (ran.code, ran.stdout) == (ExitCode.INVALID, "")


def test_help_tells_the_exit_codes(terminal: Terminal) -> None:
    assert "130 interrupted" in " ".join(terminal.run("--help").stdout.split())
    assert "--retry-errors" in terminal.run("eval", "--help").stdout
