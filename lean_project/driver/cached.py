"""Remembering results: a wrapper around any Lean verifier that also reads goals."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from lean_project.driver.codec import decode_result, encode_result
from lean_project.driver.types import GoalReader, GoalsResult, LeanResult, Outcome, Place, Rule
from sandbox.cache import ResultCache

_FORMAT = "lean check 1"
_LASTING = frozenset({Outcome.OK, Outcome.ERRORS})
"""What depends on the text and the `salt` alone; a missing import may be there the next time."""
_PASSING = frozenset({Rule.HEARTBEATS, Rule.RECURSION})
"""Deterministic for a fresh process; a warm one may have done part of the work before."""


class CachingVerifier:
    """A `GoalReader` that answers checks from a cache where it can; such results have `cached` set. Goals are always
    asked for.

    salt: everything but the text that decides: version, core library, search paths, options. The wall-clock bound is no
    part of the key.
    """

    def __init__(self, verifier: GoalReader, cache: ResultCache, *, salt: Sequence[str]) -> None:
        self._verifier = verifier
        self._cache = cache
        self._salt = tuple(salt)

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        """Answer from the cache, or check and remember."""
        began = time.monotonic()
        key = (_FORMAT, str(len(self._salt)), *self._salt, text)
        stored = self._cache.get_text(key)
        known = None if stored is None else decode_result(stored)
        if known is not None:
            return replace(known, cached=True, seconds=time.monotonic() - began)
        result = await self._verifier.check(text, seconds=seconds)
        passing = any(d.rule in _PASSING for d in result.diagnostics)
        if result.outcome in _LASTING and not passing and not result.cached:
            self._cache.put(key, encode_result(result))
        return result

    async def goals(self, text: str, positions: Sequence[Place], *, seconds: float) -> GoalsResult:
        """As the verifier behind it."""
        return await self._verifier.goals(text, positions, seconds=seconds)

    async def close(self) -> None:
        """Close the verifier; the cache belongs to the caller."""
        await self._verifier.close()
