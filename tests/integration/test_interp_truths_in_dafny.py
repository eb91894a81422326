"""The real verifier proves the facts that the interpreter is tested with."""

import asyncio
from pathlib import Path

import pytest

from dafny_env.driver.cold import ColdVerifier
from dafny_env.driver.discovery import Installation, discover
from dafny_env.driver.types import CheckRequest, Outcome

pytestmark = pytest.mark.integration

TRUTHS = Path(__file__).parent.parent / "unit" / "dafny_env" / "interp_truths.dfy"


def test_dafny_proves_what_the_interpreter_is_tested_with() -> None:
    dafny = discover().dafny2
    assert isinstance(dafny, Installation), str(dafny)
    request = CheckRequest(TRUTHS.read_text(), seconds=400, solver_seconds=120)

    async def check() -> None:
        verifier = ColdVerifier(dafny)
        try:
            result = await verifier.check(request)
        finally:
            await verifier.close()
        assert result.outcome is Outcome.VERIFIED, result.output

    asyncio.run(check())
