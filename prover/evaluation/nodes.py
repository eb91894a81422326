"""Attempts on machines that may be lost: which node makes which attempt, and what happens when a node goes.

What a node is made of is behind `Cluster` and `Node`; here is only who does what. An attempt whose node is lost is made
again elsewhere: it has no line in the results yet, so none is lost and none is there twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from prover.evaluation.bench import LEFT_BEHIND
from prover.evaluation.jobs import Ended, Job

PATIENCE = 60.0
"""Seconds without any node after which a run stops."""
LOOK_EVERY = 1.0
"""Seconds between two looks at which nodes there are."""
LOSSES = 5
"""Nodes that one attempt may lose before the run stops: then it is likely the attempt that brings them down."""
MAX_FILE = 32 * 1024 * 1024
"""Bytes of one of an attempt's files that travel at most: of a longer one the beginning, in whole lines."""

Files = tuple[tuple[str, bytes], ...]
"""Files of an attempt's folder, by name."""


class NodeLost(Exception):
    """A node, or the process of ours on it, is gone, and with it what it was doing."""


class ClusterLost(Exception):
    """No node is left, or none that can do the work: a run cannot go on, and can be resumed."""


@dataclass(frozen=True, slots=True)
class Made:
    """An attempt that has ended on a node, with its files."""

    ended: Ended
    files: Files = ()


@dataclass(frozen=True, slots=True)
class Unfit:
    """A node that cannot be used. lasting: also later."""

    reason: str
    lasting: bool = True


class Node(Protocol):
    """A machine that is ready to make attempts."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def slots(self) -> int:
        """Attempts at a time."""
        ...

    @property
    def facts(self) -> str:
        """What it works with, in one line: versions and verifiers."""
        ...

    async def run(self, job: Job, brought: Files) -> Made | Unfit:
        """Make an attempt; brought: what its folder is to hold at the start. Raises NodeLost; cancelled, it ends what
        it had begun."""
        ...

    async def close(self) -> None:
        """Give it back. Must not raise, also for one that is lost."""
        ...


class Cluster(Protocol):
    """Machines that come and go."""

    async def alive(self) -> Collection[str]:
        """The ids of the nodes that are there. Empty where that cannot be told."""
        ...

    async def open(self, node: str) -> Node | Unfit:
        """Make a node ready. Raises NodeLost."""
        ...

    async def close(self) -> None:
        """Leave it; it is not ours to end."""
        ...


class NodesExecutor:
    """An `Executor` over a cluster. Belongs to one event loop; `start` it first.

    say: shows people a line. note: an event with its facts, for the run's journal. patience: seconds without any node.
    """

    def __init__(
        self,
        cluster: Cluster,
        say: Callable[[str], None],
        note: Callable[..., None],
        *,
        patience: float = PATIENCE,
        every: float = LOOK_EVERY,
    ) -> None:
        self._cluster = cluster
        self._say = say
        self._note = note
        self._patience = patience
        self._every = every
        self._nodes: dict[str, Node] = {}
        self._busy: dict[str, int] = {}
        self._opening: dict[str, asyncio.Task[None]] = {}
        self._unfit: dict[str, str] = {}
        self._told: set[tuple[str, str]] = set()
        self._changed = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self._bare_since: float | None = None
        self._losses: Counter[tuple[str, int]] = Counter()
        self._failed: BaseException | None = None

    async def start(self) -> str | None:
        """Make the nodes ready. The reason where none can be used."""
        for node in await self._cluster.alive():
            self._begin_opening(node)
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        if not self._nodes:
            told = "; ".join(sorted(set(self._unfit.values()) | {reason for _, reason in self._told}))
            return told or "it has no nodes"
        self._looking = asyncio.create_task(self._look())
        return None

    @property
    def slots(self) -> int:
        """Attempts at a time, on all nodes that are there now."""
        return sum(node.slots for node in self._nodes.values())

    @property
    def losses(self) -> int:
        """Attempts that were made again because their node was lost."""
        return self._losses.total()

    async def run(self, job: Job, folder: Path) -> Ended:
        """Make an attempt on some node, and on another where that is lost. Raises ClusterLost, and OSError of a full
        disk of this machine."""
        brought = _read(folder, LEFT_BEHIND)
        while True:
            key, node = await self._free()
            try:
                self._note("attempt_placed", id=job.task.id, attempt=job.attempt, node=node.name)
                made = await node.run(job, brought)
            except NodeLost as lost:
                await self._lose(key, node, str(lost))
                self._losses[job.key] += 1
                self._note("attempt_lost", id=job.task.id, attempt=job.attempt, node=node.name, why=str(lost))
                self._say(f"{job.task.id}: made again, since {node.name} is lost ({self.losses} so far)")
                if self._losses[job.key] >= LOSSES:
                    raise ClusterLost(
                        f"attempt {job.attempt} at {job.task.id} has lost {LOSSES} nodes (the last: {lost})"
                    ) from lost
                continue
            finally:
                await self._release(key)
            if isinstance(made, Unfit):
                await self._exclude(key, node, made.reason)
                continue
            for name, content in made.files:
                (folder / name).write_bytes(content)
            return made.ended

    async def close(self) -> None:
        """Give all nodes back and leave the cluster."""
        tasks = [*self._opening.values(), *([self._looking] if self._looking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        nodes, self._nodes = list(self._nodes.values()), {}
        await asyncio.gather(*(node.close() for node in nodes))
        await self._cluster.close()

    # ------------------------------------------------------------------------------------------- who does the next one

    async def _free(self) -> tuple[str, Node]:
        """The node with most free slots; waits for one."""
        async with self._changed:
            while True:
                if self._failed is not None:
                    raise ClusterLost(str(self._failed)) from self._failed
                free = {key: node.slots - self._busy.get(key, 0) for key, node in self._nodes.items()}
                best = max(free, key=free.__getitem__, default=None)
                if best is not None and free[best] > 0:
                    self._busy[best] = self._busy.get(best, 0) + 1
                    return best, self._nodes[best]
                await self._changed.wait()

    async def _release(self, key: str) -> None:
        async with self._changed:
            self._busy[key] = max(0, self._busy.get(key, 0) - 1)
            self._changed.notify_all()

    # ----------------------------------------------------------------------------------------------- nodes come and go

    async def _look(self) -> None:
        """See again and again which nodes there are, until closed."""
        try:
            while True:
                await asyncio.sleep(self._every)
                await self._seen(await self._cluster.alive())
        except Exception as error:  # told to whoever waits for a node
            async with self._changed:
                self._failed = error
                self._changed.notify_all()

    async def _seen(self, alive: Collection[str]) -> None:
        for key in alive:
            if key not in self._nodes and key not in self._opening and key not in self._unfit:
                self._begin_opening(key)
        now = asyncio.get_running_loop().time()
        if self._nodes:
            self._bare_since = None
        elif self._bare_since is None:
            self._bare_since = now
            self._say(f"No node is left; waiting {self._patience:.0f} s for one.")
        elif now - self._bare_since >= self._patience:
            why = "".join(f"; {reason}" for reason in sorted(set(self._unfit.values())))
            raise ClusterLost(f"no node of the cluster could be used for {self._patience:.0f} s{why}")

    def _begin_opening(self, key: str) -> None:
        task = asyncio.create_task(self._open(key))
        self._opening[key] = task
        task.add_done_callback(lambda _: self._opening.pop(key, None))

    async def _open(self, key: str) -> None:
        try:
            node = await self._cluster.open(key)
        except NodeLost as lost:
            self._tell_once(key, f"node {key[:8]} could not be made ready: {lost}")
            return
        if isinstance(node, Unfit):
            if node.lasting:
                self._unfit[key] = node.reason
            self._tell_once(key, node.reason)
            return
        # Attempts at what is lost may still be counting down; those of the new one are counted apart.
        known = {other.facts for other in self._nodes.values()}
        async with self._changed:
            self._nodes[key] = node
            self._busy.setdefault(key, 0)
            self._changed.notify_all()
        self._note("node_joined", node=node.name, slots=node.slots, facts=node.facts)
        self._say(f"{node.name}: {node.slots} attempts at a time ({node.facts})")
        if known and node.facts not in known:
            self._say(f"{node.name} has other verifiers than the nodes before it: results may differ by node.")

    async def _lose(self, key: str, node: Node, why: str) -> None:
        """A node is lost; told once, however many attempts were on it."""
        if self._nodes.get(key) is not node:
            return
        async with self._changed:
            del self._nodes[key]
        self._note("node_lost", node=node.name, why=why)
        self._say(f"{node.name} is lost: {why}")
        await node.close()

    async def _exclude(self, key: str, node: Node, reason: str) -> None:
        """A node that turned out to be of no use; its other attempts end on it."""
        self._unfit[key] = reason
        if self._nodes.get(key) is node:
            async with self._changed:
                del self._nodes[key]
            self._note("node_unfit", node=node.name, why=reason)
            self._say(f"{node.name} is left out: {reason}")

    def _tell_once(self, key: str, reason: str) -> None:
        if (key, reason) not in self._told:
            self._told.add((key, reason))
            with contextlib.suppress(OSError):
                self._note("node_unfit", node=key, why=reason)
            self._say(reason)


def _read(folder: Path, names: Collection[str]) -> Files:
    """Those of a folder's files that are there, each cut to what may travel."""
    return tuple((name, content) for name in names if (content := cut(folder / name)) is not None)


def cut(file: Path) -> bytes | None:
    """A file's content, or its beginning in whole lines where it is too long to travel. None for no file."""
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        content = opened.read(MAX_FILE + 1)
    return content if len(content) <= MAX_FILE else content[: content[:MAX_FILE].rfind(b"\n") + 1]
