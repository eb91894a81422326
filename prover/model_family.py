"""Of which family a model's prompts are, as far as can be told before it is opened, and what there are prompts for."""

from __future__ import annotations

import json
import re
from pathlib import Path

FAMILY_FILE = "lemmatree.json"
"""In a model's folder: an object whose `family` names the prompts that it was trained on."""
COMPACT, GENERIC = "compact", "generic"
_KNOWN = (
    (re.compile(r"goedel-code-prover", re.IGNORECASE), "goedel"),
    (re.compile(r"deepseek-prover|goedel-prover|kimina-prover", re.IGNORECASE), "deepseek"),
    (re.compile(r"bfs-prover", re.IGNORECASE), "bfs"),
)

# Templates are looked at where a family is in question: nobody else waits for what fills them in.


def family_names() -> tuple[str, ...]:
    """All families."""
    from prover.prompts.templates import families

    return (*families(), COMPACT)


def named_family(spec: str) -> str:
    """The family of a model, as in `--policy`: what its folder says, else what its name tells, else `generic`. Of a
    record that is not so: it says itself what was recorded."""
    about = Path(spec.partition(":")[2]) / FAMILY_FILE
    if spec.startswith(("hf:", "vllm:")) and about.is_file():
        try:
            told = json.loads(about.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            told = None
        if isinstance(told, dict) and told.get("family"):
            return str(told["family"])
    return next((family for pattern, family in _KNOWN if pattern.search(spec)), GENERIC)


def unknown_family(family: str) -> str | None:
    """What is wrong with the name of a family; None where there is such a family."""
    names = family_names()
    return None if family in names else f"there is no such family; choose one of {', '.join(names)}"


def unusable_family(spec: str, family: str, language: str) -> str | None:
    """Why a model of a family cannot be asked about files in a language, in one sentence."""
    if (wrong := unknown_family(family)) is not None:
        return f"--policy {spec}: family {family}: {wrong}, with --family."
    if family == COMPACT:
        return None
    from prover.prompts.templates import purposes_of

    if purposes_of(family, "lean" if language == "lean" else "dafny"):
        return None
    told = f"models of the family {family} know no {language.capitalize()}"
    return f"--policy {spec}: {told}; choose another with --family."
