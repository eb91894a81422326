"""What the tests of the command share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prover_command import Prover

LONGEST = "test_model_proves.py"
"""Trains a model: with several workers it is begun first, or the others would wait for it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first, the others in their order."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture
def prover(tmp_path: Path) -> Iterator[Prover]:
    """The command in an empty folder; after every test, nothing that it started is left."""
    command = Prover(tmp_path)
    yield command
    assert command.left_over() == []
