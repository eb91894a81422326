"""A verifier for files written for Dafny 4.x that asks Dafny 2.3 about their translations."""

from __future__ import annotations

from dataclasses import replace

from dafny_env.dialect.context import Unsupported
from dafny_env.dialect.dialect import (
    REFUSED,
    Translated,
    Untouched,
    failing_functions,
    in_original,
    resolve,
)
from dafny_env.dialect.patterns import is_misread
from dafny_env.dialect.rewrite import Translation, to_v2
from dafny_env.driver.types import (
    CheckRequest,
    CheckResult,
    DafnyVerifier,
    Diagnostic,
    Outcome,
    Place,
    Rule,
    VerifierInfo,
)

_AS_IT_IS = Translated(frozenset(), False, frozenset())
"""How a candidate is translated that 2.3 would misread, where the original needs no translation."""


class TranslatingVerifier:
    """A `DafnyVerifier` for one file and what is made from it, in the file's own dialect.

    Requests and results speak of the original: names of declarations, lines and columns. A candidate that 2.3 cannot
    say gets outcome UNKNOWN with the reason as its one diagnostic: nothing is known about it. `close` ends `inner`.
    """

    def __init__(self, inner: DafnyVerifier, choice: Translated | Untouched) -> None:
        self._inner = inner
        self._choice = choice

    @property
    def info(self) -> VerifierInfo:
        """That of the verifier inside."""
        return self._inner.info

    @property
    def translated(self) -> bool:
        """Whether texts are rewritten at all."""
        return isinstance(self._choice, Translated)

    async def check(self, request: CheckRequest) -> CheckResult:
        """Check a candidate written in the original's dialect."""
        choice = self._choice
        if isinstance(choice, Untouched):
            if not is_misread(request.source):
                return await self._inner.check(request)
            choice = _AS_IT_IS
        translation = to_v2(request.source, choice.demoted, plain_is_compiled=choice.compiled)
        if isinstance(translation, Unsupported):
            return _unsupported(translation)
        result = await self._inner.check(_translated(request, translation))
        new = translation.promoted - choice.functions
        if result.outcome in REFUSED and new & failing_functions(translation, result):
            again = await self._demote_new(request, translation, choice, new)
            if isinstance(again, Unsupported):
                return _unsupported(again)
            translation, result = again
        return in_original(result, translation)

    async def _demote_new(
        self, request: CheckRequest, translation: Translation, choice: Translated, new: frozenset[str]
    ) -> tuple[Translation, CheckResult] | Unsupported:
        """Make functions that the candidate adds ghost where they cannot be compiled, and check again."""
        resolved = await resolve(translation, request, self._inner, choice.demoted, choice.compiled, new)
        if isinstance(resolved, Unsupported):
            return resolved
        translation, _, result = resolved
        if result.outcome not in REFUSED and not request.resolve_only:
            result = await self._inner.check(_translated(request, translation))
        return translation, result

    async def close(self) -> None:
        """End the verifier inside."""
        await self._inner.close()


def _translated(request: CheckRequest, translation: Translation) -> CheckRequest:
    names = request.declarations
    if names is not None:
        names = tuple(translation.renamed.get(name, name) for name in names)
    return replace(request, source=translation.text, declarations=names)


def _unsupported(why: Unsupported) -> CheckResult:
    diagnostic = Diagnostic("error", Rule.OTHER, why.reason, Place(why.line, 0))
    return CheckResult(Outcome.UNKNOWN, (diagnostic,))
