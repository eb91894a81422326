"""What each task has used of the model, and whether it may use more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prover.sampling.port import Answer, SamplingFailed


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one task. tokens: sampled. prompt_tokens: shown, cached ones included. seconds: that its requests ran, added
    up although they overlap. cost_usd: None where no price is known. requests: answered, failures included."""

    tokens: int = 0
    prompt_tokens: int = 0
    seconds: float = 0.0
    cost_usd: float | None = None
    requests: int = 0

    def __add__(self, other: Usage) -> Usage:
        costs = [c for c in (self.cost_usd, other.cost_usd) if c is not None]
        return Usage(
            self.tokens + other.tokens,
            self.prompt_tokens + other.prompt_tokens,
            self.seconds + other.seconds,
            sum(costs) if costs else None,
            self.requests + other.requests,
        )


@dataclass(frozen=True, slots=True)
class TaskLimit:
    """What a task may use: sampled tokens, and US dollars where prices are known. None: no bound."""

    tokens: int | None = None
    cost_usd: float | None = None

    def spent(self, usage: Usage) -> str | None:
        """The bound that is reached, in words; None while there is some left."""
        if self.tokens is not None and usage.tokens >= self.tokens:
            return f"the task's {self.tokens} sampled tokens are spent ({usage.tokens} were used)"
        if self.cost_usd is not None and (usage.cost_usd or 0.0) >= self.cost_usd:
            return f"the task's {self.cost_usd:g} US dollars are spent ({usage.cost_usd or 0.0:g} were used)"
        return None


class Ledger:
    """The usage of every task. default: the limit of a task that has none of its own."""

    def __init__(self, default: TaskLimit) -> None:
        self._default = default
        self._limits: dict[str, TaskLimit] = {}
        self._used: dict[str, Usage] = {}
        self._before = Usage()

    def limit(self, task: str, limit: TaskLimit) -> None:
        """Set a task's own limit."""
        self._limits[task] = limit

    def usage(self, task: str) -> Usage:
        """So far; requests that still run are not in it."""
        return self._used.get(task, Usage())

    @property
    def total(self) -> Usage:
        """Of all tasks."""
        return sum(self._used.values(), self._before)

    def close(self, task: str) -> Usage:
        """What a task that is over has used; only the total keeps it."""
        used = self._used.pop(task, Usage())
        self._limits.pop(task, None)
        self._before = self._before + used
        return used

    def spent(self, task: str) -> SamplingFailed | None:
        """The answer to a task that may use no more; None while it may."""
        reason = self._limits.get(task, self._default).spent(self.usage(task))
        return None if reason is None else SamplingFailed(f"No more samples: {reason}.", final=True, spent=True)

    def charge(self, task: str, answer: Answer | None, seconds: float) -> int:
        """Book a request that ran; answer: None where it was cancelled. The sampled tokens."""
        used = Usage(seconds=seconds, requests=1)
        if answer is not None and not isinstance(answer, SamplingFailed):
            used = replace(used, tokens=answer.tokens, prompt_tokens=answer.prompt_tokens, cost_usd=answer.cost_usd)
        self._used[task] = self.usage(task) + used
        return used.tokens

    def joined(self, task: str) -> None:
        """Book a request that was answered by another's computation: it cost nothing."""
        self._used[task] = self.usage(task) + Usage(requests=1)
