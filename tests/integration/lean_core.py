"""Running Lean texts on the bundled core."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from lean_project import launcher
from sandbox.limits import Ended, Limits
from sandbox.process import run


@dataclass(frozen=True, slots=True)
class Checked:
    """What Lean said of a text: its messages by severity (line, text), and its exit code."""

    errors: list[tuple[int, str]]
    warnings: list[tuple[int, str]]
    notes: list[str]
    returncode: int | None


@dataclass(frozen=True, slots=True)
class Core:
    """The compiled core, and a folder for texts."""

    compiled: Path
    folder: Path

    def check(self, text: str) -> Checked:
        """Elaborate `text` as a file of its own."""
        file = self.folder / "Text.lean"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-I", str(Path(launcher.__file__).resolve()), "--json", str(file)]
        done = run(command, limits=Limits(seconds=300), env={**os.environ, "LEAN_PATH": str(self.compiled)})
        assert done.ended is Ended.EXITED, str(done)
        assert done.returncode in (0, 1), str(done)
        said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

        def of(severity: str) -> list[tuple[int, str]]:
            return [(each["pos"]["line"], each["data"]) for each in said if each["severity"] == severity]

        return Checked(of("error"), of("warning"), [text for _, text in of("information")], done.returncode)

    def accepts(self, text: str) -> Checked:
        """Elaborate `text`, which has no errors and proves without `sorry`."""
        checked = self.check(text)
        assert checked.errors == [], checked.errors
        assert not [message for _, message in checked.warnings if "sorry" in message]
        assert checked.returncode == 0
        return checked
