"""What the tests of the command share."""

from __future__ import annotations

import pytest

LONGEST = "test_model_proves.py"
"""Trains a model: with several workers it is begun first, or the others would wait for it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first, the others in their order."""
    items.sort(key=lambda item: item.path.name != LONGEST)
