"""What others have reported on a benchmark, and how that differs from a run of ours."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Source:
    """A report. url: where it is; repository: of its code. None and empty: not known."""

    title: str
    url: str
    year: int | None = None
    repository: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A result as its report states it; see `published.toml`. None and empty: not stated. code: the system wrote code,
    with its proof or without. unconfirmed: what of the number could not be read again in the report."""

    benchmark: str
    system: str
    wrote: str
    source: Source
    language: str = ""
    rate: float | None = None
    solved: int | None = None
    tasks: int | None = None
    setting: str = ""
    code: bool = False
    unconfirmed: str = ""

    @property
    def result(self) -> str:
        """`67.8 %`, `160 of 189`."""
        return f"{self.solved} of {self.tasks}" if self.solved is not None else f"{self.rate:g} %"

    @property
    def share(self) -> float:
        """What they are ordered by, in percent."""
        return 100 * self.solved / self.tasks if self.solved is not None and self.tasks else self.rate or 0.0


@dataclass(frozen=True, slots=True)
class Ours:
    """What of a run is to be held against them. tasks: how many it has; attempts: at each; code: some ask for code."""

    tasks: int
    attempts: int
    code: bool


@cache
def all_published() -> tuple[Published, ...]:
    """Everything known. Raises for a damaged file."""
    told = tomllib.loads(resources.files("prover.report").joinpath("published.toml").read_text("utf-8"))
    sources = {key: Source(**facts) for key, facts in told["sources"].items()}
    return tuple(Published(**entry | {"source": sources[entry["source"]]}) for entry in told["result"])


def published_on(benchmark: str, languages: Sequence[str]) -> tuple[Published, ...]:
    """Results on a benchmark, in the languages of a run, the best first."""
    name = re.sub(r"[^a-z0-9]", "", benchmark.lower())
    found = [one for one in all_published() if one.benchmark == name and one.language in ("", *languages)]
    return tuple(sorted(found, key=lambda one: (-one.share, one.system)))


def differences(theirs: Published, ours: Ours) -> str:
    """What differs from a run, or is not known to be the same: nothing is called comparable here."""
    differ, unknown = ["another proposer"], ["verifier's version"]
    if theirs.tasks is None:
        unknown.insert(0, "number of tasks")
    elif theirs.tasks != ours.tasks:
        differ.append("another number of tasks")
    if theirs.code is not ours.code:
        differ.append("code was to be written" if theirs.code else "no code was to be written")
    if theirs.setting:
        differ.append("other attempts or time")
    else:
        unknown.insert(0, "attempts and time")
    return f"{', '.join(differ)}; not known: {', '.join(unknown)}"
