"""Compiling with the real Lean and a small core library of our own, for tests of the gate."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lean_project.gate.results import CompileResult
from sandbox.limits import Ended, Limits
from sandbox.process import run, run_async

VARIABLE = "LEMMATREE_LEAN_PROTOTYPE"
_MODULES = ("Init/Base", "Init/Cats", "Init/Syn", "Init/Core", "Init/Data", "Init/Une", "Init")


def find_prototype() -> Path | None:
    """The folder with the launcher and the core's sources; None when it is not on this machine."""
    named = os.environ.get(VARIABLE)
    places = [Path(named)] if named else []
    places += [p / "shared" / "prototypes" / "lean_core" for p in Path(__file__).resolve().parents]
    return next((p for p in places if (p / "lean_launcher.py").is_file()), None)


@dataclass(frozen=True)
class PrototypeCompiler:
    """Compiles texts as modules. core: folder with the compiled core."""

    prototype: Path
    core: Path

    def arguments(self, source: Path, root: Path, out: Path) -> list[str]:
        launcher = str(self.prototype / "lean_launcher.py")
        return [sys.executable, launcher, "--json", "-R", str(root), "-o", str(out), str(source)]

    def environment(self, search_path: Sequence[Path]) -> dict[str, str]:
        return {**os.environ, "LEAN_PATH": ":".join(map(str, search_path))}

    async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
        source, out = out_dir / f"{module}.lean", out_dir / f"{module}.olean"
        source.write_text(text, encoding="utf-8")
        done = await run_async(
            self.arguments(source, out_dir, out),
            limits=Limits(seconds=60, memory_bytes=2 << 30),
            env=self.environment(search_path),
        )
        errors = []
        for line in done.stdout.splitlines():
            message = json.loads(line) if line.startswith("{") else {}
            if message.get("severity") == "error":
                errors.append((message["data"], message["pos"]["line"], message["pos"]["column"]))
        if done.ended is Ended.EXITED and done.returncode == 0 and not errors:
            return CompileResult("ok")
        if errors:
            return CompileResult("error", tuple(errors))
        return CompileResult("unknown", reason=str(done))

    def build_core(self) -> str:
        """Compile the core; what went wrong, empty for nothing."""
        (self.core / "Init").mkdir(parents=True)
        for name in _MODULES:
            source = self.prototype / "src" / f"{name}.lean"
            argv = self.arguments(source, self.prototype / "src", self.core / f"{name}.olean")
            done = run(argv, limits=Limits(seconds=120), env=self.environment([self.core]))
            if done.returncode != 0:
                return str(done)
        return ""
