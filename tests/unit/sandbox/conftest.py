from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sandbox_helpers import children_of, eventually


@pytest.fixture(autouse=True)
def no_orphans() -> Iterator[None]:
    """Every test of the sandbox ends without a child left."""
    yield
    assert eventually(lambda: not children_of(os.getpid())), children_of(os.getpid())
