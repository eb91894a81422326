"""The formats of models that read files: prompts from templates (`prover.prompts`), answers in blocks of code."""

from __future__ import annotations

from collections.abc import Sequence

from dafny_env.steps import DafnyGoal, DafnyStep
from lean_project.steps import LeanGoal, LeanStep
from prover.answers.dafny import read_dafny
from prover.answers.lean import read_lean
from prover.policy.language.formats import AnyStep, Ask, Counts, NotShown, Purpose, Shown
from prover.prompts.build import Built, build
from prover.prompts.templates import families, purposes_of, template_of
from prover.prompts.view import Attempt as ShownAttempt
from prover.prompts.view import PromptView
from prover.prompts.views import dafny_attempt, dafny_view, lean_attempt, lean_view


class TemplateFormat:
    """Implements `Format` for a family of `prover/prompts/families.toml`. Raises KeyError for another."""

    def __init__(self, family: str) -> None:
        self._family = families()[family]

    @property
    def name(self) -> str:
        """The family."""
        return self._family.name

    def purposes(self, language: str) -> frozenset[Purpose]:
        """What the family, or `generic` in its place, has templates for."""
        return purposes_of(self.name, "lean" if language == "lean" else "dafny")

    def show(self, ask: Ask, count: Counts) -> Shown | NotShown:
        """The file with the goal named, what was tried, and what to do; less of it where the window is small."""
        try:
            view = _view(ask)
        except KeyError:
            return NotShown("the goal's declaration is not found in its text")
        built = build(ask.purpose, view, self.name, count, ask.room, 0)
        if not isinstance(built, Built):
            return NotShown(built.reason)
        return Shown(built.prompt, built.stop, built.dropped)

    def read(self, ask: Ask, text: str, *, cut_off: bool) -> Sequence[AnyStep]:
        """What the answer's code comes to, the likeliest reading first."""
        raw = self._raw(ask)
        if isinstance(ask.goal, LeanGoal):
            return read_lean(ask.goal, text, cut=cut_off, raw=raw).steps
        return read_dafny(ask.goal, text, cut=cut_off, raw=raw).steps

    def answer(self, ask: Ask, step: AnyStep) -> str | None:
        """The declaration with the step in it, as a block of code; for completions the tactics alone."""
        if isinstance(ask.goal, LeanGoal) and isinstance(step, LeanStep):
            if self._raw(ask):
                return None if step.helpers.strip() else step.body
            shown, tag = lean_attempt(ask.goal, step), "lean4"
        elif isinstance(ask.goal, DafnyGoal) and isinstance(step, DafnyStep) and not self._raw(ask):
            shown, tag = dafny_attempt(ask.goal, step), "dafny"
        else:
            return None
        return None if shown is None else f"```{tag}\n{shown.text.strip(chr(10))}\n```"

    def _raw(self, ask: Ask) -> bool:
        found = template_of(self.name, "lean" if isinstance(ask.goal, LeanGoal) else "dafny", ask.purpose)
        return found is not None and found[1].raw


def _view(ask: Ask) -> PromptView:
    attempts: list[ShownAttempt] = []
    for step, verdict in ask.attempts:
        told: ShownAttempt | None = None
        said = getattr(verdict, "summary", "") or getattr(verdict, "reason", "")
        if isinstance(ask.goal, LeanGoal) and isinstance(step, LeanStep):
            told = lean_attempt(ask.goal, step, verdict.diagnostics, said)
        elif isinstance(ask.goal, DafnyGoal) and isinstance(step, DafnyStep):
            told = dafny_attempt(ask.goal, step, verdict.diagnostics, said)
        if told is not None:
            attempts.append(told)
    notes = [f"This did not work out: {lost}" for lost in ask.notes]
    if isinstance(ask.goal, LeanGoal):
        return lean_view(ask.goal, attempts=attempts, notes=notes)
    return dafny_view(ask.goal, attempts=attempts, notes=notes)
