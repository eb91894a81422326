"""What the tests of the command share."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from prover_command import Prover
from warm import Warm

FIRST = (
    "test_model_proves.py",
    "test_vericoding.py",
    "test_lean_core.py",  # a short one: it waits behind the first
    "test_lean_prove.py",
    "test_prove_command.py",
    "test_lean_gate_replay.py",
)
"""The files that take longest are begun first, or the others would wait for them at the end."""


def pytest_configure() -> None:
    """Commands of ours can be interrupted, also where these tests are run in the background, which ignores that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others in their order."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture
def prover(tmp_path: Path) -> Iterator[Prover]:
    """The command in an empty folder; after every test, nothing that it started is left."""
    command = Prover(tmp_path)
    yield command
    assert command.left_over() == []


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    """The engine in this process, with verifiers that the tests of a file share."""
    with asyncio.Runner() as runner:
        engine = Warm(runner)
        yield engine
        engine.close()
