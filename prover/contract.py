"""What all JSON objects of the command line have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION = 1
"""Raised when a field changes its meaning or goes away; new fields may come without."""


class Contract(BaseModel):
    """An object of the JSON contract."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_line(self) -> str:
        """The object as one line of JSON with its line end, fields in the order of their declaration."""
        return self.model_dump_json() + "\n"
