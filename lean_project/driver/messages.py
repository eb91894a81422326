"""Reading Lean's messages, as the command line prints them and as the language server sends them.

Formats: `Lean.SerialMessage` (`lean --json`), the plain text before it, and LSP's `Diagnostic` with Lean's additions
(`fullRange`, `leanTags`). What differs by version is the wording and which of `kind` and `code` there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lean_project.driver.positions import from_utf16
from lean_project.driver.types import Diagnostic, Place, Rule, Severity

_SEVERITIES: dict[str, Severity] = {"error": "error", "warning": "warning", "information": "info", "info": "info"}
_LSP_SEVERITIES: dict[int, Severity] = {1: "error", 2: "warning", 3: "info", 4: "info"}
_UNSOLVED_TAG = 1
_ANONYMOUS = "[anonymous]"

_KINDS: tuple[tuple[str, Rule], ...] = (
    ("hasSorry", Rule.SORRY),
    ("unsolvedGoals", Rule.UNSOLVED_GOALS),
    ("maxHeartbeats", Rule.HEARTBEATS),
    ("maxRecDepth", Rule.RECURSION),
    ("unknownIdentifier", Rule.UNKNOWN_NAME),
    ("synthInstanceFailed", Rule.SYNTHESIS),
)
_SORRY = re.compile(r"declaration uses ['`‘’\"]sorry['`‘’\"]")
_WORDINGS: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), rule)
    for pattern, rule in (
        (r"unknown module prefix|object file '.*' of module .* does not exist|unknown package '|"
         r"module .* does not exist|no such file or directory.*\.olean|bad import '", Rule.MISSING_IMPORT),
        (r"using 'exit' to interrupt Lean", Rule.INTERRUPTED),
        (r"unsolved goals", Rule.UNSOLVED_GOALS),
        (r"\(deterministic\) timeout|maximum number of heartbeats", Rule.HEARTBEATS),
        (r"maximum recursion depth|stack overflow|deep recursion", Rule.RECURSION),
        (r"\(kernel\)", Rule.KERNEL),
        (r"(application )?type mismatch", Rule.TYPE_MISMATCH),
        (r"unexpected (token|end of input|identifier)|expected |unterminated |invalid .* escape", Rule.PARSE),
        (r"(unknown (identifier|constant|free variable|namespace|tactic|option)|invalid field|"
         r"ambiguous, possible)", Rule.UNKNOWN_NAME),
        (r"failed to synthesize|typeclass instance problem", Rule.SYNTHESIS),
        (r"fail(ed)? to show termination|structural recursion|failed to prove termination|"
         r"well-founded recursion", Rule.TERMINATION),
        (r"tactic ['`‘]|.{0,40}['`‘’]? (made no progress|failed)|no goals|the rfl tactic failed|simp made no|"
         r"omega could not|linarith failed|(aesop|grind|decide):? failed|motive is not type correct", Rule.TACTIC),
    )
)  # fmt: skip


class _Point(BaseModel):
    line: int
    column: int


class _CommandMessage(BaseModel):
    """One line of `lean --json`; older versions leave out some of the names."""

    model_config = ConfigDict(extra="ignore")

    data: str
    severity: str
    pos: _Point
    endPos: _Point | None = None
    kind: str = ""


class _LspPoint(BaseModel):
    line: int
    character: int


class _LspRange(BaseModel):
    start: _LspPoint
    end: _LspPoint


class _LspDiagnostic(BaseModel):
    model_config = ConfigDict(extra="ignore")

    message: str
    range: _LspRange
    fullRange: _LspRange | None = None
    severity: int = 1
    code: int | str | None = None
    leanTags: list[int] = Field(default_factory=list)


class PublishedDiagnostics(BaseModel):
    """Parameters of `textDocument/publishDiagnostics`: all messages of a document so far."""

    model_config = ConfigDict(extra="ignore")

    uri: str
    version: int | None = None
    diagnostics: list[_LspDiagnostic]

    def read(self, lines: Sequence[str]) -> tuple[Diagnostic, ...]:
        """The messages with places in characters of the text whose `lines` these are, in the order of the text."""
        return tuple(sorted((_from_lsp(d, lines) for d in self.diagnostics), key=lambda d: d.place))


def classify(message: str, kind: str, severity: Severity) -> Rule:
    """What a message is about: by its kind where it has one, else by the wording of old and new versions."""
    for name, rule in _KINDS:
        if kind == name or kind.endswith(f".{name}"):
            return rule
    if kind.startswith("linter.") or "linter." in message[-200:]:
        return Rule.LINTER
    if severity != "info" and _SORRY.match(message):
        return Rule.SORRY
    for wording, rule in _WORDINGS:
        if wording.match(message) and (severity == "error") != (rule is Rule.INTERRUPTED):
            return rule
    return Rule.OTHER


def read_json_line(line: str) -> Diagnostic | None:
    """One line of `lean --json`; None when it is no message (what a program printed, say)."""
    try:
        message = _CommandMessage.model_validate_json(line)
    except ValidationError:
        return None
    severity = _SEVERITIES.get(message.severity)
    if severity is None:
        return None
    kind = "" if message.kind == _ANONYMOUS else message.kind
    end = None if message.endPos is None else Place(message.endPos.line, message.endPos.column)
    place = Place(message.pos.line, message.pos.column)
    return Diagnostic(severity, classify(message.data, kind, severity), message.data, place, end, kind)


def read_plain(output: str, file_name: str) -> tuple[Diagnostic, ...]:
    """The messages about `file_name` in plain output: for versions without `--json`. A message goes on to the next
    line that starts with the file's name, a place and a severity."""
    head = re.compile(
        rf"^(?:\S*/)?{re.escape(file_name)}:(\d+):(\d+)(?:-(\d+):(\d+))?: "
        r"(?:(error|warning|info(?:rmation)?)(?:\(([^)\s]*)\))?:\s?)?",
        re.MULTILINE,
    )
    starts = list(head.finditer(output))
    ends = [*(start.start() for start in starts), len(output)][1:]
    found = []
    for start, stop in zip(starts, ends, strict=True):
        severity: Severity = _SEVERITIES[start[5] or "info"]
        message = output[start.end() : stop].rstrip("\n")
        end = Place(int(start[3]), int(start[4])) if start[3] else None
        kind = start[6] or ""
        place = Place(int(start[1]), int(start[2]))
        found.append(Diagnostic(severity, classify(message, kind, severity), message, place, end, kind))
    return tuple(found)


def _from_lsp(sent: _LspDiagnostic, lines: Sequence[str]) -> Diagnostic:
    severity = _LSP_SEVERITIES.get(sent.severity, "error")
    kind = sent.code if isinstance(sent.code, str) else ""
    rule = classify(sent.message, kind, severity)
    if rule is Rule.OTHER and _UNSOLVED_TAG in sent.leanTags:
        rule = Rule.UNSOLVED_GOALS
    where = sent.fullRange or sent.range  # `range` is cut at the end of its first line
    place, end = (
        Place(point.line + 1, from_utf16(lines[point.line] if point.line < len(lines) else "", point.character))
        for point in (where.start, where.end)
    )
    return Diagnostic(severity, rule, sent.message, place, end, kind)
