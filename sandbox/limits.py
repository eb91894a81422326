"""What a child process may use, and how it ended: the values every other module of the sandbox speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one child process and everything it starts.

    seconds: wall-clock time, always finite. memory_bytes: resident memory of the whole process group, None: no bound.
    output_bytes: of stdout and stderr together, per run or per reply. network: whether the child may use the network.
    address_space_bytes: RLIMIT_AS of each single process, None for no bound (runtimes like mono reserve far more than
    they use). nice: added to our own scheduling priority number. writable: the folders beneath which the child may
    change files, beside what it is handed open; None: wherever the user may. Reading is not bounded.
    """

    seconds: float = 60.0
    memory_bytes: int | None = 4 << 30
    output_bytes: int = 16 << 20
    network: bool = False
    address_space_bytes: int | None = None
    nice: int = 5
    writable: tuple[Path, ...] | None = None


class Ended(StrEnum):
    """Why a child process ended."""

    EXITED = "exited"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    CANCELLED = "cancelled"
    NOT_STARTED = "not started"


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished child: what was run, how it ended and what it printed (decoded as UTF-8, bad bytes replaced).

    returncode is None when it never started; negative for a signal, as in `subprocess`. seconds is wall-clock time,
    peak_memory_bytes the largest resident size of the group that was seen (0 when it ended before the first look).
    """

    argv: tuple[str, ...]
    pid: int | None
    ended: Ended
    returncode: int | None
    stdout: str
    stderr: str
    seconds: float
    peak_memory_bytes: int = 0

    def __str__(self) -> str:
        """Command, pid, how it ended and the last output, for error messages."""
        tail = (self.stderr or self.stdout)[-500:].strip()
        return f"{' '.join(self.argv)} (pid {self.pid}): {self.ended}, exit status {self.returncode}: {tail}"
