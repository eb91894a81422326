"""Opening the verifiers of a run from its settings, in the dialect of the file at hand."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from dafny_env.dialect.context import Unsupported
from dafny_env.dialect.dialect import Invalid, Translated, Undecided, choose
from dafny_env.dialect.translating import TranslatingVerifier
from dafny_env.driver.factory import Toolchain, open_verifiers
from dafny_env.driver.types import CheckResult, DafnyVerifier, Outcome, Rule
from prover.results import Status
from prover.settings import Settings, environment_of
from sandbox.cache import AppendedCache, ResultCache
from sandbox.missing import Missing

if TYPE_CHECKING:
    from prover.pools import Pools


@dataclass(frozen=True, slots=True)
class Verifiers:
    """The verifiers that read one file's dialect: warm and cached for the search, a fresh process for the gate."""

    working: DafnyVerifier
    cold: DafnyVerifier
    translated: bool = False


@dataclass(frozen=True, slots=True)
class NoVerifier:
    """Why a file cannot be checked here: one message with the next step. status: unsupported, invalid or unknown.
    result: what the verifier said of a file that is wrong."""

    status: Status
    reason: str
    result: CheckResult | None = None


def lacking(missing: Missing) -> NoVerifier:
    """A verifier that is missing, as the reason why a file cannot be checked."""
    return NoVerifier(Status.UNSUPPORTED, f"{missing.what}: {missing.how_to_get}")


def workers_of(settings: Settings) -> int:
    """Verifier processes at a time: as set, else one for each core that this process may use."""
    return settings.workers or len(os.sched_getaffinity(0))


@contextmanager
def cache_of(settings: Settings, told: Path | None = None) -> Iterator[ResultCache]:
    """The cache of one file's checks, closed at the end. told: a file that keeps them for when this process is killed,
    where the settings name no other."""
    cache = AppendedCache(told) if told is not None and settings.cache is None else ResultCache(path=settings.cache)
    try:
        yield cache
    finally:
        cache.close()


class Closes(Protocol):
    """What has child processes."""

    async def close(self) -> None:
        """End them."""
        ...


T = TypeVar("T", bound=Closes)


@asynccontextmanager
async def held(opened: T | Missing) -> AsyncIterator[T | NoVerifier]:
    """What was opened, closed at the end, or what is missing and how to get it."""
    if isinstance(opened, Missing):
        yield lacking(opened)
        return
    try:
        yield opened
    finally:
        await opened.close()


@asynccontextmanager
async def toolchain(
    settings: Settings, pools: Pools | None = None, told: Path | None = None
) -> AsyncIterator[Toolchain | NoVerifier]:
    """The verifiers of a run, closed at the end, or what is missing and how to get it. pools: where they are borrowed
    from instead, with a cache of this file's own. told: as in `cache_of`."""
    if pools is not None:
        lent = await pools.dafny()
        if isinstance(lent, Missing):
            yield lacking(lent)
            return
        with cache_of(settings, told) as cache:
            yield lent.cached(cache, timeouts=settings.cache_timeouts)
        return
    opened = open_verifiers(
        workers=workers_of(settings),
        cache=ResultCache(path=settings.cache),
        keep_timeouts=settings.cache_timeouts,
        env=environment_of(settings),
    )
    async with held(opened) as tools:
        yield tools


async def in_dialect(text: str, folder: Path | None, tools: Toolchain, *, seconds: float) -> Verifiers | NoVerifier:
    """The verifiers for a file: as they are, or behind the rewriter where only Dafny 2.3 is here and it needs that.

    seconds: bound on each of the few resolve-only checks that find out.
    """
    if tools.dialect == 4:
        return Verifiers(tools.working, tools.cold)
    choice = await choose(text, folder, tools.working, seconds=seconds)
    match choice:
        case Unsupported(reason=reason):
            return NoVerifier(Status.UNSUPPORTED, f"{reason}; a Dafny 4 on PATH would read it.")
        case Invalid(result=result):
            return NoVerifier(Status.INVALID, first_error(result), result)
        case Undecided(result=result):
            return NoVerifier(Status.UNKNOWN, _unread(result))
        case _:
            # Also a file that needs no translation: 2.3 misreads some patterns that a candidate may contain.
            warm, cold = TranslatingVerifier(tools.working, choice), TranslatingVerifier(tools.cold, choice)
            return Verifiers(warm, cold, translated=isinstance(choice, Translated))


def _unread(result: CheckResult) -> str:
    if result.outcome is Outcome.TIMEOUT:
        return "the verifier did not read the file in time: allow more seconds."
    if result.outcome is Outcome.CRASHED:
        cure = "if an expression is nested very deep or very long, or the file very large, split it; else try again."
        return f"the verifier crashed while it read the file: {cure}"
    return f"the verifier could not read the file ({result.outcome}): try again."


def first_error(result: CheckResult) -> str:
    """The first syntax or type error of a file, for people."""
    wanted = [d for d in result.errors if d.rule in (Rule.PARSE, Rule.RESOLVE)] or list(result.errors)
    if not wanted:
        return f"the file does not resolve: {result.output.strip()[-300:]}"
    first = wanted[0]
    where = f" of {first.place.file}" if first.place.file else ""
    kind = "a syntax error" if first.rule is Rule.PARSE else "an error"
    return f"{kind} at line {first.place.line}{where}: {first.message}; mend the file first."
