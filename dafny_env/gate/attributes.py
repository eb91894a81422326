"""Attributes by allow-list: which may be inserted, which are harmless where a user wrote them."""

from __future__ import annotations

INSERTABLE = frozenset(
    """trigger induction fuel opaque autotriggers timeLimit timeLimitMultiplier subsumption split_here focus
    vcs_split_on_every_assert isolate_assertions nowarn matchinglooprewrite contradiction""".split()  # noqa: SIM905
)
"""They steer the prover, and leave nothing unproved. Not `rlimit`: Dafny 2.3 reports its exhaustion as success."""

HARMLESS = INSERTABLE | frozenset(
    """nativeType tailrecursion tailRecursion autocontracts autoReq compile main test warnShadowing print abstemious
    id heapQuantifier""".split()  # noqa: SIM905
)
"""They may stand in a file of the user's: about compilation, or specifications that one can read."""

_RULES = {
    "axiom": "attribute-axiom",
    "verify": "verify-false",
    "verifyonly": "verify-only",
    "only": "verify-only",
    "start_checking_here": "verify-only",
    "extern": "extern",
    "imported": "extern",
    "dllimport": "extern",
    "termination": "termination-false",
    "options": "options",
    "assume_concurrent": "assume-concurrent",
    "assumeconcurrent": "assume-concurrent",
    "ignore": "verifier-attribute",
    "inline": "verifier-attribute",
    "selective_checking": "verifier-attribute",
    "verified_under": "verifier-attribute",
}


def rule_for(name: str) -> str | None:
    """The rule that an attribute breaks wherever it stands; None for a harmless one."""
    if name in HARMLESS or (name[:1].isupper() and _lowered(name) in HARMLESS):
        return None
    return _RULES.get(name.lower(), "attribute-not-allowed")


def may_be_inserted(name: str) -> bool:
    """Whether proof text may carry the attribute."""
    return name in INSERTABLE or (name[:1].isupper() and _lowered(name) in INSERTABLE)


def _lowered(name: str) -> str:
    """4.x's `@IsolateAssertions` as `isolate_assertions`, `@Induction` as `induction`."""
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    return snake if snake in HARMLESS else name[0].lower() + name[1:]
