"""How many tasks the command proves: each one run as the real `python -m prover prove ... --json`.

    python benchmarks/prove_over.py --starter --confirm --out starter.jsonl
    python benchmarks/prove_over.py --starter-lean --out lean.jsonl
    python benchmarks/prove_over.py --dafnybench DIR --make-truth truth.jsonl
    python benchmarks/prove_over.py --dafnybench DIR --truth truth.jsonl --out dev.jsonl [--seconds 60] [--parallel 2]

Records are appended as tasks end; run again with the same --out, it goes on where it stopped. Proofs are kept in the
folder OUT.proofs. With more than one task at a time each gets one verifier process (PROVER_WORKERS=1), else one per
core. Whatever it started ends with it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prove_table import Record, table
from prove_tasks import Task, appender, dafnybench, folder_of_files, records, select, starter
from prove_truth import confirm, make_truth, tools_of_23

from sandbox.limits import Ended, Limits
from sandbox.process import run_async
from sandbox.scratch import scratch_directory

ROOT = Path(__file__).resolve().parent.parent
GRACE = 60.0
"""Seconds beyond its budget after which a command counts as hanging."""


@dataclass(frozen=True)
class Sweep:
    """What every task of a sweep has in common. proofs: where proved and partial files are kept."""

    seconds: float
    workers: int | None
    proofs: Path
    options: tuple[str, ...] = ()

    async def run(self, task: Task) -> Record:
        """Prove one task."""
        with scratch_directory("sweep") as scratch:
            source = task.path
            if source is None:
                source = scratch / "task.dfy"
                source.write_text(task.source, encoding="utf-8")
            out = scratch / f"out{source.suffix}"
            argv = [sys.executable, "-m", "prover", "prove", str(source.resolve()), "--json", "--out", str(out)]
            argv += ["--run", str(scratch / "run"), "--seconds", str(self.seconds), *self.options]
            limits = Limits(seconds=self.seconds + GRACE, memory_bytes=None, nice=0)
            ended = await run_async(argv, limits=limits, cwd=scratch, env=self._environment())
            record: Record = {
                "id": task.id,
                "group": task.group,
                "exit": ended.returncode,
                "wall": round(ended.seconds, 2),
            }
            try:
                said = json.loads(ended.stdout)
            except ValueError:
                said = {"status": "error", "reason": f"{ended.ended}: {ended.stderr[-500:]}"}
            if ended.ended is not Ended.EXITED or ended.returncode == 5:
                said |= {"status": "error"}
            for key, default in _KEPT.items():
                record[key] = said.get(key, default)
            self._keep(task, "proved", out)
            self._keep(task, "partial", scratch / f"out.partial{source.suffix}")
        return record

    def _environment(self) -> dict[str, str]:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        return env if self.workers is None else {**env, "PROVER_WORKERS": str(self.workers)}

    def proof_of(self, task: Task, kind: str = "proved") -> Path:
        """Where a task's proof is kept."""
        suffix = task.path.suffix if task.path is not None else ".dfy"
        return self.proofs / f"{task.id.replace('/', '__')}.{kind}{suffix}"

    def _keep(self, task: Task, kind: str, file: Path) -> None:
        if file.is_file():
            self.proofs.mkdir(parents=True, exist_ok=True)
            self.proof_of(task, kind).write_bytes(file.read_bytes())


_KEPT = {
    "status": "error",
    "untouched": False,
    "translated": False,
    "seconds": 0.0,
    "checks": 0,
    "subgoals": 0,
    "reason": "",
    "goals": [],
}


async def sweep(plan: Sweep, tasks: list[Task], parallel: int, append: Callable[[Record], None]) -> None:
    """Run all tasks, a bounded number at a time."""
    waiting = iter(enumerate(tasks, 1))

    async def worker() -> None:
        for number, task in waiting:
            record = await plan.run(task)
            append(record)
            status = "untouched" if record["untouched"] else record["status"]
            print(
                f"{number:>4}/{len(tasks)}  {task.id:<28} {status!s:<12}{record['seconds']!s:>8} s "
                f"{record['checks']!s:>5} checks  {str(record['reason'])[:100]}",
                flush=True,
            )

    async with asyncio.TaskGroup() as group:
        for _ in range(parallel):
            group.create_task(worker())


async def confirm_all(
    plan: Sweep, tasks: list[Task], done: dict[str, Record], append: Callable[[Record], None]
) -> None:
    """Ask the plain command line about every proof that it has not seen."""
    tools = tools_of_23()
    try:
        for task in tasks:
            record = done.get(task.id, {})
            if record.get("status") != "proved" or "confirmed" in record:
                continue
            proof = plan.proof_of(task)
            accepted, why = (False, "the proof is gone")
            if proof.is_file():
                accepted, why = await confirm(
                    task, proof.read_text(encoding="utf-8-sig"), tools, max(plan.seconds, 30.0)
                )
            done[task.id] = {**record, "confirmed": accepted, "confirmation": why}
            append(done[task.id])
            print(f"      {task.id:<28} {'confirmed' if accepted else f'NOT CONFIRMED: {why}'}", flush=True)
    finally:
        await tools.close()


async def run(options: argparse.Namespace) -> None:
    tasks = select(_tasks(options), options.only, options.limit)
    if options.make_truth is not None:
        done = await make_truth(tasks, records(options.make_truth), appender(options.make_truth), options.truth_seconds)
        verified = sum(r["truth"] == "verified" for r in done.values())
        untouched = sum(r["truth"] == "verified" == r["untouched"] for r in done.values())
        print(f"{len(done)} references: {verified} verify; {untouched} of these tasks verify untouched")
        return
    given = (("--checks", options.checks), ("--seed", options.seed), ("--strategy", options.strategy))
    more = [option for pair in given if pair[1] for option in pair]
    workers = 1 if options.parallel > 1 else None
    plan = Sweep(options.seconds, workers, Path(f"{options.out}.proofs"), tuple(map(str, more)))
    append = appender(options.out)
    done = records(options.out)
    await sweep(plan, [t for t in tasks if t.id not in done], options.parallel, append)
    done = records(options.out)
    if options.confirm:
        await confirm_all(plan, tasks, done, append)
    truth = records(options.truth) if options.truth else None
    print(table([done[t.id] for t in tasks if t.id in done], truth))


def _tasks(options: argparse.Namespace) -> list[Task]:
    if options.dafnybench is not None:
        return dafnybench(options.dafnybench)
    if options.starter_lean:
        return starter("lean")
    return starter() if options.starter else folder_of_files(options.folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--dafnybench", type=Path, metavar="DIR", help="folder with test.json")
    which.add_argument("--starter-lean", action="store_true", help="the tasks of datasets/starter/lean")
    which.add_argument("--starter", action="store_true", help="the tasks of datasets/starter/dafny")
    which.add_argument("--folder", type=Path, metavar="DIR", help="every .dfy file below DIR")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--checks", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--strategy")
    parser.add_argument("--parallel", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--only", nargs="+", metavar="ID")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path, default=Path("results.jsonl"))
    parser.add_argument("--confirm", action="store_true", help="ask the plain command line about every proof, too")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="made by --make-truth")
    parser.add_argument("--make-truth", type=Path, metavar="FILE", help="instead of proving: check the references")
    parser.add_argument("--truth-seconds", type=float, default=20.0, help="solver's bound per procedure there")
    try:
        asyncio.run(run(parser.parse_args()))
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
