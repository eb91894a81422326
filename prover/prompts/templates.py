"""The templates: found, and filled in. A template has a block for each turn of a chat (`system`, `user`, `assistant`),
or one block `raw`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jinja2

from prover.prompts.view import Language, Purpose
from prover.sampling.port import Message, Prompt

_FOLDER = Path(__file__).parent
_GENERIC = "generic"
_ROLES: tuple[Literal["system", "user", "assistant"], ...] = ("system", "user", "assistant")

_OF_GOALS = (Purpose.CLOSE, Purpose.DECOMPOSE, Purpose.REPAIR)


@dataclass(frozen=True, slots=True)
class Family:
    """What models of one kind are used to; see `families.toml`."""

    name: str
    falls_back: bool = True
    raw: bool = False
    stop: tuple[str, ...] = ()


@cache
def families() -> Mapping[str, Family]:
    """All families by name. Raises for a damaged file."""
    data = tomllib.loads((_FOLDER / "families.toml").read_text(encoding="utf-8"))
    return {
        name: Family(name, entry.get("falls_back", True), entry.get("raw", False), tuple(entry.get("stop", ())))
        for name, entry in data.items()
    }


def template_of(family: str, language: Language, purpose: Purpose) -> tuple[str, Family] | None:
    """The template's name and the family that it is of (`generic`, where that steps in); None where there is none.

    Raises KeyError for a family that is not in `families.toml`.
    """
    wanted = families()[family]
    for candidate in (wanted, families()[_GENERIC]) if wanted.falls_back else (wanted,):
        name = f"{candidate.name}/{language}/{purpose}.j2"
        if (_FOLDER / name).is_file():
            return name, candidate
    return None


def purposes_of(family: str, language: Language) -> frozenset[Purpose]:
    """What the family, or `generic` in its place, has templates for, where a goal is to be proved. Raises KeyError as
    `template_of` does."""
    return frozenset(purpose for purpose in _OF_GOALS if template_of(family, language, purpose) is not None)


def fill(template: str, values: Mapping[str, Any]) -> Prompt:
    """The prompt of a template. Raises jinja2's errors for a damaged template."""
    loaded = _environment().get_template(template)

    def block(name: str) -> str:
        return "".join(loaded.blocks[name](loaded.new_context(dict(values))))

    if "raw" in loaded.blocks:
        return Prompt(raw=block("raw"))
    turns = ((role, block(role).strip()) for role in _ROLES if role in loaded.blocks)
    return Prompt(tuple(Message(role, text) for role, text in turns if text))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
