"""Which Lean the integration tests drive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class GateCompiler:
    """Compiles modules as the command line does. core: folder of the compiled core library."""

    core: Path
    compiler: LeanCompiler

    async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
        return await self.compiler(text, module, out_dir, search_path)


def gate_compiler() -> GateCompiler:
    """The gate's compiler on the bundled core. Skips where there is another Lean, whose library is much larger."""
    found = lean_installation()
    if found.core is None:
        pytest.skip("these tests are about the bundled core")
    return GateCompiler(found.core, LeanCompiler(CommandVerifier(found), 60.0))
