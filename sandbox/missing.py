"""What was looked for and not found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that was looked for and not found, or does not run; `how_to_get` is the cure in one line."""

    what: str
    how_to_get: str

    def __str__(self) -> str:
        """What is missing and the cure."""
        return f"{self.what}. To get it: {self.how_to_get}"
