"""Which rule a verifier's message is about, for the wordings of Dafny 2.3 and of 4.x."""

from __future__ import annotations

import re

from dafny_env.driver.types import Rule

# First match wins. 2.3 says "might not hold", 4.x "could not be proved"; both are matched by the part they share.
_PATTERNS: tuple[tuple[Rule, str], ...] = (
    (Rule.TIMEOUT, r"timed out"),
    (Rule.RESOURCE, r"out of (resource|memory)"),
    (Rule.INTERNAL, r"internal error|prover error|inconclusive|unexpected prover output|prover died"),
    (Rule.INVARIANT_ENTRY, r"invariant .*on entry|invariant entry violation"),
    (Rule.INVARIANT_MAINTAINED, r"invariant .*maintained|invariant maintenance|invariant violation"),
    (Rule.PRECONDITION, r"precondition|requires clause"),
    (
        Rule.POSTCONDITION,
        r"postcondition|yield-ensures|ensures clause|provide an equal or more detailed|"
        r"(must|might not|could not).* imply .*(trait|overrid)",
    ),
    (Rule.CALC, r"calculation step"),
    (
        Rule.DECREASES,
        r"decreases|decrease |terminat|termination|strictly inside|"
        r"bounded below|rank|fewer than the given depth",
    ),
    (Rule.EXISTS, r"cannot establish the existence|existence of LHS values|such that|let-such-that"),
    (Rule.MATCH, r"missing case|not cover(ed)? all|fail to cover|unreachable case|alternative cases"),
    (
        Rule.FRAME,
        r"modifies clause|reads clause|modify|insufficient reads|may (read|update)|"
        r"might (read|update)|frame expression|must be allocated|not be allocated|be allocated|unallocated|fresh",
    ),
    (
        Rule.INDEX,
        r"out of range|(upper|lower) bound|above length|element (may|might) not be in domain|"
        r"element not in domain|in domain of map|"
        r"(start|end) index|array size|empty size|dimension",
    ),
    (Rule.DIVISION, r"division by zero|divisor"),
    (
        Rule.SUBTYPE,
        r"subset constraint|constraint|might not fit|not fit in|bigger than every natural|negative|"
        r"overflow|underflow|natural number|must be an integer|possibly null|value does not satisfy|must not exceed|"
        r"could not be proved to be an? |not assignable",
    ),
    (Rule.ASSERTION, r"^assert(ion)?\b|this assertion|assertion (violation|failure|might not hold|could not be)"),
    (
        Rule.WELLFORMED,
        r"might be null|may be null|null|before it has been assigned|might not have been defined|definite-assignment|"
        r"might be used|not cover|destructor|discriminat|can only be applied|may|might|could not be proved|possible",
    ),
)
_COMPILED = tuple((rule, re.compile(pattern, re.IGNORECASE)) for rule, pattern in _PATTERNS)

# Texts of the Coco/R parser of both dialects; everything else before verification is the resolver's.
_PARSER = re.compile(
    r"^invalid [A-Z]\w*|^\S+ expected$|\bexpected$|this symbol not expected|^invalid (token|character|UTF)|"
    r"EOF|unclosed|not terminated|malformed|^this operator cannot|^unexpected (token|symbol)"
)


def classify(message: str) -> Rule:
    """The rule of a verification error's message (without `Error:` and the `BP` number). Never raises."""
    for rule, pattern in _COMPILED:
        if pattern.search(message):
            return rule
    return Rule.OTHER


def classify_frontend(message: str) -> Rule:
    """PARSE or RESOLVE, for an error reported before verification began."""
    return Rule.PARSE if _PARSER.search(message) else Rule.RESOLVE
