"""What a run costs besides the verifier: 1,000 trivial tasks with the real Dafny, in this process.

    python benchmarks/evaluation_overhead.py [--tasks 1000] [--workers 2] [--language dafny] [--again]

--again: what Dafny said of the first task is given for all others with their numbers in it, so that thousands of tasks
take a minute, and nothing but our own work is left.

Prints the resident memory of this process after 100 tasks and at the end, and the processor time that it took itself
for each task (verifiers are other processes): that of its main thread, which reads, searches, judges and writes, and
that of the threads that start verifiers, talk to them and watch them."""

from __future__ import annotations

import argparse
import asyncio
import pickle
import re
import resource
import time
from dataclasses import replace
from pathlib import Path

from dafny_env.driver.factory import Toolchain
from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, VerifierInfo
from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.bench import Workbench
from prover.evaluation.jobs import Job, Terms, attempts_of
from prover.evaluation.records import EvaluationProblem
from prover.evaluation.runner import LocalExecutor, Run
from prover.evaluation.store import create
from prover.languages import Language
from prover.pools import Pools
from prover.results import AttemptJson
from prover.settings import Settings
from sandbox.missing import Missing
from sandbox.scratch import scratch_directory

_TEXTS = {
    "dafny": "lemma Trivial{0}(x: int)\n  ensures x + {0} == {0} + x\n",
    "lean": "theorem trivial{0} (p q : Prop) (h : p) (g : q) : p ∧ q ∧ {0} = {0} := by\n  sorry\n",
}


FIRST = 7310000
"""The number of the first task: as long as all others, and nowhere else in a text."""


class Again:
    """A `DafnyVerifier` that asks another one about each text once, whatever the number in it."""

    def __init__(self, verifier: DafnyVerifier) -> None:
        self._verifier = verifier
        self._said: dict[tuple[object, ...], tuple[str, bytes]] = {}
        self._lock = asyncio.Lock()

    @property
    def info(self) -> VerifierInfo:
        """The other one's."""
        return self._verifier.info

    async def check(self, request: CheckRequest) -> CheckResult:
        """What was said of the same text with another number; places are the same, since numbers are as long."""
        number = re.search(r"731\d{4}", request.source)
        if number is None:
            return await self._verifier.check(request)
        mine = number.group()
        same = replace(request, source=request.source.replace(mine, "N"), declarations=None, seconds=0.0)
        key = (same, str(request.declarations).replace(mine, "N"))
        async with self._lock:
            if key not in self._said:
                self._said[key] = (mine, pickle.dumps(await self._verifier.check(request)))
        then, said = self._said[key]
        result: CheckResult = pickle.loads(said.replace(then.encode(), mine.encode()))
        return result

    async def close(self) -> None:
        """Close the other one."""
        await self._verifier.close()


class AgainPools(Pools):
    """Pools whose Dafny says things again."""

    async def dafny(self) -> Toolchain | Missing:
        """Opened once, as the others."""
        if self._dafny is None and isinstance(tools := await super().dafny(), Toolchain):
            self._dafny = replace(tools, working=Again(tools.working), cold=Again(tools.cold))
        return await super().dafny()


class Meter:
    """A `Watcher` that reads memory and processor time."""

    def __init__(self) -> None:
        self.marks: list[tuple[int, int, float, float, float]] = []
        self.statuses: dict[str, int] = {}
        self._began = time.monotonic()
        self._ended = 0

    def began(self, job: Job) -> None:
        """Nothing to read."""

    def ended(self, job: Job, line: AttemptJson) -> None:
        """Read every 100 attempts."""
        self._ended += 1
        self.statuses[line.status] = self.statuses.get(line.status, 0) + 1
        if self._ended % 100 == 0:
            used = resource.getrusage(resource.RUSAGE_SELF)
            spent = used.ru_utime + used.ru_stime
            wall = time.monotonic() - self._began
            self.marks.append((self._ended, resident_bytes(), time.thread_time(), spent, wall))
            print(
                f"{self._ended:>6}  {resident_bytes() / 2**20:7.1f} MiB  {spent:8.2f} s of processor time", flush=True
            )


def resident_bytes() -> int:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def run(tasks: list[BenchmarkTask], workers: int, folder: Path, meter: Meter, again: bool) -> None:
    store = create(folder, {"benchmark": "trivial"}, tasks)
    assert not isinstance(store, EvaluationProblem), store.reason
    terms = Terms("trivial", Settings(workers=1))
    bench = Workbench(terms, workers, None, pools=(AgainPools if again else Pools)(terms.settings, workers))
    try:
        await Run(store, tuple(attempts_of(tasks, 1)), LocalExecutor(bench, workers), meter).go()
    finally:
        await bench.close()
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--language", choices=list(_TEXTS), default="dafny")
    parser.add_argument("--again", action="store_true", help="ask Dafny about the first task only")
    options = parser.parse_args()
    language: Language = options.language
    tasks = [
        BenchmarkTask("trivial", str(n), language, "proof", _TEXTS[language].format(n))
        for n in range(FIRST, FIRST + options.tasks)
    ]
    meter = Meter()
    with scratch_directory("overhead") as folder:
        asyncio.run(run(tasks, options.workers, folder / "run", meter, options.again))
    print(meter.statuses)
    if len(meter.marks) > 1:
        first, memory, main, spent, began = meter.marks[0]
        last, memory_then, main_then, spent_then, ended = meter.marks[-1]
        count = last - first
        print(f"memory: {memory_then / memory - 1:+.1%} from task {first} to task {last}")
        own, whole = (1000 * (main_then - main) / count, 1000 * (spent_then - spent) / count)
        print(
            f"processor time for each task: main thread {own:.1f} ms, threads that drive verifiers {whole - own:.1f} ms"
        )
        print(f"wall clock: {1000 * (ended - began) / count:.0f} ms for each task, {options.workers} at a time")


if __name__ == "__main__":
    main()
