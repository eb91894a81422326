"""`prover eval --ray` on a real Ray cluster of two nodes on this machine, with the real Dafny."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prover_command import _MARK, PATIENCE, ROOT, Prover, ended_after

pytestmark = pytest.mark.integration
ray_cluster = pytest.importorskip("ray.cluster_utils", reason="needs the extra ray")

TASKS = {f"sum{n}.dfy": f"lemma Sum{n}(x: int)\n  ensures x + {n} == {n} + x\n" for n in range(6)}
_SIZE = {"num_cpus": 1, "object_store_memory": 80 * 1024 * 1024, "include_dashboard": False}


@pytest.fixture
def cluster(prover: Prover, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head with one CPU; everything that it starts carries the command's mark."""
    monkeypatch.setenv(_MARK, prover.mark)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # a short path: it holds sockets
    monkeypatch.setenv("RAY_TMPDIR", folder)
    made = ray_cluster.Cluster(initialize_head=True, head_node_args=_SIZE)
    try:
        yield made
    finally:
        made.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def events(run: Path, name: str) -> list[dict[str, Any]]:
    """What the run's journal tells of one kind."""
    found = []
    with contextlib.suppress(OSError):
        for line in (run / "journal.jsonl").read_text().splitlines():
            with contextlib.suppress(ValueError):
                found.append(json.loads(line))
    return [event for event in found if event.get("event") == name]


def eventually(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def statuses(run: Path) -> list[tuple[str, str]]:
    lines = map(json.loads, (run / "results.jsonl").read_text().splitlines())
    return sorted((line["id"], line["status"]) for line in lines)


def command(run: Path) -> list[str | Path]:
    folder = run.with_name("tasks")
    folder.mkdir(exist_ok=True)
    for name, text in TASKS.items():
        (folder / name).write_text(text)
    return ["eval", folder, "--run", run]


def test_attempts_of_a_node_that_is_killed_are_made_again_on_the_other(prover: Prover, cluster: Any) -> None:
    run = prover.folder / "run"
    doomed = cluster.add_node(**_SIZE)
    with ended_after(prover.start(*command(run), "--ray", cluster.address)) as process:

        def at_work() -> bool:
            assert process.poll() is None, process.communicate()
            return any(doomed.node_id[:8] in event["node"] for event in events(run, "attempt_placed"))

        eventually(at_work)
        cluster.remove_node(doomed, allow_graceful=False)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, out + err
    lost = events(run, "attempt_lost")
    assert lost and doomed.node_id[:8] in lost[0]["node"]
    assert "made again" in err
    eventually(lambda: not prover.verifiers())
    # Each once, and as on one machine.
    assert statuses(run) == [(task, "proved") for task in TASKS]
    for task in TASKS:
        assert (run / "attempts" / task / "1" / "journal.jsonl").stat().st_size > 0


@pytest.mark.slow
def test_a_command_that_is_killed_leaves_no_verifier_on_the_nodes_and_can_be_resumed(
    prover: Prover, cluster: Any
) -> None:
    run = prover.folder / "run"
    with ended_after(prover.start(*command(run), "--ray", cluster.address)) as process:
        eventually(lambda: (prover.verifiers() and events(run, "attempt_placed")) or process.poll() is not None)
        assert process.poll() is None, process.communicate()
    # Left by SIGKILL.
    eventually(lambda: not prover.verifiers())
    ran = prover.run("eval", "--run", run, "--resume", "--ray", cluster.address)
    assert ran.code == 0, ran.err
    assert [status for _, status in statuses(run)] == ["proved"] * len(TASKS)


def test_an_address_where_nothing_answers_is_told(prover: Prover) -> None:
    ran = prover.run(*command(prover.folder / "run"), "--ray", "127.0.0.1:9")
    assert ran.code == 3
    assert "ray start --head" in ran.err
