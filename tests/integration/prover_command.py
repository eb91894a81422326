"""Runs the real command in a process of its own, and finds whatever it may have left behind."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "datasets" / "starter" / "dafny"
PATIENCE = 400.0
"""Seconds after which a command hangs, however slow and busy the machine is."""
ENOUGH = "300"
"""Seconds that a command has which is not told otherwise: what it proves must not depend on the machine's speed."""
_MARK = "LEMMATREE_TEST_MARK"


@dataclass(frozen=True)
class Ran:
    """An ended command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        assert self.out.count("\n") == 1 and self.out.endswith("\n"), self.out + self.err
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@dataclass
class Prover:
    """The command in a folder. Its processes carry a mark in their environment, which everything they start
    inherits: processes of others on the machine are never mistaken for ours."""

    folder: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def start(self, *arguments: str | Path) -> "subprocess.Popen[str]":
        """Start it without waiting. Its settings are the defaults whatever ours are, but for the seconds, and one
        verifier: other tests run on the other cores."""
        env = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith("PROVER_") or k in ("PROVER_Z3", "PROVER_DAFNY", "PROVER_LEAN")
        }
        env |= {_MARK: self.mark, "PYTHONPATH": str(ROOT), "PROVER_SECONDS": ENOUGH, "PROVER_WORKERS": "1"}
        return subprocess.Popen(
            [sys.executable, "-m", "prover", *map(str, arguments)],
            cwd=self.folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str | Path, stdin: str = "") -> Ran:
        """Run it to its end, which must come within `PATIENCE`."""
        with ended_after(self.start(*arguments)) as process:
            out, err = process.communicate(stdin, timeout=PATIENCE)
        return Ran(process.returncode, out, err)

    def alive(self) -> list[str]:
        """Its processes that are still there (zombies are not), by command line."""
        mark, found = f"{_MARK}={self.mark}".encode(), []
        for process in Path("/proc").iterdir():
            try:
                if process.name.isdigit() and mark in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
            except OSError:
                continue
        return [command for command in found if command]

    def verifiers(self) -> list[str]:
        """Its mono and z3 processes."""
        return [command for command in self.alive() if "mono" in command or "z3" in command]

    def left_over(self, seconds: float = PATIENCE) -> list[str]:
        """What is still alive after waiting for the end of everything, for a bounded time."""
        deadline = time.monotonic() + seconds
        while (alive := self.alive()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return alive

    def wait_for_verifier(self, process: "subprocess.Popen[str]", seconds: float = PATIENCE) -> None:
        """Wait until a verifier of its search runs."""
        deadline = time.monotonic() + seconds
        while not any("DafnyServer" in command for command in self.verifiers()):
            assert process.poll() is None and time.monotonic() < deadline, "no verifier was started"
            time.sleep(0.05)


@contextmanager
def ended_after(process: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    """Whatever happens meanwhile, the process does not outlive the block."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()


def is_inserted_into(original: str, text: str) -> bool:
    """Whether a text has all lines of another one in their order, and perhaps more between them."""
    lines = iter(text.splitlines())
    return all(line in lines for line in original.splitlines())
