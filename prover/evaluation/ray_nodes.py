"""The nodes of a Ray cluster: actors on each, which make attempts there. All that knows Ray is here.

Ray ends the actors when their driver ends, however that happens; the sandbox's guard on each node then ends the
verifiers. A driver is one of the cluster's machines: Ray asks for that.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from prover.benchmarks.registry import benchmark
from prover.evaluation.bench import longest, models_of
from prover.evaluation.jobs import Job, Terms
from prover.evaluation.node_bench import About, NodeBench
from prover.evaluation.nodes import Files, Made, Node, NodeLost, NodesExecutor, Unfit
from prover.run_folder import package_version
from sandbox.missing import Missing

CONNECT = 30.0
"""Seconds in which a cluster must answer."""
OPENING = 600.0
"""Seconds in which a node must be ready: the time to load a model."""
LEAVING = 20.0
"""Seconds that an actor has to end its children before it is killed (the guard then ends them)."""
ANSWER = 120.0
"""Seconds beyond the longest that an attempt may take after which a node that has not answered counts as lost."""
AT_A_TIME = 8
"""Attempts at a time that one process drives: the search's own work is Python's, and takes a tenth of a core or two for
each. A node with more slots gets more processes, unless a model is loaded on it, which they must share."""
HOW_TO_START = (
    "start one with `ray start --head` (and `ray start --address=HEAD:6379` on the others), and give its address "
    "as --ray HEAD:6379, or --ray auto on one of its machines"
)


async def open_cluster(
    address: str, terms: Terms, workers: int | None, say: Callable[[str], None], note: Callable[..., None]
) -> NodesExecutor | Missing:
    """Connect to a running cluster and make its nodes ready. address: of the head (`HOST:PORT`), or `auto` for the
    cluster of this machine. workers: attempts at a time on each node, None for one on each of its CPUs. say, note: as
    `NodesExecutor` has them. Missing where there is no Ray, no cluster that answers in time, or no node of use."""
    try:
        # Before the import: Ray reads them then. It sends no statistics and stays off our terminal.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        import ray
    except ImportError:
        return Missing("--ray needs the package ray", 'pip install "lemmatree[ray]", on every node')
    if (problem := await _unreachable(address)) is not None:
        return Missing(problem, HOW_TO_START)
    try:
        async with asyncio.timeout(CONNECT):
            await asyncio.to_thread(_connect, ray, address)
    except TimeoutError:
        return Missing(f"--ray {address}: no Ray cluster answers there within {CONNECT:.0f} s", HOW_TO_START)
    except Exception as error:  # Ray raises ConnectionError, ValueError, RuntimeError (versions) and more
        told = str(error).strip().partition("\n")[0] or type(error).__name__
        return Missing(f"--ray {address}: {told}", HOW_TO_START)
    executor = NodesExecutor(RayCluster(ray, terms, workers), say, note)
    try:
        reason = await executor.start()
    except BaseException:
        await executor.close()
        raise
    if reason is not None:
        await executor.close()
        return Missing(f"--ray {address}: no node of the cluster can be used: {reason}", "see docs/many-machines.md")
    return executor


async def _unreachable(address: str) -> str | None:
    """Why nothing can be at an address. Ray itself would try for a minute, and then end our process."""
    if "://" in address:
        return f"--ray {address}: only addresses HOST:PORT and auto are supported"
    where = os.environ.get("RAY_ADDRESS", "") if address == "auto" else address
    if not where or where == "auto":
        return None
    host, _, port = where.rpartition(":")
    if not host or not port.isdigit():
        return f"--ray {where}: is not HOST:PORT or auto"
    try:
        async with asyncio.timeout(10):
            _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
    except (OSError, TimeoutError, OverflowError) as error:
        return f"--ray {where}: nothing answers there ({getattr(error, 'strerror', None) or 'no answer in 10 s'})"
    return None


def _connect(ray: ModuleType, address: str) -> None:
    ray.init(
        address=address,
        namespace="lemmatree",
        log_to_driver=False,
        logging_level="CRITICAL",
        ignore_reinit_error=True,
        # Nothing is uploaded: what a node runs is what is installed there.
        runtime_env={},
    )


class RayCluster:
    """A `Cluster` of Ray's, connected. workers: attempts at a time on each node; None for one on each CPU. at_a_time:
    of them, in one process."""

    def __init__(self, ray: ModuleType, terms: Terms, workers: int | None, at_a_time: int = AT_A_TIME) -> None:
        self._ray = ray
        self._at_a_time = at_a_time
        self._terms = terms
        self._workers = workers
        self._local = any(spec.startswith(("hf:", "vllm:")) for spec in models_of(terms.settings))

    async def alive(self) -> Collection[str]:
        """The ids of nodes that Ray holds for alive, and that have CPUs."""
        return tuple((await self._described()).keys())

    async def open(self, node: str) -> Node | Unfit:
        """Start the actors of a node and ask what it has there."""
        described = (await self._described()).get(node)
        if described is None:
            raise NodeLost("it is gone")
        name = f"{described['NodeManagerHostname']} ({described['NodeManagerAddress']}, {node[:8]})"
        free = await asyncio.to_thread(self._free, node)
        slots = min(self._workers or int(described["Resources"]["CPU"]), int(free.get("CPU", 0)))
        if slots < 1:
            return Unfit(f"{name}: all its CPUs are taken by others", lasting=False)
        gpus = min(1.0, free.get("GPU", 0.0)) if self._local else 0
        shared = shares(slots, slots if self._local else self._at_a_time)
        actors = tuple(self._actor(node, share, gpus, len(shared) > 1) for share in shared)
        rule = benchmark(self._terms.benchmark).official
        limit = longest(self._terms.settings.seconds, rule, max(shared)) + ANSWER
        made = _RayNode(self._ray, actors, name, slots, "", limit)
        try:
            about, *_ = await asyncio.gather(*(made.ask(actor.about.remote(), OPENING) for actor in actors))
        except NodeLost:
            await made.close()
            raise
        except Exception as error:  # what the actor's process raised: most likely it cannot import us
            await made.close()
            told = str(error).strip().rpartition("\n")[2]
            return Unfit(f"{name}: lemmatree does not run there; install it on every node ({told})")
        problem = self._unusable(about)
        if problem is not None:
            await made.close()
            return Unfit(f"{name}: {problem}")
        return replace(made, facts=about.facts)

    async def close(self) -> None:
        """Leave the cluster; it goes on without us."""
        await asyncio.to_thread(self._ray.shutdown)

    def _unusable(self, about: object) -> str | None:
        if not isinstance(about, About):
            return "it answers with something else; install the same version of lemmatree on every node"
        if about.package != package_version():
            return f"has lemmatree {about.package}, and here it is {package_version()}: results would not be comparable"
        if about.python.split(".")[:2] != platform.python_version().split(".")[:2]:
            return f"has Python {about.python}, and here it is {platform.python_version()}"
        return about.missing or None

    async def _described(self) -> dict[str, dict[str, Any]]:
        try:
            async with asyncio.timeout(CONNECT):
                nodes = await asyncio.to_thread(self._ray.nodes)
        except Exception:  # the head is gone: Ray tells that in many ways
            return {}
        return {n["NodeID"]: n for n in nodes if n["Alive"] and n["Resources"].get("CPU", 0) >= 1}

    def _free(self, node: str) -> dict[str, float]:
        """What of a node's resources nobody uses. Ray says that only in a private place."""
        from ray._private.state import available_resources_per_node

        found: dict[str, float] = available_resources_per_node().get(node, {})
        return found

    def _actor(self, node: str, slots: int, gpus: float, others: bool) -> Any:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        return (
            self._ray.remote(NodeBench)
            .options(
                num_cpus=slots,
                num_gpus=gpus,
                max_restarts=0,  # another is opened by us, when the node is there
                max_task_retries=0,  # nothing is done twice behind our back
                max_concurrency=slots + 2,
                scheduling_strategy=NodeAffinitySchedulingStrategy(node_id=node, soft=False),
            )
            .remote(self._terms, slots, others)
        )


def shares(slots: int, at_a_time: int) -> tuple[int, ...]:
    """Slots shared out to as few processes as can be, none with more than `at_a_time`, as evenly as can be."""
    processes = -(-slots // at_a_time)
    return tuple(slots // processes + (number < slots % processes) for number in range(processes))


@dataclass(frozen=True, slots=True)
class _RayNode:
    """A node with its actors. seconds: of an attempt at most, all graces included. busy: attempts on each actor."""

    ray: ModuleType
    actors: tuple[Any, ...]
    name: str
    slots: int
    facts: str
    seconds: float
    busy: Counter[int] = field(default_factory=Counter)

    async def run(self, job: Job, brought: Files) -> Made | Unfit:
        """Make an attempt on the actor that has the fewest."""
        chosen = min(range(len(self.actors)), key=lambda number: self.busy[number])
        self.busy[chosen] += 1
        try:
            made: Made | Unfit = await self.ask(self.actors[chosen].attempt.remote(job, brought), self.seconds)
            return made
        finally:
            self.busy[chosen] -= 1

    async def ask(self, reference: Any, seconds: float) -> Any:
        """What the actor answers. Raises NodeLost, also where it does not answer in time, and what it raised."""
        errors = self.ray.exceptions
        try:
            async with asyncio.timeout(seconds):
                return await reference
        except TimeoutError:
            raise NodeLost(f"no answer within {seconds:.0f} s") from None
        except asyncio.CancelledError:
            await self._cancel(reference)
            raise
        except errors.RayTaskError:
            raise
        except errors.RayError as error:
            raise NodeLost(_why(error)) from None

    async def close(self) -> None:
        """End what runs there: kindly, then by force."""
        await asyncio.gather(*(self._end(actor) for actor in self.actors))

    async def _end(self, actor: Any) -> None:
        with contextlib.suppress(Exception):
            await _within(LEAVING, actor.close.remote())
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self.ray.kill, actor)

    async def _cancel(self, reference: Any) -> None:
        """Cancel a call and wait until it has ended its children, so that nothing is left running."""
        with contextlib.suppress(Exception):
            self.ray.cancel(reference)
            await _within(LEAVING, reference)


async def _within(seconds: float, awaited: Awaitable[Any]) -> None:
    async with asyncio.timeout(seconds):
        await awaited


def _why(error: Exception) -> str:
    """What Ray says, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
