"""How far a run is, for people: a live display on a terminal, one line for each attempt elsewhere."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from prover.console import duration, noun, one_line
from prover.evaluation.jobs import Job
from prover.evaluation.outlook import Outlook
from prover.results import AttemptJson

_RECENT = 200
"""Ended attempts by which the time left is estimated."""
_SHOWN = 12
"""Running attempts that the live display names."""
_REASON = 120
"""Characters of a reason."""
_ORDER = ("proved", "refuted", "unknown", "invalid", "unsupported", "error")


class RunView:
    """Shows a run while it goes on; a `Watcher`. Use as a context manager.

    title: what is run. outlook: what is left of it; this view tells it what ends. earlier: attempts that had ended when
    it was taken up, by status. clock: monotonic seconds.
    """

    def __init__(
        self,
        console: Console,
        title: str,
        outlook: Outlook,
        earlier: Mapping[str, int],
        clock: Callable[[], float],
    ) -> None:
        self._console = console
        self._title = one_line(title)
        self._outlook = outlook
        self._counts = Counter(earlier)
        self._earlier = sum(earlier.values())
        self._clock = clock
        self._start = clock()
        self._running: dict[tuple[str, int], float] = {}
        self._since = self._start
        self._ends: deque[tuple[float, str]] = deque(maxlen=_RECENT)
        live = console.is_terminal and not console.is_dumb_terminal
        self._live = Live(self, console=console, transient=True, refresh_per_second=4) if live else None

    def __enter__(self) -> Self:
        """Start showing."""
        before = "all" if self._earlier and not self._outlook.left else self._earlier
        done = f", {before} of them done before" if self._earlier else ""
        bound = "" if self._outlook.certain else "up to "
        self._say(f"{self._title}: {bound}{self.total} {noun(self.total, 'attempt')}{done}")
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing."""
        if self._live:
            self._live.stop()

    @property
    def done(self) -> int:
        """Attempts that have ended, earlier ones included."""
        return sum(self._counts.values())

    @property
    def total(self) -> int:
        """Attempts of the whole run, as far as is known: it becomes less where a task turns out to be no use trying."""
        return self.done + self._outlook.left

    def began(self, job: Job) -> None:
        """An attempt begins."""
        now = self._clock()
        if not self._ends and not self._running:
            self._since = now  # models were loaded until then
        self._running[job.key] = now

    def ended(self, job: Job, line: AttemptJson) -> None:
        """An attempt has ended."""
        self._running.pop(job.key, None)
        self._counts[line.status] += 1
        self._outlook.ended(job, line.status)
        if len(self._ends) == _RECENT:
            self._since = self._ends[0][0]
        self._ends.append((self._clock(), line.status))
        status = "untouched" if line.untouched else line.status
        number = f"#{line.attempt}" if line.attempt > 1 else ""
        reason = one_line(line.reason)
        told = f"  {reason if len(reason) <= _REASON else reason[: _REASON - 1] + '…'}" if reason else ""
        width = len(str(self.total))
        left = "" if self._live or self.done % 10 else f"  [{self._rate()}]"
        self._say(
            f"{self.done:>{width}}/{self.total}  {job.task.id + number:<28} {status:<11} "
            f"{duration(line.seconds):>8} {line.checks:>4} checks{told}{left}"
        )

    def message(self, text: str) -> None:
        """Show a line now (also above a live display)."""
        self._say(one_line(text))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The live display."""
        head = Table.grid(padding=(0, 1), expand=True)
        head.add_column(no_wrap=True)
        head.add_column(ratio=1)
        head.add_column(no_wrap=True)
        bar = ProgressBar(total=max(self.total, 1), completed=self.done)
        head.add_row(Text(f"{self.done}/{self.total}", style="bold"), bar, Text(self._rate(), style="cyan"))
        counts = [f"{self._counts[name]} {name}" for name in _ORDER if self._counts[name]]
        lines = [Text(", ".join(counts) or "nothing has ended yet", style="dim")]
        now = self._clock()
        for (task, attempt), began in list(self._running.items())[:_SHOWN]:
            number = f" (attempt {attempt})" if attempt > 1 else ""
            lines.append(Text(f"  {one_line(task)[:60]}{number}  {duration(now - began)}", no_wrap=True, style="dim"))
        if len(self._running) > _SHOWN:
            lines.append(Text(f"  and {len(self._running) - _SHOWN} more", style="dim"))
        yield Group(head, *lines)

    def _rate(self) -> str:
        seconds = self._clock() - self._since
        left = self._outlook.seconds([status for _, status in self._ends], seconds)
        if left is None:
            return f"{duration(self._clock() - self._start)}"
        per_minute = 60.0 * len(self._ends) / seconds
        return f"{per_minute:.1f} a minute, about {duration(left)} left"

    def _say(self, text: str) -> None:
        self._console.print(Text(text), soft_wrap=True)
