"""Which Lean the integration tests drive."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lean_project.driver.command import CommandVerifier
from lean_project.gate.results import CompileResult
from lean_project.toolchain import LeanInstallation, discover
from prover.lean_toolchain import LeanCompiler
from sandbox.missing import Missing


def lean_installation() -> LeanInstallation:
    """The Lean of this machine; its core library is compiled where that was not done. Skips where there is none."""
    found = discover()
    if isinstance(found, Missing):
        pytest.skip(str(found))
    return found


Files = tuple[tuple[str, bytes], ...]
"""Names and contents of files."""


def contents(folder: Path) -> Files:
    """What is in a folder."""
    return tuple((file.name, file.read_bytes()) for file in sorted(folder.iterdir()))


@dataclass(frozen=True)
class GateCompiler:
    """Compiles modules as the command line does, each text once: many attacks are on the same original, and Lean says
    the same of it every time. core: folder of the compiled core library."""

    core: Path
    compiler: LeanCompiler
    done: dict[Hashable, tuple[CompileResult, Files]] = field(default_factory=dict)

    async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
        key = (text, module, *(contents(folder) for folder in search_path if folder != self.core))
        if key not in self.done:
            result = await self.compiler(text, module, out_dir, search_path)
            self.done[key] = (result, contents(out_dir))
        result, files = self.done[key]
        for name, content in files:
            (out_dir / name).write_bytes(content)
        return result


def gate_compiler() -> GateCompiler:
    """The gate's compiler on the bundled core. Skips where there is another Lean, whose library is much larger."""
    found = lean_installation()
    if found.core is None:
        pytest.skip("these tests are about the bundled core")
    return GateCompiler(found.core, LeanCompiler(CommandVerifier(found), 60.0))
