"""The models of a process: opened once, asked by all, and of which family their prompts are."""

from __future__ import annotations

import asyncio
import os

from prover.model_family import named_family
from prover.sampling.aside import aside
from prover.sampling.charges import Usage
from prover.sampling.opening import SamplingSettings, open_sampler
from prover.sampling.port import Remote, Sampler
from prover.sampling.replay import ReplaySampler
from prover.sampling.service import SamplingService
from prover.settings import Settings
from sandbox.missing import Missing

LOOK_SECONDS = 5.0
"""For a look at a server, whether it is there at all."""


class Models:
    """The models of a process, each opened once, behind a sampling service that all searches share. Belongs to one
    event loop; close it at the end."""

    def __init__(self, settings: SamplingSettings) -> None:
        self._settings = settings
        self._open: dict[str, SamplingService] = {}
        self._family: dict[str, str] = {}
        self._lock = asyncio.Lock()

    async def service(self, spec: str) -> SamplingService | Missing:
        """The service of a model. Opening a local one takes its time, in a thread; whoever is cancelled meanwhile does
        not wait for it. A server is asked first whether it is there."""
        async with self._lock:
            if spec not in self._open:
                opened = await aside(lambda: open_sampler(spec, self._settings), "loading")
                if isinstance(opened, Missing):
                    return opened
                if isinstance(opened, Remote):
                    try:
                        absent = await opened.absent(LOOK_SECONDS)
                    except BaseException:
                        await opened.close()
                        raise
                    if absent is not None:
                        await opened.close()
                        return absent
                self._family[spec] = family_of(spec, opened)
                self._open[spec] = SamplingService(opened)
            return self._open[spec]

    def has(self, spec: str) -> bool:
        """Whether a model is open."""
        return spec in self._open

    def family(self, spec: str) -> str:
        """The prompt family of a model that is open."""
        return self._family[spec]

    def finish(self, task: str) -> Usage:
        """A task is over and will not ask again: what it has used of all of them."""
        return sum((service.finish(task) for service in self._open.values()), Usage())

    async def close(self) -> None:
        """Free all of them."""
        opened, self._open = list(self._open.values()), {}
        await asyncio.gather(*(service.close() for service in opened))


def lacking(spec: str, missing: Missing) -> str:
    """Why a model of a policy cannot be asked, with the next step."""
    return f"--policy {spec}: missing {missing.what}: {missing.how_to_get}"


def sampling_settings(settings: Settings) -> SamplingSettings:
    """What the settings say to back ends."""
    # On a CPU the verifiers want cores as well, and torch's threads spin where they wait for each other.
    threads = max(1, len(os.sched_getaffinity(0)) // 2)
    price = None
    if settings.prompt_price is not None or settings.answer_price is not None:
        price = (settings.prompt_price or 0.0, settings.answer_price or 0.0)
    return SamplingSettings(base_url=settings.base_url, window=settings.window, threads=threads, price=price)


def family_of(spec: str, sampler: Sampler) -> str:
    """The family of a model: what its folder or its record says, else what its name tells, else `generic`."""
    if isinstance(sampler, ReplaySampler) and sampler.family:
        return sampler.family
    return named_family(spec)
