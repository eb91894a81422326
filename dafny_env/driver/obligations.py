"""Which declarations have nothing to prove: they have no `Verifying` line in a trace, as have those that do not
exist or that an attribute hides from the verifier. Boogie's own listing of the program tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dafny_env.driver.names import ProcedureName, is_about, parse_procedure

INSTRUMENTED = ("/noVerify", "/printInstrumented")
"""Switches that make 2.3 list the Boogie program instead of verifying it (on the server too, where `/print` does
nothing)."""

_HEADER = re.compile(r"^(procedure|implementation)\s+((?:\{:[^}]*\}\s*)*)([^\s({]+\$\$[^\s(]+)\(", re.MULTILINE)


def obligation_free(listing: str, declarations: Iterable[str]) -> frozenset[str]:
    """Those of the Dafny names that the listing declares and gives no implementation to verify. Dafny 2.3 emits an
    implementation exactly where there is something to prove; a procedure without one has nothing."""
    declared: list[ProcedureName] = []
    implemented: list[ProcedureName] = []
    for kind, attributes, name in _HEADER.findall(listing):
        procedure = parse_procedure(name)
        (implemented if kind == "implementation" or "{:verify false}" in attributes else declared).append(procedure)
    return frozenset(
        d
        for d in declarations
        if any(is_about(p, d) for p in declared) and not any(is_about(p, d) for p in implemented)
    )
