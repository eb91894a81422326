"""Diffs, progress and policy choices: what people see and type."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from prover import diffing
from prover.bundled import datasets_folder
from prover.console import ProgressView, duration, one_line, plain
from prover.events import AttemptStarted, BestSoFar, GoalsChanged, Note, Phase, PhaseStarted, UsageChanged
from prover.policy_choice import ChoiceProblem, PolicyPart, check_policy, parse_policy


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_diff_is_as_diff_u_prints_it() -> None:
    before = "".join(f"{n}\n" for n in range(1, 11))
    lines = diffing.unified(before, before.replace("5\n", "5\nnew\n"), "a", "b")
    assert [line.text for line in lines] == [
        "--- a", "+++ b", "@@ -3,6 +3,7 @@", " 3", " 4", " 5", "+new", " 6", " 7", " 8",
    ]  # fmt: skip
    assert diffing.size(lines) == diffing.DiffSize(1, 0)
    assert diffing.unified("a\r\nb\r\n", "a\nb\n", "x", "y") == []


@settings(max_examples=50)
@given(st.lists(st.sampled_from("ab{}"), max_size=12), st.lists(st.sampled_from("ab{}"), max_size=12))
def test_a_diff_says_exactly_what_changed(before: list[str], after: list[str]) -> None:
    lines = diffing.unified("\n".join(before), "\n".join(after), "x", "y")
    assert (lines == []) == ("\n".join(before).splitlines() == "\n".join(after).splitlines())
    size = diffing.size(lines)
    assert size.added - size.removed == len("\n".join(after).splitlines()) - len("\n".join(before).splitlines())


def test_durations_and_harmless_text() -> None:
    assert [duration(s) for s in (0.04, 9.94, 9.96, 75, 119.6, 185)] == [
        "0.0 s", "9.9 s", "10 s", "75 s", "2 min 00 s", "3 min 05 s",
    ]  # fmt: skip
    assert plain("a\x1b[2Jb\u202e") == "a\ufffd[2Jb\ufffd"
    assert one_line(" a\n\t b ") == "a b"


def drive(console: Console, clock: Clock) -> None:
    with ProgressView(console, "a.dfy", 60, clock) as view:
        view.notify(PhaseStarted(Phase.CHECKING, "Dafny 2.3"))
        clock.now = 2
        view.notify(PhaseStarted(Phase.SEARCHING))
        for _ in range(2):
            view.notify(GoalsChanged(1, 2))
        for check in range(1, 40):
            clock.now += 0.5
            view.notify(AttemptStarted("Foo", "houdini", "invariant 0 <= i\ninvariant " + "x" * 200))
            view.notify(UsageChanged(check, 7))
        view.notify(BestSoFar("text"))
        view.notify(Note("a [bold]note[/bold]"))


def test_a_log_gets_few_lines() -> None:
    log = io.StringIO()
    drive(Console(file=log, width=80, markup=False, highlight=False), Clock())
    lines = log.getvalue().splitlines()
    assert lines[:4] == [
        "a.dfy",
        "   0.0 s  checking the original: Dafny 2.3",
        "   2.0 s  searching",
        "   2.0 s  1 of 3 goals proved, 0 checks",
    ]
    assert lines[4].startswith(
        "    12 s  searching, 1 of 3 goals proved, 20 checks, 7 tokens; trying Foo, houdini: inv"
    )
    assert lines[5] == "a [bold]note[/bold]"
    assert len(lines) == 6


def test_a_terminal_gets_a_live_display_within_its_width_that_disappears() -> None:
    screen = io.StringIO()
    console = Console(file=screen, width=80, force_terminal=True, markup=False, highlight=False, _environ={})
    clock = Clock()
    drive(console, clock)
    assert screen.getvalue().endswith("\x1b[2K")
    still = io.StringIO()
    view = ProgressView(Console(file=still, width=80), "a.dfy", 60, clock)
    view.notify(AttemptStarted("Foo", "houdini", "y" * 200))
    Console(file=still, width=80).print(view)
    assert all(len(line) <= 80 for line in still.getvalue().splitlines())
    assert "0 checks, 0.0 s of 60 s" in still.getvalue()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("symbolic", (PolicyPart("symbolic"),)),
        ("hf:a/b+c", (PolicyPart("hf", "a/b+c"),)),
        (
            "symbolic+hf:m+openai:gpt-4:x",
            (PolicyPart("symbolic"), PolicyPart("hf", "m"), PolicyPart("openai", "gpt-4:x")),
        ),
    ],
)
def test_policies(text: str, parts: tuple[PolicyPart, ...]) -> None:
    assert parse_policy(text) == parts


@pytest.mark.parametrize(
    "text", ["", "+", "symbolic:x", "hf", "hf: ", "symbolic+", "symbolic+junk", "symbolic+symbolic"]
)
def test_malformed_policies(text: str) -> None:
    found = check_policy(text)
    assert isinstance(found, ChoiceProblem)
    assert found.status == "invalid"


def test_the_bundled_tasks_are_found() -> None:
    assert list((datasets_folder() / "starter" / "dafny").glob("*/task.dfy"))
