"""What the tests of the command share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prover_command import Prover


@pytest.fixture
def prover(tmp_path: Path) -> Iterator[Prover]:
    """The command in an empty folder; after every test, nothing that it started is left."""
    command = Prover(tmp_path)
    yield command
    assert command.left_over() == []
