"""Attempts on nodes that are lost, join late, or are of no use; the nodes are made up."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from evaluation_scenes import attempt, task
from hypothesis import given
from hypothesis import strategies as st

from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.jobs import Ended, Job, Terms, attempts_of
from prover.evaluation.nodes import LOSSES, MAX_FILE, ClusterLost, Files, Made, NodeLost, NodesExecutor, Unfit, cut
from prover.evaluation.ray_nodes import shares
from prover.evaluation.runner import Run
from prover.evaluation.store import Store, create
from prover.results import AttemptJson
from prover.settings import Settings


@dataclass
class FakeNode:
    """Makes attempts at once, or as its behaviour tells."""

    name: str
    slots: int = 1
    facts: str = "v1"
    lose: int = 0
    unfit: str = ""
    hang: bool = False
    ran: list[str] = field(default_factory=list)
    brought: list[Files] = field(default_factory=list)
    closed: bool = False

    async def run(self, job: Job, brought: Files) -> Made | Unfit:
        self.brought.append(brought)
        if self.hang:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        if self.lose:
            self.lose -= 1
            raise NodeLost("raylet killed")
        if self.unfit:
            return Unfit(self.unfit)
        self.ran.append(job.task.id)
        return Made(Ended(attempt(job.task.id, "proved", job.attempt)), (("journal.jsonl", b"{}\n"),))

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeCluster:
    nodes: dict[str, FakeNode | Unfit]
    left: bool = False

    async def alive(self) -> Collection[str]:
        return tuple(self.nodes)

    async def open(self, node: str) -> FakeNode | Unfit:
        return self.nodes[node]

    async def close(self) -> None:
        self.left = True


class Quiet:
    def began(self, job: Job) -> None: ...

    def ended(self, job: Job, line: AttemptJson) -> None: ...


@dataclass
class Scene:
    """A run over made-up tasks on a made-up cluster."""

    store: Store
    cluster: FakeCluster
    said: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)

    def executor(self) -> NodesExecutor:
        def note(event: str, **facts: Any) -> None:
            self.noted.append(event)

        return NodesExecutor(self.cluster, self.said.append, note, patience=0.05, every=0.005)

    async def go(self) -> NodesExecutor:
        executor = self.executor()
        assert await executor.start() is None
        try:
            await Run(self.store, tuple(attempts_of(self.store.tasks, 1)), executor, Quiet()).go()
        finally:
            await executor.close()
        return executor


TASKS = tuple(f"t{number}" for number in range(6))


def scene(folder: Path, **nodes: FakeNode | Unfit) -> Scene:
    store = create(folder / "run", {}, [task(name) for name in TASKS])
    assert isinstance(store, Store)
    return Scene(store, FakeCluster(dict(nodes)))


def results(made: Scene) -> list[str]:
    return sorted(
        AttemptJson.model_validate_json(line).id
        for line in (made.store.path / "results.jsonl").read_text().splitlines()
    )


def test_attempts_of_a_lost_node_are_made_elsewhere_and_each_has_one_line(tmp_path: Path) -> None:
    made = scene(tmp_path, a=FakeNode("a", slots=2, lose=2), b=FakeNode("b"))
    executor = asyncio.run(made.go())
    assert results(made) == sorted(TASKS)
    assert set(made.store.done.values()) == {"proved"}
    assert executor.losses >= 1
    assert made.noted.count("attempt_lost") == executor.losses
    assert any("made again" in line for line in made.said)


def test_files_come_back_into_the_attempts_folder(tmp_path: Path) -> None:
    made = scene(tmp_path, a=FakeNode("a"))
    asyncio.run(made.go())
    assert (made.store.path / "attempts" / "t0" / "1" / "journal.jsonl").read_bytes() == b"{}\n"


def test_what_an_attempt_that_was_broken_off_had_been_told_travels_to_the_node(tmp_path: Path) -> None:
    node = FakeNode("a")
    made = scene(tmp_path, a=node)
    folder = made.store.path / "attempts" / "t0" / "1"
    folder.mkdir(parents=True)
    (folder / "checks.log").write_bytes(b"told\n")
    asyncio.run(made.go())
    assert node.brought[0] == (("checks.log", b"told\n"),)
    assert not (folder / "checks.log").exists()


def test_a_node_that_joins_later_is_used(tmp_path: Path) -> None:
    made = scene(tmp_path, a=FakeNode("a", hang=True))
    late = FakeNode("late", slots=2)

    async def go() -> int:
        executor = made.executor()
        assert await executor.start() is None
        job = Job(task("x"), 1)
        stuck = asyncio.create_task(executor.run(job, tmp_path))
        waits = asyncio.create_task(executor.run(job, tmp_path))
        await asyncio.sleep(0)
        made.cluster.nodes["late"] = late
        await waits
        slots = executor.slots
        stuck.cancel()
        await executor.close()
        return slots

    assert asyncio.run(go()) == 3
    assert late.ran == ["x"]


def test_without_nodes_a_run_stops_after_its_patience_and_can_be_resumed(tmp_path: Path) -> None:
    gone = FakeNode("a", lose=1)
    made = scene(tmp_path, a=gone)

    async def go() -> None:
        executor = made.executor()
        assert await executor.start() is None
        made.cluster.nodes.clear()
        try:
            await Run(made.store, tuple(attempts_of(made.store.tasks, 1)), executor, Quiet()).go()
        finally:
            await executor.close()

    with pytest.raises(ClusterLost, match="no node"):
        asyncio.run(go())
    assert made.cluster.left
    made.cluster.nodes["b"] = FakeNode("b")
    asyncio.run(made.go())
    assert results(made) == sorted(TASKS)


def test_an_attempt_that_brings_down_every_node_stops_the_run(tmp_path: Path) -> None:
    made = scene(tmp_path, a=FakeNode("a", lose=10**6))
    with pytest.raises(ClusterLost, match=f"has lost {LOSSES} nodes"):
        asyncio.run(made.go())
    assert made.store.done == {}


def test_a_node_of_no_use_is_left_out(tmp_path: Path) -> None:
    made = scene(tmp_path, a=FakeNode("a", unfit="disk full"), b=FakeNode("b"))
    asyncio.run(made.go())
    assert results(made) == sorted(TASKS)
    assert any("disk full" in line for line in made.said)


def test_a_cluster_without_a_usable_node_is_told_at_the_start(tmp_path: Path) -> None:
    made = scene(tmp_path, a=Unfit("no lemmatree there"))
    assert asyncio.run(made.executor().start()) == "no lemmatree there"


def test_a_node_with_other_verifiers_is_told(tmp_path: Path) -> None:
    made = scene(tmp_path, a=FakeNode("a"), b=FakeNode("b", facts="v2"))
    asyncio.run(made.go())
    assert any("other verifiers" in line for line in made.said)


def test_jobs_terms_and_what_ends_travel_between_processes() -> None:
    job = Job(BenchmarkTask("b", "x", "lean", "proof", "text"), 2, "answer")
    sent = (job, Terms("b", Settings(seconds=3)), Made(Ended(attempt("x", "proved"), "text", "proved")), Unfit("no"))
    assert pickle.loads(pickle.dumps(sent)) == sent


def test_a_long_file_travels_in_whole_lines(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_bytes(b"x" * (MAX_FILE - 5) + b"\n" + b"y" * 100)
    assert cut(file) == b"x" * (MAX_FILE - 5) + b"\n"
    assert cut(tmp_path / "none") is None


@given(st.integers(1, 300), st.integers(1, 16))
def test_slots_are_shared_out_evenly(slots: int, at_a_time: int) -> None:
    found = shares(slots, at_a_time)
    assert sum(found) == slots
    assert max(found) <= at_a_time
    assert max(found) - min(found) <= 1
    assert len(found) == -(-slots // at_a_time)
