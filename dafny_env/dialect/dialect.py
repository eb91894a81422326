"""Which dialect a file is written in for Dafny 2.3: as it is, translated, beyond it, or wrong in any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from dafny_env.dialect.context import Unsupported
from dafny_env.dialect.declarations import qualified, scoped
from dafny_env.dialect.patterns import is_misread
from dafny_env.dialect.rewrite import Translation, plain_functions_are_compiled, to_v2
from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, Diagnostic, Outcome, Place
from dafny_env.syntax import ast as A
from dafny_env.syntax.source import LineMap

MAX_DEMOTIONS = 8
"""Rounds in which functions that 2.3 cannot compile are made ghost."""

REFUSED = (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR)
"""Outcomes that say the text is no program."""

_BEYOND = (
    ("instead got map", "arithmetic on maps"),
    ("instead got imap", "arithmetic on maps"),
    ("traits with type parameters", "traits with type parameters"),
    ("type conversions are not supported to this type", "conversions between classes and traits"),
    ("cannot be declared 'ghost'", "ghost declarations of this kind"),
    ("Qualified imports must be given a name", "imports of nested modules without a name"),
    ("not supported", "constructs of this kind"),
)
"""Parts of messages of 2.3 about what later versions accept."""


@dataclass(frozen=True, slots=True)
class Untouched:
    """Dafny 2.3 resolves the file as it is, and reads it as 4.x does."""


@dataclass(frozen=True, slots=True)
class Translated:
    """Dafny 2.3 resolves the translation.

    demoted: functions (qualified names) made ghost because their bodies cannot be compiled by 2.3. compiled: whether
    `function` alone is compiled. functions: all functions of the file; others, in candidates, may be demoted anew.
    """

    demoted: frozenset[str]
    compiled: bool
    functions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Invalid:
    """The file is wrong in any dialect. `result` is what 2.3 says, in places of the user's file."""

    result: CheckResult


Choice = Untouched | Translated | Unsupported | Invalid


@dataclass(frozen=True, slots=True)
class Undecided:
    """The verifier crashed or ran out of time on the way."""

    result: CheckResult


async def choose(
    text: str, folder: Path | None, verifier: DafnyVerifier, *, seconds: float = 20.0
) -> Choice | Undecided:
    """Find out how a file is to be given to Dafny 2.3, by resolving it: untouched first, then translated.

    seconds: bound of each single check; there are at most `MAX_DEMOTIONS` + 3 of them, of about 50 ms on a warm server.
    """
    request = CheckRequest(text, folder, resolve_only=True, seconds=seconds)
    untouched = await verifier.check(request)
    resolved = untouched.outcome in (Outcome.VERIFIED, Outcome.FAILED)
    if untouched.outcome not in REFUSED and not (resolved and is_misread(text)):
        return Untouched() if resolved else Undecided(untouched)
    if (foreign := _in_included_file(untouched)) is not None:
        return foreign
    compiled = not resolved and plain_functions_are_compiled(text)
    first = to_v2(text, plain_is_compiled=compiled)
    if isinstance(first, Unsupported):
        return first
    outcome = await resolve(first, request, verifier, frozenset(), compiled, first.promoted)
    if isinstance(outcome, Unsupported):
        return outcome
    translation, demoted, result = outcome
    if result.outcome in (Outcome.VERIFIED, Outcome.FAILED):
        return Translated(demoted, compiled, function_names(translation.program))
    if result.outcome not in REFUSED:
        return Undecided(result)
    return _diagnose(text, untouched, translation, result)


async def resolve(
    translation: Translation,
    request: CheckRequest,
    verifier: DafnyVerifier,
    demoted: frozenset[str],
    compiled: bool,
    may_demote: frozenset[str],
) -> tuple[Translation, frozenset[str], CheckResult] | Unsupported:
    """Resolve a translation of `request`'s source, making functions ghost while errors inside them remain.

    Returns the last translation with its demoted functions and the verifier's result, in places of the translation.
    Only functions of `may_demote` are made ghost; when the rounds are used up, all of them are.
    """
    for round_ in range(MAX_DEMOTIONS + 2):
        check = replace(request, source=translation.text, resolve_only=True, declarations=None)
        result = await verifier.check(check)
        guilty = failing_functions(translation, result) & may_demote & translation.promoted
        if result.outcome not in REFUSED or not guilty:
            break
        demoted |= guilty if round_ < MAX_DEMOTIONS else may_demote
        again = to_v2(request.source, demoted, plain_is_compiled=compiled)
        if isinstance(again, Unsupported):
            return again
        translation = again
    return translation, demoted, result


def failing_functions(translation: Translation, result: CheckResult) -> frozenset[str]:
    """The functions (qualified original names) in whose text errors of a translation lie."""
    if result.outcome is not Outcome.RESOLVE_ERROR:
        return frozenset()
    lines = LineMap(translation.program.text)
    offsets = [
        lines.offset(*translation.origin(d.place.line, d.place.column)) for d in result.errors if d.place.file is None
    ]
    return frozenset(
        qualified(scope, decl.name)
        for scope, decl in scoped(translation.program.decls)
        if isinstance(decl, A.Callable) and any(decl.span.start <= o < decl.span.end for o in offsets)
    )


def function_names(program: A.Program) -> frozenset[str]:
    """Qualified names of all functions of a file."""
    return frozenset(
        qualified(scope, decl.name)
        for scope, decl in scoped(program.decls)
        if isinstance(decl, A.Callable) and decl.is_function
    )


def in_original(result: CheckResult, translation: Translation) -> CheckResult:
    """A result about a translation, with places and names of the original. Helper declarations are left out of the
    names that verified."""

    def place(p: Place) -> Place:
        return p if p.file is not None else Place(*translation.origin(p.line, p.column))

    def diagnostic(d: Diagnostic) -> Diagnostic:
        return replace(
            d,
            message=translation.original_message(d.message),
            place=place(d.place),
            related=tuple((place(p), text) for p, text in d.related),
            declaration=translation.original_name(d.declaration) if d.declaration is not None else None,
        )

    def names(found: Iterable[str]) -> tuple[str, ...]:
        return tuple(translation.original_name(n) for n in found if n.rpartition(".")[2] not in translation.helpers)

    return replace(
        result,
        diagnostics=tuple(diagnostic(d) for d in result.diagnostics),
        verified=names(result.verified),
        failed=tuple(translation.original_name(n) for n in result.failed),
        timed_out=tuple(translation.original_name(n) for n in result.timed_out),
    )


def _in_included_file(result: CheckResult) -> Unsupported | None:
    foreign = next((d for d in result.errors if d.place.file is not None), None)
    if foreign is None:
        return None
    where = foreign.place
    reason = f"included file {where.file} is not in Dafny 2.3's dialect (line {where.line}: {foreign.message})"
    return Unsupported(reason, 1, "included files of a later dialect")


def _diagnose(text: str, untouched: CheckResult, translation: Translation, result: CheckResult) -> Choice:
    """Whether a file that does not resolve is beyond 2.3 or wrong. It is beyond 2.3 where that cannot even parse what
    our parser reads in full."""
    program = translation.program
    translated = in_original(result, translation)
    for error, raw in zip(translated.errors, result.errors, strict=True):
        # A pattern's bare name that is a constructor elsewhere, and a variable here.
        if "does not have a member" in raw.message and translation.inserted(raw.place.line, raw.place.column):
            line = error.place.line
            reason = f"the pattern at line {line} could not be rewritten for Dafny 2.3: {raw.message}"
            return Unsupported(reason, line, "match patterns")
    if translated.outcome is Outcome.PARSE_ERROR and not program.problems and translated.errors:
        error = translated.errors[0]
        reason = f"Dafny 2.3 cannot read line {error.place.line}: {error.message}"
        return Unsupported(reason, error.place.line, "syntax of a later version")
    for error in translated.errors:
        for part, construct in _BEYOND:
            if part in error.message:
                line = error.place.line
                return Unsupported(f"{construct} at line {line}: Dafny 2.3 lacks them", line, construct)
    same = translation.text == text or not plain_functions_are_compiled(text)
    return Invalid(untouched if same and untouched.outcome is Outcome.RESOLVE_ERROR else translated)
