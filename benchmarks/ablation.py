"""What the parts of the search are worth: the same tasks, seeds and budgets in checks under every strategy, compared in
pairs.

    python benchmarks/ablation.py --starter [--dafnybench DIR --truth truth.jsonl] --checks 80 --out DIR

For every task all strategies are run one after another as the real command, sharing the verifier's answers, timeouts
too, through one cache file (so what two strategies both ask is asked once: budgets are in checks, and seconds only
bound what hangs). Who is first pays for the answers, and alone can run out of seconds: the order is turned from task to
task.
Records go to DIR/STRATEGY.jsonl as they come; run again, it goes on where it stopped. `proved` is the gate's word."""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prove_over import Sweep
from prove_table import Record, part, proved
from prove_tasks import Task, appender, dafnybench, records, select, starter

from search.strategy import STRATEGIES

HANGS = 600.0
"""Seconds that bound a run whose budget is in checks."""


@dataclass(frozen=True)
class Comparison:
    """Two strategies over the tasks that both were run on. won, lost: tasks that only the first, only the second
    proved. ratio: median of the first's checks over the second's, where both proved; nan without any."""

    name: str
    other: str
    won: tuple[str, ...]
    lost: tuple[str, ...]
    both: int
    ratio: float

    @property
    def p(self) -> float:
        """Two-sided sign test of won against lost (exact binomial): chance of a split at least as uneven."""
        n, k = len(self.won) + len(self.lost), min(len(self.won), len(self.lost))
        return min(1.0, 2.0 * sum(math.comb(n, i) for i in range(k + 1)) / 2.0**n) if n else 1.0


def compare(name: str, first: Mapping[str, Record], other: str, second: Mapping[str, Record]) -> Comparison:
    """Pair the records of two strategies by task."""
    common = [t for t in first if t in second]
    won = tuple(t for t in common if proved(first[t]) and not proved(second[t]))
    lost = tuple(t for t in common if proved(second[t]) and not proved(first[t]))
    both = [t for t in common if proved(first[t]) and proved(second[t])]
    ratios = [float(str(first[t]["checks"])) / max(float(str(second[t]["checks"])), 1.0) for t in both]
    return Comparison(name, other, won, lost, len(both), statistics.median(ratios) if ratios else math.nan)


async def run(options: argparse.Namespace) -> None:
    tasks = _tasks(options)
    options.out.mkdir(parents=True, exist_ok=True)
    files = {name: options.out / f"{name}.jsonl" for name in options.strategies}
    known = {name: records(file) for name, file in files.items()}
    waiting = iter(enumerate(tasks))
    os.environ["PROVER_CACHE_TIMEOUTS"] = "true"
    os.environ["PROVER_CACHE"] = str((options.out / "answers.sqlite").resolve())

    async def worker() -> None:
        for number, task in waiting:
            turn = number % len(options.strategies)
            for name in (*options.strategies[turn:], *options.strategies[:turn]):
                if task.id in known[name]:
                    continue
                given = ("--strategy", name, "--checks", str(options.checks), "--seed", str(options.seed))
                plan = Sweep(options.seconds, 1, options.out / f"{name}.proofs", given)
                record = await plan.run(task)
                appender(files[name])(record)
                told = f"{record['status']!s:<12}{record['checks']!s:>5} checks {record['subgoals']!s:>3} subgoals"
                print(f"{task.id:<28} {name:<12} {told} {record['seconds']!s:>8} s", flush=True)

    async with asyncio.TaskGroup() as group:
        for _ in range(options.parallel):
            group.create_task(worker())
    print(table(tasks, {name: records(file) for name, file in files.items()}))


def table(tasks: Sequence[Task], results: Mapping[str, Mapping[str, Record]]) -> str:
    """Solved counts by group and strategy, then every strategy against the first."""
    lines: list[str] = []
    for group in ("", *sorted({t.group for t in tasks} - {""})):
        ids = [t.id for t in tasks if group in ("", t.group)]
        lines.append(f"{group or 'all'}: {len(ids)} tasks")
        for name, found in results.items():
            here = [found[i] for i in ids if i in found]
            solved = [r for r in here if proved(r)]
            planned = sum(bool(r.get("subgoals")) for r in solved)
            checks = statistics.median([int(str(r["checks"])) for r in solved]) if solved else math.nan
            lines.append(
                f"  {name:<12} proved {part(len(solved), len(here)):<20} with subgoals {planned:>3}   "
                f"median checks {checks:g}"
            )
        first, *others = results
        for other in others:
            chosen = {n: {i: r for i, r in results[n].items() if i in ids} for n in (first, other)}
            c = compare(first, chosen[first], other, chosen[other])
            lines.append(
                f"  {first} against {other}: won {len(c.won)}, lost {len(c.lost)}, both {c.both}, p = {c.p:.3f}, "
                f"checks {c.ratio:.2f} times"
            )
            lines += [f"    {word}: {', '.join(ids)}" for word, ids in (("won", c.won), ("lost", c.lost)) if ids]
    return "\n".join(lines)


def _tasks(options: argparse.Namespace) -> list[Task]:
    tasks: list[Task] = []
    if options.starter:
        tasks += starter()
    if options.dafnybench is not None:
        bench = [replace(t, group="DafnyBench dev") for t in dafnybench(options.dafnybench)]
        truth = records(options.truth) if options.truth is not None else None
        tasks += bench if truth is None else [t for t in bench if _open(truth.get(t.id))]
    if options.shuffle is not None:
        random.Random(options.shuffle).shuffle(tasks)  # so that what is done by any moment is a fair sample
    return select(tasks, options.only, options.limit)


def _open(truth: Record | None) -> bool:
    """Whether there is something to prove and to be proved: the reference verifies, the task does not."""
    return truth is not None and truth["truth"] == "verified" and truth["untouched"] in ("failed", "timeout")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starter", action="store_true", help="the tasks of datasets/starter/dafny")
    parser.add_argument("--dafnybench", type=Path, metavar="DIR", help="folder with test.json")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="leave out what has no reference or needs no proof")
    parser.add_argument("--strategies", nargs="+", default=list(STRATEGIES), choices=list(STRATEGIES), metavar="S")
    parser.add_argument("--checks", type=int, default=80)
    parser.add_argument("--seconds", type=float, default=HANGS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--parallel", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--only", nargs="+", metavar="ID")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="the order of the tasks")
    parser.add_argument("--out", type=Path, required=True)
    try:
        asyncio.run(run(parser.parse_args()))
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
