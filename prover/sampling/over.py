"""Samplers that stand before another one: what they do not change is the other one's."""

from __future__ import annotations

from collections.abc import Sequence

from prover.sampling.port import Answer, Prompt, Sampler, SampleRequest


class SamplerOver:
    """A `Sampler` that is the other one in everything. sampler: the other one."""

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler

    @property
    def name(self) -> str:
        """The other one's."""
        return self._sampler.name

    @property
    def window(self) -> int | None:
        """The other one's."""
        return self._sampler.window

    def count(self, prompt: Prompt) -> int:
        """As the other one counts."""
        return self._sampler.count(prompt)

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """The other one's answers."""
        return await self._sampler.sample(requests)

    async def close(self) -> None:
        """Close the other one."""
        await self._sampler.close()


class Borrowed(SamplerOver):
    """A sampler that whoever borrows it does not close."""

    async def close(self) -> None:
        """It is its owner's to close."""
