"""Check results as JSON text, for the cache and the journal."""

from __future__ import annotations

import json
from typing import Any, cast

from dafny_env.driver.types import CheckResult, Diagnostic, Outcome, Place, Rule


def encode_result(result: CheckResult) -> str:
    """One JSON object; the raw output is left out."""
    return json.dumps(
        {
            "outcome": result.outcome,
            "diagnostics": [_diagnostic(d) for d in result.diagnostics],
            "verified": result.verified,
            "failed": result.failed,
            "timed_out": result.timed_out,
            "seconds": result.seconds,
        }
    )


def decode_result(text: str) -> CheckResult | None:
    """The inverse of `encode_result`; None for anything else."""
    try:
        data = json.loads(text)
        return CheckResult(
            Outcome(data["outcome"]),
            tuple(_read_diagnostic(d) for d in data["diagnostics"]),
            _names(data["verified"]),
            _names(data["failed"]),
            _names(data["timed_out"]),
            float(data["seconds"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _diagnostic(d: Diagnostic) -> dict[str, Any]:
    return {
        "severity": d.severity,
        "rule": d.rule,
        "message": d.message,
        "place": _place(d.place),
        "related": [[_place(place), text] for place, text in d.related],
        "declaration": d.declaration,
    }


def _read_diagnostic(data: dict[str, Any]) -> Diagnostic:
    severity = data["severity"]
    if severity not in ("error", "warning", "info"):
        raise ValueError(severity)
    related = tuple((_read_place(place), str(text)) for place, text in data["related"])
    declaration = data["declaration"]
    return Diagnostic(
        severity,
        Rule(data["rule"]),
        str(data["message"]),
        _read_place(data["place"]),
        related,
        None if declaration is None else str(declaration),
    )


def _place(place: Place) -> list[int | str | None]:
    return [place.line, place.column, place.file]


def _read_place(data: list[Any]) -> Place:
    line, column, file = data
    return Place(int(line), int(column), None if file is None else str(file))


def _names(data: list[Any]) -> tuple[str, ...]:
    return tuple(str(name) for name in cast("list[object]", data))
