"""The words that code begins with in an answer without fences: `first_words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("first_words.toml")


@cache
def first_words(language: str) -> frozenset[str]:
    """For `lean` or `dafny`. Raises for a damaged file."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return frozenset(word for words in data[language].values() for word in words)
