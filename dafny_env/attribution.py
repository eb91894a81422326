"""Diagnostics of a candidate, told in terms of its step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dafny_env.driver.types import Diagnostic
from dafny_env.steps import Candidate
from dafny_env.syntax.source import LineMap


@dataclass(frozen=True, slots=True)
class StepDiagnostic:
    """A diagnostic of a candidate, told in terms of its step.

    insertion: which insertion it stands in; None in the base text, in helpers and in included files. offset: its
    character offset in the candidate text (0 for included files). base_offset: its offset in the base text when it
    stands there.
    """

    diagnostic: Diagnostic
    insertion: int | None
    offset: int
    base_offset: int | None
    related: tuple[tuple[int | None, int | None], ...] = ()
    """Per related place: the insertion it stands in, and its offset in the base text when it stands there."""


def located(candidate: Candidate, diagnostics: Iterable[Diagnostic]) -> tuple[StepDiagnostic, ...]:
    """The diagnostics with their places found in the step. Columns are characters, as `Place` says."""
    lines = LineMap(candidate.text)

    def told(diagnostic: Diagnostic) -> StepDiagnostic:
        place = diagnostic.place
        offset = lines.offset(place.line, place.column) if place.file is None else 0
        insertion, base_offset = attribute(candidate, offset) if place.file is None else (None, None)
        related = tuple(
            attribute(candidate, lines.offset(p.line, p.column)) if p.file is None else (None, None)
            for p, _ in diagnostic.related
        )
        return StepDiagnostic(diagnostic, insertion, offset, base_offset, related)

    return tuple(told(d) for d in diagnostics)


def attribute(candidate: Candidate, offset: int) -> tuple[int | None, int | None]:
    """The insertion that an offset of the candidate stands in, and else its offset in the base text."""
    insertion = candidate.insertion_at(offset)
    return insertion, None if insertion is not None else candidate.base_offset(offset)
