"""The command line of `prover eval` as it was typed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prover.settings import OPTIONS


@dataclass(frozen=True, slots=True)
class EvalArguments:
    """The command line as typed. None: not given."""

    benchmark: str | None
    policy: str | None = None
    strategy: str | None = None
    seconds: float | None = None
    checks: int | None = None
    tokens: int | None = None
    seed: int | None = None
    family: str | None = None
    base_url: str | None = None
    temperature: float | None = None
    answer_tokens: int | None = None
    data: Path | None = None
    language: str | None = None
    mode: str | None = None
    only: tuple[str, ...] = ()
    limit: int | None = None
    attempts: int | None = None
    workers: int | None = None
    answers: Path | None = None
    run: Path | None = None
    resume: bool = False
    retry_errors: bool = False
    ray: str | None = None
    require_supported: bool = False
    json: bool = False

    @property
    def settings(self) -> dict[str, object]:
        """Those of its options that are settings, by name."""
        return {name: getattr(self, name) for name in OPTIONS}

    @property
    def choice(self) -> dict[str, object]:
        """The options by which tasks are chosen."""
        return {"only": list(self.only) or None, "limit": self.limit, "language": self.language, "mode": self.mode}

    @property
    def given(self) -> dict[str, object]:
        """All that a run which goes on must have as it was begun."""
        others = {name: getattr(self, name) for name in ("benchmark", "attempts", "data", "answers")}
        return {**self.settings, **self.choice, **others}
