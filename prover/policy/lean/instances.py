"""Universal statements at hand (induction hypotheses above all), applied to what the goal has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from prover.policy.lean.look import Look

MOST = 6
"""Instances of one statement that are tried."""
_ARGUMENTS = 3
_BINDERS = re.compile(r"\(([^():]+) : ((?:[^()]|\([^()]*\))*)\)\s*")


def instances(look: Look) -> Iterator[str]:
    """Terms that apply a universal hypothesis to variables and hypotheses of the goal: those of the same name first,
    and the successor of a number, as in the call that a recursive function makes."""
    for name, fact in look.facts:
        binders = _binders(fact)
        if not 0 < len(binders) <= _ARGUMENTS:
            continue
        choices = [_arguments(look, n, t) for n, t in binders]
        if not all(choices):
            continue
        # Those that differ least from the first choice for each.
        ranked = sorted(product(*(range(len(c)) for c in choices)), key=lambda ks: (sum(ks), ks))
        for ks in ranked[:MOST]:
            yield " ".join([name, *(c[k] for c, k in zip(choices, ks, strict=True))])


def _binders(fact: str) -> list[tuple[str, str]]:
    """Names and types of what a statement is about at its front."""
    found: list[tuple[str, str]] = []
    if not fact.startswith("∀ "):
        return found
    at = 2
    while match := _BINDERS.match(fact, at):
        found += [(n, match[2].strip()) for n in match[1].split()]
        at = match.end()
    return found if fact.startswith(",", at) else []


def _arguments(look: Look, name: str, type_: str) -> list[str]:
    same = [n for n, t in look.variables if t == type_]
    head = type_.split(" ")[0]
    same += [n for n, f in look.facts if f.split(" ")[0] == head and not f.startswith("∀") and n not in same]
    same.sort(key=lambda n: n != name)
    if type_ == "Nat":
        same[1:1] = [f"({n} + 1)" for n in same[:1]]
    return same
