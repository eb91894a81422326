"""Dafny called as somebody else calls it: the arguments are theirs, and what it prints is handed back unread.

For harnesses whose own reading of the output is what counts. Whatever of this is to be believed, `verdict.py` decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dafny_env.driver.discovery import Installation
from sandbox.limits import Completed, Limits
from sandbox.process import run_async
from sandbox.scratch import scratch_directory

CALLED_FILE = "lemmatree_called_file.dfy"
"""What the file is called in messages."""


async def call_dafny(
    installation: Installation,
    arguments: Sequence[str],
    source: str,
    *,
    seconds: float,
    limits: Limits | None = None,
) -> Completed:
    """One run on a text, in a fresh process and an empty folder: nothing can be included from it.

    arguments: stand in front of the file. Dafny 2 is told which solver to use, for it brings none along; later ones use
    their own, as whoever calls them so has it. seconds: wall clock of the whole run. Cancelling kills the process group
    at once. Never raises for what the text or the verifier does.
    """
    bounds = replace(limits or Limits(), seconds=seconds)
    with scratch_directory("dafny") as scratch:
        file = scratch / CALLED_FILE
        file.write_bytes(source.encode("utf-8", "replace"))
        argv = [*installation.info.command, *arguments, str(file)]
        if installation.info.major == 2:
            argv += [f"/z3exe:{installation.solver.path}"] if installation.solver else []
            bounds = replace(bounds, writable=(*(bounds.writable or ()), scratch))  # .NET wants to write elsewhere, too
        return await run_async(argv, limits=bounds, cwd=scratch, scratch=scratch)
