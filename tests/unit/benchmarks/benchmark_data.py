"""Where published benchmark data is, for the tests that look at it when it is there."""

import os
from pathlib import Path

import pytest

VARIABLE = "LEMMATREE_BENCH"
"""Names the folder that holds `dafnybench_dev/test.json`, `clever/`..."""


def published(name: str) -> Path:
    """A benchmark's folder; skips the test where it is not here."""
    root = Path(__file__).resolve().parents[3]
    named = [Path(os.environ[VARIABLE])] if VARIABLE in os.environ else []
    for folder in (*named, root / "shared" / "bench", root.parent / "shared" / "bench"):
        if (folder / name).exists():
            return folder / name
    pytest.skip(f"{name} is not here; name the folder that holds it in {VARIABLE}")
