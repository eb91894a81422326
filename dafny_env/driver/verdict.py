"""From a transcript of Dafny 2.3 to the result of a check: the rules of acceptance, for the server and the
command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dafny_env.driver.columns import in_characters
from dafny_env.driver.names import is_about
from dafny_env.driver.parse_output import Procedure, Transcript
from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Rule


@dataclass(frozen=True, slots=True)
class _Tally:
    """Dafny names by what the trace says about all of their checks together."""

    verified: tuple[str, ...]
    failed: tuple[str, ...]
    timed_out: tuple[str, ...]
    undecided: tuple[str, ...]


def judge(
    request: CheckRequest,
    transcript: Transcript,
    *,
    complete: bool,
    without_obligations: frozenset[str] = frozenset(),
) -> CheckResult:
    """The result of a run that ended by itself.

    complete: whether the run said that it came to its end (the server's success line; exit status and trailer of the
    command line), without which nothing is VERIFIED. without_obligations: asked declarations known to have none.
    `seconds` and `output` are the caller's to fill in.
    """
    diagnostics = in_characters(transcript.diagnostics, request.source, "utf8")
    procedures = transcript.procedures
    if request.declarations is not None:
        procedures = tuple(p for p in procedures if any(is_about(p.name, d) for d in request.declarations))
        diagnostics = tuple(d for d in diagnostics if _asked(d, procedures))
    tally = _tally(request, procedures)
    outcome = _outcome(request, transcript, diagnostics, tally, complete, without_obligations)
    return CheckResult(outcome, diagnostics, tally.verified, tally.failed, tally.timed_out)


def unseen(request: CheckRequest, result: CheckResult) -> tuple[str, ...]:
    """The asked declarations that the trace did not mention at all."""
    seen = {*result.verified, *result.failed, *result.timed_out}
    return tuple(d for d in request.declarations or () if d not in seen)


def _asked(diagnostic: Diagnostic, procedures: tuple[Procedure, ...]) -> bool:
    """A `/proc` pattern may have selected a little more than was asked: what concerns other declarations is
    dropped."""
    return diagnostic.declaration is None or any(diagnostic.declaration == p.name.dafny for p in procedures)


def _tally(request: CheckRequest, procedures: tuple[Procedure, ...]) -> _Tally:
    if request.declarations is not None:
        groups = {d: [p for p in procedures if is_about(p.name, d)] for d in request.declarations}
    else:
        groups = {}
        for procedure in procedures:
            groups.setdefault(procedure.name.dafny, []).append(procedure)
    named = {name: _worst(group) for name, group in groups.items() if group}

    def having(what: str) -> tuple[str, ...]:
        return tuple(name for name, worst in named.items() if worst == what)

    return _Tally(having("verified"), having("failed"), having("timed out"), having("unknown"))


def _worst(group: Iterable[Procedure]) -> str:
    # A result without obligations was reused from an earlier request: it says nothing about this text.
    said = {"unknown" if p.outcome == "verified" and p.obligations == 0 else p.outcome for p in group}
    return next(w for w in ("failed", "timed out", "unknown", "verified") if w in said)


def _outcome(
    request: CheckRequest,
    transcript: Transcript,
    diagnostics: tuple[Diagnostic, ...],
    tally: _Tally,
    complete: bool,
    without_obligations: frozenset[str],
) -> Outcome:
    errors = [d for d in diagnostics if d.severity == "error"]
    if transcript.trouble:
        return Outcome.CRASHED
    if not transcript.reached_verifier and errors:
        return Outcome.PARSE_ERROR if any(d.rule is Rule.PARSE for d in errors) else Outcome.RESOLVE_ERROR
    if request.resolve_only:
        return Outcome.VERIFIED if complete and not errors else Outcome.UNKNOWN
    if tally.failed:
        return Outcome.FAILED
    if tally.timed_out or any(d.rule is Rule.TIMEOUT for d in errors):
        return Outcome.TIMEOUT
    if tally.undecided or errors or not complete:
        return Outcome.UNKNOWN
    asked = set(request.declarations or ())
    return Outcome.VERIFIED if asked <= {*tally.verified, *without_obligations} else Outcome.UNKNOWN
