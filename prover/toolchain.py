"""Opening the verifiers of a run from its settings."""

from __future__ import annotations

import os
from pathlib import Path

from dafny_env.driver.discovery import Missing
from dafny_env.driver.factory import Toolchain, open_verifiers
from sandbox.cache import ResultCache

from prover.settings import Settings


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which verifiers are looked for: the settings' paths over what is there."""
    env = dict(os.environ)
    if settings.dafny is not None:
        env["PROVER_DAFNY"] = str(settings.dafny)
    if settings.z3 is not None:
        env["PROVER_Z3"] = str(settings.z3)
    return env


def workers_of(settings: Settings) -> int:
    """Verifier processes at a time: as set, else one for each core that this process may use."""
    return settings.workers or len(os.sched_getaffinity(0))


def open_toolchain(settings: Settings, cache: ResultCache | Path | None = None) -> Toolchain | Missing:
    """The verifiers of a run, or what is missing and how to get it."""
    return open_verifiers(workers=workers_of(settings), cache=cache, env=environment_of(settings))
