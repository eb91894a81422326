"""Dafny 2.3 reads every false task, and fails to verify the declaration with the bug."""

import asyncio
import tomllib

import pytest

from dafny_env.driver.factory import Toolchain, open_verifiers
from dafny_env.driver.types import CheckRequest, CheckResult, Outcome
from prover.bundled import datasets_folder

pytestmark = pytest.mark.integration
FALSE = datasets_folder() / "false" / "dafny"


def test_false_tasks_fail_to_verify_where_the_bug_is() -> None:
    """All on one warm server: the verdicts matter, not how they were reached."""

    async def check_all() -> dict[str, CheckResult]:
        verifiers = open_verifiers(prefer=2)
        assert isinstance(verifiers, Toolchain), verifiers
        try:
            return {
                task.parent.name: await verifiers.working.check(
                    CheckRequest(task.read_text(encoding="utf-8"), seconds=300, solver_seconds=100)
                )
                for task in sorted(FALSE.glob("*/task.dfy"))
            }
        finally:
            await verifiers.close()

    found = asyncio.run(check_all())
    assert len(found) >= 20
    for name, result in found.items():
        with (FALSE / name / "task.toml").open("rb") as file:
            declaration = tomllib.load(file)["declaration"]
        assert result.outcome is Outcome.FAILED, (name, result.output)
        assert declaration in result.failed, (name, result.failed)
