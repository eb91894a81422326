"""Reading the verification log of Dafny 4.x (`--log-format "json;LogFileName=F"`).

The form, from its sources: `{"verificationResults": [{"name": "M.C.Foo (correctness)", "outcome": "Correct",
"runTime": ..., "vcResults": [{"vcNum": 1, "outcome": "Valid", "assertions": [{"line", "col", "description"}],
...}]}]}`. Outcomes are Boogie's: `Correct`, `Errors`, `TimedOut`, `OutOfResource`, `OutOfMemory`, `Inconclusive`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from dafny_env.driver.names import ProcedureName, parse_procedure
from dafny_env.driver.parse_output import Procedure, ProcedureOutcome

_OUTCOMES: dict[str, ProcedureOutcome] = {"Correct": "verified", "Errors": "failed", "TimedOut": "timed out"}
_VERBOSE = re.compile(r"(?P<name>.*?) \((?P<kind>[^()]*)\)\s*$", re.DOTALL)


def parse_log(text: str) -> tuple[Procedure, ...]:
    """The checks of a log; empty for text in no such form. Never raises."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    results = data.get("verificationResults") if isinstance(data, dict) else None
    if not isinstance(results, list):
        return ()
    return tuple(p for p in map(_procedure, results) if p is not None)


def _procedure(entry: Any) -> Procedure | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        return None
    parts = entry.get("vcResults")
    parts = [p for p in parts if isinstance(p, dict)] if isinstance(parts, list) else []
    outcome = _OUTCOMES.get(str(entry.get("outcome")), "unknown")
    if outcome == "verified" and any(p.get("outcome") != "Valid" for p in parts):
        outcome = "unknown"
    obligations = sum(len(p["assertions"]) if isinstance(p.get("assertions"), list) else 0 for p in parts)
    return Procedure(_name(entry["name"]), entry["name"], outcome, max(obligations, 1))


def _name(written: str) -> ProcedureName:
    if "$$" in written:
        return parse_procedure(written)
    verbose = _VERBOSE.match(written)
    kind, name = (verbose["kind"], verbose["name"]) if verbose else ("", written)
    # The full dotted name stays one piece: 4.x prints nested modules in full, so nothing has to be guessed.
    return ProcedureName(kind, None, None, name)
