"""The one document that a language server has open, and what the server has said about it."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from lean_project.driver.goal_text import parse_goal
from lean_project.driver.messages import PublishedDiagnostics
from lean_project.driver.positions import minimal_edit, to_utf16
from lean_project.driver.types import Diagnostic, Goal, Place

_HEADER = re.compile(
    r"(?:\s+|--[^\n]*(?:\n|$)|/-(?:[^-]|-(?!/))*-/|(?:module|prelude)\b|(?:(?:public|private|meta)\s+)*import\b[^\n]*)*"
)
"""Everything up to the first command: comments, `module`, `prelude`, imports. (A nested comment ends it too early, so
that a change behind it counts as one of the header: slower, not wrong.)"""


_FATAL = 2


class _PlainGoal(BaseModel):
    """Result of `$/lean/plainGoal`."""

    model_config = ConfigDict(extra="ignore")

    goals: list[str]


class _PlainTermGoal(BaseModel):
    """Result of `$/lean/plainTermGoal`."""

    model_config = ConfigDict(extra="ignore")

    goal: str


class _Named(BaseModel):
    model_config = ConfigDict(extra="ignore")

    uri: str


class _Progress(BaseModel):
    model_config = ConfigDict(extra="ignore")

    kind: int = 1


class _FileProgress(BaseModel):
    """Parameters of `$/lean/fileProgress`."""

    model_config = ConfigDict(extra="ignore")

    textDocument: _Named
    processing: list[_Progress]


class Document:
    """An open document: its name, version and text, and the messages that were published for the current version.

    The text has no carriage return before a line feed. `publish` may be called from another thread.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.uri = path.as_uri()
        self.version = 1
        self.text = text
        self._lock = threading.Lock()
        self._published: Any = None
        self.settled: str | None = None
        """The last text that Lean came to the end of."""
        self.asked = False
        """Whether anything was asked about this document yet."""
        self.broken = False
        """Whether Lean said that nothing more comes about this document: its worker crashed, or its header is bad. The
        watchdog then keeps back requests until the next change."""

    def opening(self) -> dict[str, Any]:
        """Parameters of `textDocument/didOpen`."""
        document = {"uri": self.uri, "languageId": "lean4", "version": self.version, "text": self.text}
        return {"textDocument": document, "dependencyBuildMode": "never"}

    def closing(self) -> dict[str, Any]:
        """Parameters of `textDocument/didClose`."""
        return {"textDocument": {"uri": self.uri}}

    def same_header(self, text: str) -> bool:
        """Whether a text imports the same in the same form: only then can the worker go on with it."""
        return header(self.text) == header(text)

    def change(self, text: str) -> dict[str, Any]:
        """Take a new text; returns the parameters of `textDocument/didChange`."""
        edit = minimal_edit(self.text, text)
        with self._lock:
            self.version += 1
            self.text = text
            self._published = None
        start, end = ({"line": line, "character": column} for line, column in (edit.start, edit.end))
        return {
            "textDocument": {"uri": self.uri, "version": self.version},
            "contentChanges": [{"range": {"start": start, "end": end}, "text": edit.text}],
        }

    def waiting(self) -> dict[str, Any]:
        """Parameters of `textDocument/waitForDiagnostics`."""
        return {"uri": self.uri, "version": self.version}

    def asking(self, place: Place) -> dict[str, Any]:
        """Parameters of a request about a place."""
        lines = self.text.split("\n")
        line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
        position = {"line": max(place.line - 1, 0), "character": to_utf16(line, place.column)}
        return {"textDocument": {"uri": self.uri}, "position": position}

    def publish(self, params: Any) -> None:
        """Note the parameters of `textDocument/publishDiagnostics`; each replaces those before."""
        if not isinstance(params, dict) or params.get("uri") != self.uri:
            return
        with self._lock:
            if params.get("version") in (None, self.version):
                self._published = params

    def progress(self, params: Any) -> None:
        """Note the parameters of `$/lean/fileProgress`: ranges in the works, of kind 2 where that ended for good."""
        try:
            report = _FileProgress.model_validate(params)
        except ValidationError:
            return
        if report.textDocument.uri == self.uri and any(item.kind == _FATAL for item in report.processing):
            self.broken = True

    def diagnostics(self) -> tuple[Diagnostic, ...] | None:
        """What was last published for the current version; None when nothing was, or nothing that can be read."""
        with self._lock:
            published = self._published
        try:
            return PublishedDiagnostics.model_validate(published).read(self.text.split("\n"))
        except ValidationError:
            return None


def header(text: str) -> str:
    """The part of a text that says what is imported."""
    found = _HEADER.match(text)
    return "" if found is None else found.group()


def read_tactic_goals(result: Any) -> tuple[Goal, ...] | None:
    """The goals of an answer to `$/lean/plainGoal`; None for null (no tactic at the place) and for anything strange."""
    try:
        return tuple(parse_goal(text) for text in _PlainGoal.model_validate(result).goals)
    except ValidationError:
        return None


def read_term_goal(result: Any) -> Goal | None:
    """The goal of an answer to `$/lean/plainTermGoal`; None for null and for anything strange."""
    try:
        return parse_goal(_PlainTermGoal.model_validate(result).goal)
    except ValidationError:
        return None
