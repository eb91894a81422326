"""What two evaluations had otherwise than each other: a comparison of them is a comparison of all that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prover.evaluation.records import Evaluation

_ELSEWHERE = frozenset(["workers", "cache", "cache_timeouts", "dafny", "z3", "base_url", "max_bytes"])
"""Settings that say where things are, not what was asked for; the verifiers are told by their versions."""
_FACTS = {
    "attempts": "attempts",
    "workers": "attempts at a time",
    "answers": "answers",
    "answers_sha256": "answers' digest",
    "models": "models",
    "verifiers": "verifier",
    "cores": "cores",
    "version": "version",
    "sources_sha256": "program's digest",
}
_DIGEST = _FACTS["answers_sha256"]
_LONG = 12
"""Characters of a digest."""


@dataclass(frozen=True, slots=True)
class Differing:
    """Something that two runs had differently. first, second: as `run.json` says it, `none` for nothing."""

    name: str
    first: str
    second: str


def differing(first: Evaluation, second: Evaluation) -> tuple[Differing, ...]:
    """Settings, attempts, verifiers, program and machine, where they differ. What one header does not tell is none of
    these."""
    one, two = _facts(first.header), _facts(second.header)
    found = [name for name in one if name in two and one[name] != two[name]]
    if _DIGEST in found and None in (one[_DIGEST], two[_DIGEST]):
        found.remove(_DIGEST)  # that one of them has no answers is told already
    return tuple(Differing(name, _said(one[name]), _said(two[name])) for name in found)


def _facts(header: Mapping[str, Any]) -> dict[str, object]:
    settings = header.get("settings")
    told = settings if isinstance(settings, Mapping) else {}
    facts = {words: _fact(header, name) for name, words in _FACTS.items() if name in header}
    return {name: value for name, value in told.items() if name not in _ELSEWHERE} | facts


def _fact(header: Mapping[str, Any], name: str) -> object:
    """A fact, with what it was besides after the run was resumed; of several without the order in which they came."""
    value, also = header[name], header.get(f"also_{name}")
    known = value if isinstance(value, list) else [value]
    known = [*known, *also] if isinstance(also, list) else known
    return sorted(known, key=str) if len(known) > 1 else value


def _said(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return _said([f"{name} {told}" for name, told in value.items()])
    if isinstance(value, list):
        return "; ".join(map(_said, value)) or "none"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text[:_LONG] if len(text) == 64 and text.isalnum() else text
