from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sandbox_helpers import children_of, eventually


@pytest.fixture(autouse=True)
def no_orphans() -> Iterator[None]:
    """Every test of the sandbox ends without a child left."""
    yield
    assert eventually(lambda: not children_of(os.getpid())), children_of(os.getpid())
