"""Reading what Dafny 2.3 prints (with `/trace`), from the command line and from DafnyServer, into typed values.

Console forms, as printed by 2.3 (lines from 1, columns from 0):
`f.dfy(4,24): Error BP5003: msg`, `f.dfy(3,11): Related location: msg`, `f.dfy(2,7): Verification of 'Impl$$...'
timed out after 2 seconds`, `f.dfy(2,9): Timed out on: msg`, `Verifying Impl$$_module.__default.F ...` followed by
`  [0.411 s, 2 proof obligations]  verified`, and the trailer `Dafny program verifier finished with 1 verified, 0
errors`. Nothing here raises, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from dafny_env.driver.names import ProcedureName, parse_procedure
from dafny_env.driver.rules import classify, classify_frontend
from dafny_env.driver.types import Diagnostic, Place, Rule

ProcedureOutcome = Literal["verified", "failed", "timed out", "unknown"]


@dataclass(frozen=True, slots=True)
class Procedure:
    """One check of the trace. `obligations` is 0 for a result that the verifier reused from an earlier request."""

    name: ProcedureName
    boogie: str
    outcome: ProcedureOutcome
    obligations: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Trailer:
    """The whole last line: `finished with V verified, E errors, I inconclusive, T time outs, ...`."""

    verified: int
    errors: int
    inconclusive: int = 0
    time_outs: int = 0
    out_of_memory: int = 0
    out_of_resource: int = 0

    @property
    def clean(self) -> bool:
        """No error and nothing left undecided."""
        return not (self.errors or self.inconclusive or self.time_outs or self.out_of_memory or self.out_of_resource)


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that a run printed. `reached_verifier`: whether the front end let the program through. `trouble`: lines
    that forbid acceptance (`[FATAL]`, prover errors, internal errors). `after_trailer`: anything printed after
    the trailer."""

    diagnostics: tuple[Diagnostic, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    trailer: Trailer | None = None
    reached_verifier: bool = False
    trouble: tuple[str, ...] = ()
    after_trailer: str = ""


_LOCATED = re.compile(r"(?P<file>\S.*?)\((?P<line>\d{1,9}),(?P<column>\d{1,9})\): (?P<rest>.*)")
_SEVERITY = re.compile(r"(?P<what>Error|Warning|Info)(?: BP\d+)?: ?(?P<message>.*)")
_RELATED = re.compile(r"Related (?:location|message)(?: \d+)?(?:: ?(?P<message>.*))?$")
_VERIFYING = re.compile(r"Verifying (?P<name>\S.*?) \.\.\.")
_RESULT = re.compile(
    r"\s+\[(?P<seconds>[\d.,]+) s(?:, (?P<obligations>\d+) proof obligations?)?\]\s+"
    r"(?P<outcome>verified|errors?|timed out|inconclusive|out of memory|out of resource)\s*$"
)
_TRAILER = re.compile(
    r"Dafny program verifier finished with (?P<verified>\d+) verified, (?P<errors>\d+) errors?"
    r"(?P<rest>(?:, \d+ [a-z ]+?)*)\s*$"
)
_ANY_TRAILER = re.compile(r"^Dafny program verifier finished with ", re.MULTILINE)
_SNIPPET = re.compile(r"\s*\d*\s*\|")
_TRAILER_PART = re.compile(r", (?P<count>\d+) (?P<what>[a-z ]+)")
_TRAILER_FIELDS = {
    "inconclusive": "inconclusive",
    "time out": "time_outs",
    "out of memory": "out_of_memory",
    "out of resource": "out_of_resource",
}
_TROUBLE = re.compile(
    r"^\[FATAL\]|^\[FAILURE\]|Prover error|Fatal Error|Unhandled Exception|FATAL UNHANDLED|internal error|"
    r"unexpected prover output|Prover died|errors detected in .*\.bpl|\*\*\* Error|[Oo]ut of resource|Invalid argument|"
    r"StackOverflow|stack overflow|OutOfMemory|\d+ (?:name resolution|type checking) errors? detected in "
)
# What z3 4.8.12 says to an option that only older versions know; the option changes nothing that is proved.
_HARMLESS = re.compile(r"Prover error: .*unknown parameter 'model_compress'")
_STAGE = re.compile(r"Coalescing blocks|Running abstract interpretation|Verifying \S")
_ECHO = re.compile(r"SYMBOLS_START |Verification completed successfully!|\[SUCCESS\]|\[\[DAFNY-SERVER|\[TRACE\]|# ")


def parse_trailer(line: str) -> Trailer | None:
    """The trailer in `line`, read to its end; None where the line is no trailer or says something unknown."""
    match = _TRAILER.match(line.strip())
    if not match:
        return None
    counts: dict[str, int] = {}
    for part in _TRAILER_PART.finditer(match["rest"]):
        what = part["what"].strip()
        field = _TRAILER_FIELDS.get(what) or _TRAILER_FIELDS.get(what.removesuffix("s"))
        if field is None:
            return None
        counts[field] = counts.get(field, 0) + int(part["count"])
    return Trailer(int(match["verified"]), int(match["errors"]), **counts)


def same_file(printed: str, own: Collection[str]) -> bool:
    """Whether a printed path means the checked file, known under any of the names `own` (base names compared). The
    suffix `[Module]` of tokens inherited by refinement is ignored."""
    return PurePath(re.sub(r"(?:\[[^\]]*\])+$", "", printed)).name in {PurePath(o).name for o in own}


def parse_transcript(text: str, own: Collection[str]) -> Transcript:
    """Read a whole run. `own`: names by which the checked file was known to the verifier."""
    reader = _Reader(own)
    # With a trailer the front end let the program through, also where (4.x) nothing else says so before the errors.
    reader.reached = _ANY_TRAILER.search(text) is not None
    for line in text.splitlines():
        reader.line(line)
    return reader.finish()


class _Reader:
    """Line by line state of `parse_transcript`."""

    def __init__(self, own: Collection[str]) -> None:
        self.own = own
        self.diagnostics: list[Diagnostic] = []
        self.procedures: list[Procedure] = []
        self.trouble: list[str] = []
        self.trailer: Trailer | None = None
        self.after: list[str] = []
        self.reached = False
        self.verifying: str | None = None
        self.current: ProcedureName | None = None
        self.open = False  # whether an indented line continues the last diagnostic's message

    def line(self, line: str) -> None:
        if self.trailer is not None:
            self.after.append(line)
        if _ECHO.match(line) or not line.strip():
            self.open = False
            return
        if _TROUBLE.search(line) and not _HARMLESS.search(line) and not _LOCATED.match(line):
            self.trouble.append(line.strip())
        if _STAGE.match(line):
            self.reached = True
        trailer = parse_trailer(line)
        if trailer is not None:
            self.trailer, self.reached = trailer, True
            return
        verifying = _VERIFYING.match(line)
        if verifying:
            self.verifying, self.open = verifying["name"], False
            self.current = parse_procedure(verifying["name"])
            return
        result = _RESULT.match(line)
        if result and self.verifying is not None and self.current is not None:
            self._result(result, self.verifying, self.current)
            return
        located = _LOCATED.match(line)
        if located:
            self._located(located)
            return
        if _SNIPPET.match(line):
            return
        if self.open and line.startswith(" ") and self.diagnostics:
            last = self.diagnostics[-1]
            self.diagnostics[-1] = _with_message(last, f"{last.message}\n{line.strip()}")
            return
        self.open = False

    def _result(self, match: re.Match[str], boogie: str, name: ProcedureName) -> None:
        said = match["outcome"]
        outcome: ProcedureOutcome
        if said == "verified":
            outcome = "verified"
        elif said.startswith("error"):
            outcome = "failed"
        elif said == "timed out":
            outcome = "timed out"
        else:
            outcome = "unknown"
        try:
            seconds = float(match["seconds"].replace(",", "."))
        except ValueError:
            seconds = 0.0
        self.procedures.append(Procedure(name, boogie, outcome, int(match["obligations"] or 0), seconds))
        self.verifying = None

    def _located(self, match: re.Match[str]) -> None:
        place = Place(
            int(match["line"]), int(match["column"]), None if same_file(match["file"], self.own) else match["file"]
        )
        rest = match["rest"].strip()
        related = _RELATED.match(rest)
        if related and self.diagnostics:
            last = self.diagnostics[-1]
            self.diagnostics[-1] = _with_related(last, place, (related["message"] or "").strip())
            self.open = False
            return
        declaration = self.current.dafny if self.current is not None else None
        said = _SEVERITY.match(rest)
        self.open = True
        if said is None:
            rule = classify(rest)
            if rule in (Rule.TIMEOUT, Rule.RESOURCE, Rule.INTERNAL):
                self.diagnostics.append(Diagnostic("error", rule, rest, place, (), declaration))
            return
        message = said["message"].strip()
        if said["what"] == "Warning":
            self.diagnostics.append(Diagnostic("warning", Rule.WARNING, message, place))
        elif said["what"] == "Info":
            self.diagnostics.append(Diagnostic("info", Rule.OTHER, message, place))
        else:
            rule = classify(message) if self.reached else classify_frontend(message)
            self.diagnostics.append(Diagnostic("error", rule, message, place, (), declaration))

    def finish(self) -> Transcript:
        unique = tuple(dict.fromkeys(self.diagnostics))
        after = "\n".join(line for line in self.after if line.strip())
        return Transcript(unique, tuple(self.procedures), self.trailer, self.reached, tuple(self.trouble), after)


def _with_message(diagnostic: Diagnostic, message: str) -> Diagnostic:
    d = diagnostic
    return Diagnostic(d.severity, d.rule, message, d.place, d.related, d.declaration)


def _with_related(diagnostic: Diagnostic, place: Place, text: str) -> Diagnostic:
    d = diagnostic
    return Diagnostic(d.severity, d.rule, d.message, d.place, (*d.related, (place, text)), d.declaration)
