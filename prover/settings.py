"""Settings with their origin: command line over environment (`PROVER_...`) over `prover.toml` over defaults."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from prover.inputs import MAX_BYTES
from prover.model_family import unknown_family

FILE_NAME = "prover.toml"
PREFIX = "PROVER_"


class Settings(BaseModel):
    """All settings. seconds: wall clock per file. checks, tokens: None for no bound. workers: verifier processes at
    a time, None for one per core. dafny, z3: paths of the tools, None to look for them. cache: a file in which the
    verifier's answers to the search are kept from run to run (the gate never looks there), None to forget them.
    cache_timeouts: keep there also that it ran out of time. max_bytes: largest source file read.
    Of language models: family of their prompts (None: as the model's folder or name tells); base_url of `openai:`;
    answer_tokens: of one answer at most, and no more than half of the window; temperature: of the first answers for a
    goal; window: tokens of prompt and answer, None for the model's own; prompt_price, answer_price: of `openai:`
    models, US dollars for a million tokens (None: what they cost is not known)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: str = Field(default="symbolic", min_length=1)
    strategy: str = Field(default="best-first", min_length=1)
    seconds: float = Field(default=60.0, gt=0, le=30 * 24 * 3600, allow_inf_nan=False)
    checks: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=0)
    seed: int = Field(default=0, ge=0, lt=2**63)
    workers: int | None = Field(default=None, ge=1, le=1024)
    dafny: Path | None = None
    z3: Path | None = None
    cache: Path | None = None
    cache_timeouts: bool = False
    max_bytes: int = Field(default=MAX_BYTES, ge=1)
    family: str | None = Field(default=None, min_length=1)
    base_url: str | None = Field(default=None, min_length=1)
    answer_tokens: int = Field(default=2048, ge=1)
    temperature: float = Field(default=0.7, ge=0, le=5, allow_inf_nan=False)
    window: int | None = Field(default=None, ge=16)
    prompt_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    answer_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @field_validator("family")
    @classmethod
    def _known(cls, family: str | None) -> str | None:
        if family is not None and (wrong := unknown_family(family)) is not None:
            raise PydanticCustomError("no_such_family", "{wrong}", {"wrong": wrong})
        return family


OPTIONS = (
    *("policy", "strategy", "seconds", "checks", "tokens", "seed"),
    *("family", "base_url", "temperature", "answer_tokens"),
)
"""Settings that are options of the commands that search; `decompose` has all but the strategy."""


@dataclass(frozen=True, slots=True)
class ResolvedSettings:
    """The settings that won, and for each its origin: `command line`, `PROVER_SECONDS`, a file's path, or `default`."""

    values: Settings
    origins: Mapping[str, str]
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """Settings that cannot be used; the message names the setting, where it stands and what would be right."""

    reason: str


def find_file(start: Path, home: Path | None) -> Path | None:
    """The nearest `prover.toml` from `start` upwards; the search ends at the home folder (included) or the root."""
    folder = start.resolve()
    stop = home.resolve() if home else None
    for candidate in (folder, *folder.parents):
        if (candidate / FILE_NAME).is_file():
            return candidate / FILE_NAME
        if candidate == stop:
            break
    return None


def resolve(
    command_line: Mapping[str, object], environment: Mapping[str, str], start: Path, *, home: Path | None = None
) -> ResolvedSettings | SettingsProblem:
    """Settle every setting. In `command_line` a value of None means: not given."""
    file = find_file(start, home)
    layers: list[tuple[str, dict[str, object]]] = []
    if file is not None:
        loaded = _load(file)
        if isinstance(loaded, SettingsProblem):
            return loaded
        layers.append((str(file), loaded))
    layers.append((PREFIX, _from_environment(environment)))
    layers.append(("command line", {key: value for key, value in command_line.items() if value is not None}))
    merged: dict[str, object] = {}
    origins = dict.fromkeys(Settings.model_fields, "default")
    for origin, layer in layers:
        for key, value in layer.items():
            merged[key] = value
            origins[key] = f"{PREFIX}{key.upper()}" if origin == PREFIX else origin
    try:
        return ResolvedSettings(Settings.model_validate(merged), origins, file)
    except ValidationError as error:
        return SettingsProblem(_explain(error, origins))


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which verifiers are looked for: the settings' paths over what is there."""
    env = dict(os.environ)
    if settings.dafny is not None:
        env["PROVER_DAFNY"] = str(settings.dafny)
    if settings.z3 is not None:
        env["PROVER_Z3"] = str(settings.z3)
    return env


def current_home(environment: Mapping[str, str] | None = None) -> Path | None:
    """The home folder, None where there is none."""
    home = (os.environ if environment is None else environment).get("HOME")
    return Path(home) if home else None


_OF_LEAN = frozenset(["PROVER_LEAN", "PROVER_LEANCHECKER"])
"""Read where Lean is looked for."""


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """`PROVER_...` variables that are no settings: probably misspelt. Credentials of models are not settings."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | _OF_LEAN
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in Settings.model_fields:
        # An empty variable counts as unset, as scripts expect of `PROVER_DAFNY= prover ...`.
        if value := environment.get(f"{PREFIX}{name.upper()}"):
            values[name] = value
    return values


def _load(file: Path) -> dict[str, object] | SettingsProblem:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        return SettingsProblem(f"{file}: is not valid TOML: {error}.")
    except UnicodeDecodeError:
        return SettingsProblem(f"{file}: is not UTF-8 text.")
    except OSError as error:
        return SettingsProblem(f"{file}: cannot be read: {error.strerror or error}.")
    for key in content:
        if key not in Settings.model_fields:
            near = difflib.get_close_matches(key, Settings.model_fields, n=1)
            known = ", ".join(Settings.model_fields)
            hint = f"did you mean '{near[0]}'?" if near else f"known settings: {known}."
            return SettingsProblem(f"{file}: unknown setting '{key}'; {hint}")
    for key in ("dafny", "z3", "cache"):
        # A path in the file is meant relative to the file, wherever the command is started.
        if isinstance(value := content.get(key), str):
            content[key] = str(file.parent / Path(value).expanduser())
    return content


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "?"
    origin = origins.get(name, "?")
    where = f"--{name.replace('_', '-')}" if origin == "command line" else origin
    if origin not in ("command line", "default") and not origin.startswith(PREFIX):
        where = f"{origin}: {name}"
    message = str(first["msg"])
    return f"{where} is {first['input']!r}: {message[0].lower()}{message[1:]}."
