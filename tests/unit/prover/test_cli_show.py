"""`prover show` as its users and their scripts see it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from prover_fakes import Terminal
from rich.console import Console
from search_fakes import World
from show_worlds import Run, played, runs

from prover.commands import show as cli_show
from prover.show.replay import grow
from prover.show.report import DEEPEST, report
from search.ports import Goal, Refuted, Rejected

ROOT = Path(__file__).parents[3]
WORLD = World(
    ["r"],
    {"r": {"close": Rejected("no; no"), "a": ["x"], "b": ["l"]}, "x": {"run": Refuted("n = 1")}, "l": {"p": []}},
    goals={"l": Goal("l", "Helper", "lemma Helper()\n  ensures P", 3), "x": Goal("x", "Wrong", "lemma Wrong()", 1)},
)


@pytest.fixture
def run(terminal: Terminal) -> Path:
    return played(WORLD, concurrency=1).write(terminal.folder / "run")


def test_text_goes_to_stdout_without_colours_when_piped(terminal: Terminal, run: Path) -> None:
    ran = terminal.run("show", run)
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Proved: task.dfy\n")
    assert "✓ Helper" in ran.stdout
    assert "\x1b" not in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 120
    assert max(map(len, terminal.run("show", run, "--width", "60").stdout.splitlines())) <= 60
    assert not (run / "tree.svg").exists()


def test_on_a_terminal_it_is_as_wide_as_that_and_coloured(
    terminal: Terminal, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    console = Console(file=io.StringIO(), force_terminal=True, width=70)
    monkeypatch.setattr(cli_show, "make_console", lambda *, stderr: console)
    shown = terminal.run("show", run).stdout
    assert "\x1b[" in shown
    assert max(map(len, re.sub("\x1b\\[[0-9;]*m", "", shown).splitlines())) <= 70


def test_all_lists_what_is_summed_up_otherwise(terminal: Terminal, run: Path) -> None:
    assert "× induction (close) rejected: no" not in terminal.run("show", run).stdout
    assert "× induction (close) rejected: no" in terminal.run("show", run, "--all").stdout


def test_svg_goes_to_a_file_or_to_stdout(terminal: Terminal, run: Path) -> None:
    drawing = terminal.folder / "tree.svg"
    ran = terminal.run("show", run, "--svg", drawing)
    assert (ran.code, ran.stdout) == (0, f"Written to: {drawing}\n")
    assert ET.parse(drawing).getroot().tag.endswith("svg")
    assert terminal.run("show", run, "--svg", "-").stdout == drawing.read_text()
    assert terminal.run("show", run, "--svg", drawing, "--all").code == 0  # a drawing may be drawn again
    assert len(drawing.read_text()) > len(terminal.run("show", run, "--svg", "-").stdout)


def test_a_drawing_is_written_over_nothing_else(terminal: Terminal, run: Path) -> None:
    journal = run / "journal.jsonl"
    before = journal.read_bytes()
    ran = terminal.run("show", run, "--svg", journal)
    assert (ran.code, ran.stdout) == (2, "")
    assert "is no SVG file; give another --svg FILE" in ran.stderr
    assert journal.read_bytes() == before
    assert "is a directory" in terminal.run("show", run, "--svg", run).stderr
    assert "there is no folder" in terminal.run("show", run, "--svg", terminal.folder / "none" / "t.svg").stderr
    assert terminal.run("show", run, "--svg", "a\0b").code == 2


def test_json_is_one_object(terminal: Terminal, run: Path) -> None:
    ran = terminal.run("show", run, "--json")
    shown = ran.json
    assert ran.stderr == ""
    assert next(iter(shown)) == "schema_version"
    assert (shown["run"], shown["task"], shown["status"], shown["complete"]) == (str(run), "task.dfy", "proved", True)
    (root,) = shown["roots"]
    assert (root["name"], root["status"], root["d"], root["proof"]) == ("goal r", "proved", 8, True)
    steps = {(step["verdict"], step["state"]): step for step in root["steps"]}
    assert set(steps) == {("accepted", "solved it"), ("accepted", "lost"), ("rejected", None)}
    won, lost = steps["accepted", "solved it"], steps["accepted", "lost"]
    assert (won["kind"], won["rung"], won["S"], won["r"]) == ("split", "decompose", 0.625, 0.625)
    assert [(goal["name"], goal["status"]) for goal in won["subgoals"]] == [("Helper", "proved")]
    assert won["subgoals"][0]["text"] == "lemma Helper()\n  ensures P"
    assert (lost["lost_to"], lost["subgoals"][0]["witness"]) == (["x"], "n = 1")
    assert steps["rejected", None]["summary"] == "no; no"


def test_json_and_a_drawing_go_together_but_not_both_to_stdout(terminal: Terminal, run: Path) -> None:
    drawing = terminal.folder / "tree.svg"
    assert terminal.run("show", run, "--json", "--svg", drawing).json["task"] == "task.dfy"
    assert drawing.exists()
    ran = terminal.run("show", run, "--json", "--svg", "-")
    assert ran.code == 2
    assert "both want stdout" in ran.json["reason"]


@settings(max_examples=30, deadline=None)
@given(runs())
def test_json_holds_every_goal_once_in_full(run: Run) -> None:
    record = run.record()
    tree = grow(record.events)
    shown: Any = json.loads(report(record, tree).to_line())
    full: list[str] = []
    references: set[str] = set()
    waiting = [*shown["roots"], *shown["deeper"]]
    while waiting:
        goal = waiting.pop()
        (references.add if goal["reference"] else full.append)(goal["key"])
        assert goal["status"] == tree.goals[goal["key"]].status
        waiting += [subgoal for step in goal["steps"] for subgoal in step["subgoals"]]
    assert sorted(full) == sorted(tree.goals)
    assert references <= set(full)


def test_json_nests_no_deeper_than_readers_bear(terminal: Terminal) -> None:
    length = 5 * DEEPEST
    steps = {f"g{i}": {"s": [f"g{i + 1}"]} for i in range(length)} | {f"g{length}": {"s": []}}
    folder = played(World(["g0"], steps)).write(terminal.folder / "deep")
    line = terminal.run("show", folder, "--json").stdout
    depth = deepest = 0
    for character in line:
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(character, 0)
        deepest = max(deepest, depth)
    assert deepest < 256  # what jq 1.6 reads
    assert [goal["key"] for goal in json.loads(line)["deeper"]] == [f"g{DEEPEST * i}" for i in range(1, 6)]


@pytest.mark.parametrize("words", [["none"], ["run", "other"], ["empty"]])
def test_bad_input_is_one_message_and_exit_code_2(terminal: Terminal, run: Path, words: list[str]) -> None:
    (terminal.folder / "empty").mkdir()
    path, *task = words
    ran = terminal.run("show", terminal.folder / path, *task, "--json")
    assert ran.code == 2
    assert ran.stderr.count("\n") == 1 and ran.stderr.startswith("prover: ")
    assert ran.json["reason"] == ran.stderr.removeprefix("prover: ").rstrip()
    assert (ran.json["status"], ran.json["roots"]) == (None, [])


@pytest.mark.parametrize("words", [["show"], ["show", "run", "--width", "3"], ["show", "run", "--svg"]])
def test_usage_errors(terminal: Terminal, words: list[str]) -> None:
    ran = terminal.run(*words)
    assert (ran.code, ran.stdout) == (2, "")


def test_help(terminal: Terminal) -> None:
    assert "--svg" in terminal.run("show", "--help").stdout


def process(arguments: str, run: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", f"exec {sys.executable} -m prover show {run} {arguments}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_full_stdout_is_told(run: Path) -> None:
    ran = process(">/dev/full", run)
    assert (ran.returncode, ran.stderr) == (
        2,
        "prover: standard output cannot be written: No space left on device.\n",
    )


def test_an_encoding_without_the_glyphs_gets_others(run: Path) -> None:
    ran = process("", run, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "+ Helper" in ran.stdout and "`-> induction" in ran.stdout
