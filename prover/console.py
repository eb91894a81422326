"""Progress for people: one live line on a terminal, sparse plain lines elsewhere. Everything shown is made harmless."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from types import TracebackType
from typing import IO, Self

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from prover.events import (
    AttemptStarted,
    BestSoFar,
    Event,
    GoalsChanged,
    Note,
    Phase,
    PhaseStarted,
    UsageChanged,
)

_PLAIN_INTERVAL = 10.0
"""Seconds between progress lines where there is no terminal (a log)."""


def plain(text: str) -> str:
    """The text without control characters: file names, verifier output and models' text must not drive a terminal."""
    return "".join(c if c in "\n\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def one_line(text: str) -> str:
    """The text on one line, white space squeezed."""
    return " ".join(plain(text).split())


def abandon(stream: IO[str]) -> None:
    """Point a stream whose reader has gone at nothing, so that later writes and the interpreter's last flush
    succeed."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


class _PatientConsole(Console):
    """A console that falls silent when its reader has gone, where rich would end the process with code 1."""

    def on_broken_pipe(self) -> None:
        """The reader has gone."""
        self.quiet = True
        abandon(self.file)


def make_console(*, stderr: bool) -> Console:
    """A console on the current stdout or stderr, without markup or guessing at highlights."""
    return _PatientConsole(stderr=stderr, markup=False, emoji=False, highlight=False)


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 05 s`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 119.5:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def noun(count: int, word: str) -> str:
    """The word in the number that the count asks for."""
    return word if count == 1 else f"{word}s"


class ProgressView:
    """Shows a run while it goes on; an `Observer`. Use as a context manager.

    title: what is being proved. seconds: the budget, for `12 s of 60 s`. clock: monotonic seconds.
    """

    def __init__(self, console: Console, title: str, seconds: float, clock: Callable[[], float]) -> None:
        self._console = console
        self._title = one_line(title)
        self._budget = seconds
        self._clock = clock
        self._start = clock()
        self._last_line = self._start
        self._phase = Phase.READING
        self._attempt = ""
        self._goals: GoalsChanged | None = None
        self._checks = 0
        self._tokens = 0
        self._spinner = Spinner("dots")
        live = console.is_terminal and not console.is_dumb_terminal
        self._live = Live(self, console=console, transient=True, refresh_per_second=8) if live else None

    def __enter__(self) -> Self:
        """Start showing."""
        if self._live:
            self._live.start()
        else:
            self._say(self._title)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing; a live line disappears, the cursor comes back."""
        if self._live:
            self._live.stop()

    def notify(self, event: Event) -> None:
        """Take in one event of the run."""
        match event:
            case PhaseStarted():
                self._phase, self._attempt = event.phase, ""
                detail = f": {one_line(event.detail)}" if event.detail else ""
                self._line(f"{event.phase}{detail}")
            case GoalsChanged():
                changed = event != self._goals
                self._goals = event
                if changed:
                    self._line(self._numbers())
            case AttemptStarted():
                text = f": {one_line(event.text)}" if event.text else ""
                self._attempt = f"{one_line(event.goal)}, {one_line(event.kind)}{text}"
            case UsageChanged():
                self._checks, self._tokens = event.checks, event.tokens
                if self._clock() - self._last_line >= _PLAIN_INTERVAL:
                    self._line(f"{self._phase}, {self._numbers()}; trying {self._attempt or '...'}"[:240])
            case Note():
                self._say(one_line(event.message))
            case BestSoFar():
                pass

    def message(self, text: str) -> None:
        """Show a line now (also above a live line)."""
        self._say(one_line(text))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The live display: three lines, each cut to the terminal's width."""
        elapsed = self._clock() - self._start
        grid = Table.grid(padding=(0, 1), expand=True)
        grid.add_column(width=1)
        grid.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        head = Text.assemble((str(self._phase), "bold"), f" {self._title}")
        numbers = f"{self._numbers()}, {duration(elapsed)} of {duration(self._budget)}"
        grid.add_row(self._spinner, head)
        grid.add_row("", Text(numbers, style="cyan"))
        grid.add_row("", Text(self._attempt or "...", style="dim"))
        yield grid

    def _numbers(self) -> str:
        parts = []
        if self._goals:
            total = self._goals.proved + self._goals.open
            parts.append(f"{self._goals.proved} of {total} {noun(total, 'goal')} proved")
        parts.append(f"{self._checks} {noun(self._checks, 'check')}")
        if self._tokens:
            parts.append(f"{self._tokens} tokens")
        return ", ".join(parts)

    def _line(self, text: str) -> None:
        if self._live is None:
            self._last_line = self._clock()
            self._say(f"  {duration(self._last_line - self._start):>6}  {text}")

    def _say(self, text: str) -> None:
        self._console.print(Text(text), soft_wrap=True)
