"""What runs on one node of a cluster: a workbench there, and attempts whose files travel back as bytes."""

from __future__ import annotations

import asyncio
import os
import platform
from dataclasses import dataclass
from pathlib import Path

from dafny_env.driver.discovery import discover as discover_dafny
from lean_project.toolchain import discover as discover_lean
from prover.benchmarks.registry import benchmark
from prover.evaluation.bench import NoRoom, Workbench, models_of, no_room
from prover.evaluation.jobs import Job, Terms
from prover.evaluation.nodes import Files, Made, Unfit, cut
from prover.run_folder import package_version
from prover.sampling.models import lacking
from prover.settings import environment_of
from sandbox.missing import Missing
from sandbox.scratch import scratch_directory

_TRAVEL = ("journal.jsonl", "samples.jsonl")


@dataclass(frozen=True, slots=True)
class About:
    """A node as it describes itself. verifiers: those found, with versions. missing: why it can do nothing here."""

    package: str
    python: str
    verifiers: tuple[str, ...]
    pid: int
    missing: str = ""

    @property
    def facts(self) -> str:
        """In one line."""
        return ", ".join((f"lemmatree {self.package}", f"Python {self.python}", *self.verifiers))


class NodeBench:
    """A workbench on a node. workers: attempts at a time there. others: there is more than one of them on the node.
    Belongs to one event loop."""

    def __init__(self, terms: Terms, workers: int, others: bool = False) -> None:
        self._terms = terms
        self._workers = workers
        self._others = others
        self._bench: Workbench | None = None

    async def about(self) -> About:
        """Open the models and look for the verifiers."""
        missing = ""
        bench = self._opened()
        for spec in models_of(self._terms.settings):
            opened = await bench.models.service(spec)
            if isinstance(opened, Missing):
                missing = lacking(spec, opened)
        found = await asyncio.to_thread(verifiers_of, self._terms)
        return About(package_version(), platform.python_version(), found, os.getpid(), missing)

    async def attempt(self, job: Job, brought: Files) -> Made | Unfit:
        """Make an attempt in a scratch folder that goes with it. Unfit where this machine's disk is full or broken."""
        if job.task.path is not None and not await asyncio.to_thread(Path(job.task.path).exists):
            # Its includes or its Lake project would be missing, and the verdict would speak of another file.
            return Unfit(f"{job.task.path} is not there on this node; put tasks on a file system that all nodes share")
        try:
            with scratch_directory("attempt") as folder:
                for name, told in brought:
                    (folder / name).write_bytes(told)
                ended = await self._opened().attempt(job, folder)
                files = tuple((name, content) for name in _TRAVEL if (content := cut(folder / name)) is not None)
                return Made(ended, files)
        except NoRoom as error:
            return Unfit(str(error))
        except OSError as error:
            if (full := no_room(error)) is None:
                raise
            return Unfit(f"{full.filename or 'its disk'}: {full.strerror}")

    async def close(self) -> None:
        """End all child processes and free the models."""
        bench, self._bench = self._bench, None
        if bench is not None:
            await bench.close()

    def _opened(self) -> Workbench:
        if self._bench is None:
            rule = benchmark(self._terms.benchmark).official
            self._bench = Workbench(self._terms, self._workers, rule, others=self._others)
        return self._bench


def verifiers_of(terms: Terms) -> tuple[str, ...]:
    """The verifiers of this machine, for people. Takes some seconds."""
    env = environment_of(terms.settings)
    dafny = discover_dafny(env)
    lean = discover_lean(None, env)
    tools = [t for t in (dafny.dafny2, dafny.dafny4) if not isinstance(t, Missing)]
    found = [str(tool.info) for tool in tools]
    if not isinstance(lean, Missing):
        found.append(str(lean))
    return tuple(found) or ("no verifier",)
