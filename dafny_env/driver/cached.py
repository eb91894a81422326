"""Remembering results: a wrapper around any Dafny verifier."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from dafny_env.driver.codec import decode_result, encode_result
from dafny_env.driver.includes import find_includes, included_files
from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, Outcome, VerifierInfo
from sandbox.cache import Key, ResultCache

_FORMAT = "dafny check 1"
_LASTING = frozenset({Outcome.VERIFIED, Outcome.FAILED, Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR})
"""What depends on the text alone; time, memory and crashes may turn out otherwise the next time."""


class CachingVerifier:
    """A `DafnyVerifier` that answers from a cache where it can; such results have `cached` set.

    The key covers verifier, solver, `salt` (anything else that decides: its command-line settings), options, source,
    and the contents of all files included, transitively. The wall-clock bound is no part of it. A FAILED result that
    also ran out of time somewhere is not kept either, nor is a printed program, nor models. timeouts: keep what ran out
    of time as well; then several runs are told the same, which makes them comparable, and none of them is told more.
    """

    def __init__(self, verifier: DafnyVerifier, cache: ResultCache, *, salt: str = "", timeouts: bool = False) -> None:
        self._verifier = verifier
        self._cache = cache
        self._salt = salt
        self._timeouts = timeouts

    @property
    def info(self) -> VerifierInfo:
        """Which verifier answers."""
        return self._verifier.info

    async def check(self, request: CheckRequest) -> CheckResult:
        """Answer from the cache, or check and remember."""
        if request.print_types or request.models:
            return await self._verifier.check(request)
        began = time.monotonic()
        key = await self._key(request)
        text = self._cache.get_text(key)
        known = None if text is None else decode_result(text)
        if known is not None:
            return replace(known, cached=True, seconds=time.monotonic() - began)
        result = await self._verifier.check(request)
        lasting = result.outcome in _LASTING and not result.timed_out
        late = result.outcome is Outcome.TIMEOUT or (result.outcome in _LASTING and bool(result.timed_out))
        if (lasting or (late and self._timeouts)) and not result.cached:
            self._cache.put(key, encode_result(result))
        return result

    async def _key(self, request: CheckRequest) -> Key:
        included: dict[str, str] = {}
        if find_includes(request.source):
            files = await asyncio.to_thread(included_files, request.source, request.folder)
            included = {str(path): content or "unreadable" for path, content in files.items()}
        return (
            _FORMAT,
            self._salt,
            self.info.version,
            self.info.solver,
            str(request.resolve_only),
            "all" if request.declarations is None else "\n".join(("some", *sorted(set(request.declarations)))),
            str(request.solver_seconds),
            str(request.error_limit),
            str(request.keep_going),
            # Which folder it is matters only for what can be reached from it.
            str(request.folder) if included else "",
            *(part for item in sorted(included.items()) for part in item),
            request.source,
        )

    async def close(self) -> None:
        """Close the verifier; the cache belongs to the caller."""
        await self._verifier.close()
