"""How a goal is shown to a model and an answer read: the port between the policy (or training) and prompt formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dafny_env.steps import DafnyGoal, DafnyStep
from lean_project.steps import LeanGoal, LeanStep
from prover.prompts.view import Purpose
from prover.sampling.port import Prompt
from search.ports import Rejected, Unknown

__all__ = ["AnyGoal", "AnyStep", "Ask", "Attempt", "Counts", "Format", "NotShown", "Purpose", "Shown"]

AnyGoal = DafnyGoal | LeanGoal
AnyStep = DafnyStep | LeanStep


Attempt = tuple[AnyStep, Rejected | Unknown]
"""A step that was tried at the goal, and what came of it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a model is to be asked. purpose: close, decompose or repair. attempts: rejected ones, the newest last.
    notes: what else is known (lemmas that were lost, and why). room: tokens for the prompt at most, None where there is
    no bound."""

    goal: AnyGoal
    purpose: Purpose
    attempts: tuple[Attempt, ...] = ()
    notes: tuple[str, ...] = ()
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A prompt for a question. stop: sequences at which an answer ends. dropped: what was left out for room, for
    people."""

    prompt: Prompt
    stop: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotShown:
    """Why there is no prompt: the goal is of a kind that the format cannot show, or does not fit."""

    reason: str


class Counts(Protocol):
    """Counts tokens as a model does (`Sampler.count`)."""

    def __call__(self, prompt: Prompt) -> int:
        """Tokens of a prompt."""
        ...


class Format(Protocol):
    """One way to talk to models of one family."""

    @property
    def name(self) -> str:
        """The family's name, as in `--family`."""
        ...

    def purposes(self, language: str) -> frozenset[Purpose]:
        """What can be asked for in a language (`dafny`, `lean`)."""
        ...

    def show(self, ask: Ask, count: Counts) -> Shown | NotShown:
        """The prompt for a question."""
        ...

    def read(self, ask: Ask, text: str, *, cut_off: bool) -> Sequence[AnyStep]:
        """The steps that an answer proposes, the likeliest first; none where it proposes nothing that can be read.
        cut_off: it ended at its token limit. Never raises for what the text says."""
        ...

    def answer(self, ask: Ask, step: AnyStep) -> str | None:
        """The answer that means a step, for training; None where the format cannot say it."""
        ...
