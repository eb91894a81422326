"""Runs to show: real searches in worlds made up at random, and their run folders."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from search_fakes import Fake, LoopClock, World, play

from prover.show.reading import RunRecord, read_run
from search.budget import Budget
from search.engine import Search
from search.graph import ProofGraph
from search.journal import MemoryJournal
from search.ports import (
    Goal,
    PolicyContext,
    Proposals,
    Refuted,
    Rejected,
    Rung,
    Step,
    Tested,
    Unconfirmed,
    Unknown,
    Verdict,
)
from search.result import SearchResult
from search.strategy import STRATEGIES

Steps = dict[str, dict[str, Sequence[str] | Verdict]]

AGAINST: list[Refuted | Unconfirmed] = [Refuted("n = 1"), Unconfirmed("n = 2")]
VERDICTS: list[Verdict] = [
    Rejected("a postcondition might not hold; a postcondition might not hold", open_obligations=2),
    Rejected("assertion violation"),
    Unknown("timed out"),
]
TEXTS = [
    "acc + Sum(xs) == SumAcc(xs, acc)",
    "forall k :: 0 <= k < i ==> a[k] <= m",
    "multiset(a[..]) == old(m)",
    "i <= n",
]


def lemma(key: str, rng: random.Random) -> Goal:
    """A goal that looks like a lemma of Dafny's; a few have statements that are hard to draw."""
    text = f"lemma {key}(xs: seq<int>, i: nat)\n  requires {rng.choice(TEXTS)}\n  ensures {rng.choice(TEXTS)}"
    text = rng.choices([text, "", "a\x1b[31m\0<&>\ud800\n\n\t" + "x" * 500], [20, 1, 1])[0]
    return Goal(key, f"Lemma_{key}", text=text, complexity=rng.randint(1, 14))


def random_world(seed: int, count: int, *, closing: float = 0.2, refuted: float = 0.1, conflicts: int = 0) -> World:
    """An AND/OR world with shared lemmas, cycles, refuted goals and unknowns. conflicts: how often the parts do not fit
    together."""
    rng = random.Random(seed)
    names = [f"g{number}" for number in range(count)]

    def answer(place: int) -> Sequence[str] | Verdict:
        if rng.random() < 0.35:
            return rng.choice(VERDICTS)
        if rng.random() < closing:
            return []
        near = names[place : place + 30] if rng.random() < 0.9 else names
        return rng.choices(near, k=rng.randint(1, 3))

    steps: Steps = {
        name: {f"s{j}": answer(place) for j in range(rng.randint(0, 5))} for place, name in enumerate(names)
    }
    tested = {}
    for name in names[1:]:
        if rng.random() < refuted:
            if rng.random() < 0.5:
                steps[name] = {"run it": Refuted("n = 0, xs = []")}
            else:
                tested[name] = Tested(rng.choice(AGAINST), checks=rng.randint(0, 2))
    return World(
        names[: rng.choice([1, 1, 3])],
        steps,
        goals={name: lemma(name, rng) for name in names},
        tested=tested,
        assembly=rng.choices(
            [Rejected("do not fit", tuple(names[:1])), Rejected("do not fit"), Unknown()], k=conflicts
        ),
        seconds=lambda goal, step: 0.1 + len(goal + step) * 0.37 % 1.7,
    )


@dataclass
class Run:
    """A finished search, and the lines of its journal."""

    result: SearchResult
    graph: ProofGraph
    lines: list[dict[str, Any]]

    def write(self, folder: Path, *, task: str = "task.dfy", seed: int = 0, **more: object) -> Path:
        """A run folder with it. more: fields of the line of results."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(line) + "\n" for line in self.lines]
        (folder / "journal.jsonl").write_text("".join(lines), encoding="utf-8")
        settings = {"seed": seed, "policy": "symbolic", "strategy": "best-first"}
        (folder / "run.json").write_text(json.dumps({"file": task, "target": None, "settings": settings}))
        status = "proved" if self.result.assembled else "unknown"
        row = {"id": task, "status": status, "checks": self.result.checks + 1, "seconds": 9.5, "reason": "", **more}
        (folder / "results.jsonl").write_text(json.dumps(row) + "\n")
        return folder

    def record(self, folder: Path | None = None) -> RunRecord:
        """What `prover show` reads of it, in a folder that is new by default."""
        if folder is None:
            with tempfile.TemporaryDirectory() as name:
                return self.record(Path(name))
        record = read_run(self.write(folder))
        assert isinstance(record, RunRecord), record
        return record


@dataclass
class Climber:
    """Proposes what a world lists for the goal: what leaves subgoals if decompositions are asked for, else the rest."""

    world: World
    name: str = "symbolic"
    rungs: Sequence[Rung] = (Rung.CLOSE, Rung.DECOMPOSE)

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        for key, answer in self.world.steps.get(goal.key, {}).items():
            splits = isinstance(answer, Sequence) and len(answer) > 0
            if splits == (context.rung is Rung.DECOMPOSE):
                yield Step(key, f"{{\n  // {key} of {goal.key}\n}}", "split" if splits else "induction")


def played(world: World, **options: Any) -> Run:
    """A search of a world, in virtual time."""
    journal = MemoryJournal()

    async def main() -> Run:
        options.setdefault("budget", Budget())
        made = Search(Fake(world), Climber(world), clock=LoopClock(), journal=journal, **options)
        result = await made.run()
        return Run(result, made.graph, [event.as_dict() for event in journal.events])

    return play(main)


@st.composite
def runs(draw: st.DrawFn, most: int = 60) -> Run:
    """Searches of all strategies, in worlds of up to `most` goals."""
    world = random_world(
        draw(st.integers(0, 2**32)),
        draw(st.integers(1, most)),
        closing=draw(st.sampled_from([0.05, 0.2, 0.7])),
        refuted=draw(st.sampled_from([0.0, 0.1, 0.3])),
        conflicts=draw(st.integers(0, 9)),
    )
    strategy = STRATEGIES[draw(st.sampled_from(sorted(STRATEGIES)))]
    budget = Budget(checks=draw(st.sampled_from([None, 7, 40, 300])))
    return played(world, budget=budget, strategy=strategy, concurrency=draw(st.integers(1, 3)))
