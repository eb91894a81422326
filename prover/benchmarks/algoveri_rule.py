r"""AlgoVeri's own rules of success, as its harness has them. An answer is a whole file with the tags of the task.

Lean: what stands between the tags of `auxcode`, `code`, `lemma` and `proof` goes, with the tags, into the task's own
text; a slot without tags stays as the task has it, `sorry` and all, but code or proof must be there. The words of
`LEAN_BANNED` may not stand in what is put in, be it in a name (`partial_sum`) or a comment. Then `lake env lean` must
end with status 0 within 300 seconds: nobody asks for axioms, and `sorry` in the specification is no error.

The harness puts texts in with Python's `re.sub`, whose replacement is a template: `\n` becomes a line break and `\t` a
tab, `\1` or `\e` raises an error, so that the answer is lost; `\` in front of other characters stays.

Dafny: the answer itself is verified, its `preamble` and `spec` overwritten with the task's, without the words of
`DAFNY_BANNED`; `dafny verify --allow-warnings:true` must end with status 0 within 60 seconds, and `0 errors` stand in
what it prints. It is given no other options: not more time for an assertion than it takes by itself (30 seconds in
late 4.x), not other cores. The file stands alone in its folder: a relative `include` is not found.

Of what a model said, the first fenced block of the language counts (`lean4` before `lean`), else the first whole block
without its marks; without one there is no answer.

After that upstream has a language model judge whether the right algorithm was written: that is not done here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prover.benchmarks.benchmark import DafnyCall, Pin, Printed, Refused
from prover.benchmarks.official import ByLanguage
from prover.benchmarks.task import BenchmarkTask
from prover.languages import Language
from prover.results import Objection

PINS: dict[Language, Pin] = {"dafny": Pin("Dafny", "4.11"), "lean": Pin("Lean", "4.25", "Mathlib")}
LEAN_BANNED = ("sorry", "admit", "axiom", "constant", "partial", "unsafe", "@[extern", "@[implemented_by")
DAFNY_BANNED = ("assume", "verify false", "axiom", "extern", "expect")
LEAN_SLOTS = ("auxcode", "code", "lemma", "proof")
DAFNY_FROZEN, DAFNY_OPEN = ("preamble", "spec"), ("helpers", "proofs", "code")


def _fenced(said: str, *languages: str) -> str:
    """The first whole block of one of some languages, the first of them first, else the first of any."""
    for language in (*languages, ""):
        spaced = rf"\s*{language}\s*" if language else ""
        found = re.search(rf"```{spaced}(.*?)```", said, re.DOTALL | re.IGNORECASE)
        if found:
            return found[1].strip()
    return ""


def accepts(printed: Printed) -> bool:
    """Whether the harness takes a run of Dafny for a success."""
    return printed.status == 0 and "0 errors" in printed.out


CALL = DafnyCall(("verify", "--allow-warnings:true"), ("/compile:0",), accepts)


def _lean_block(name: str) -> re.Pattern[str]:
    tag = r"-- !benchmark @"
    return re.compile(rf"{tag}start {name}\b.*?{tag}end {name}\b", re.DOTALL)


def _dafny_block(name: str) -> re.Pattern[str]:
    return re.compile(rf"// <{name}>.*?// </{name}>", re.DOTALL)


_LEAN = {name: _lean_block(name) for name in LEAN_SLOTS}
_DAFNY = {name: _dafny_block(name) for name in (*DAFNY_FROZEN, *DAFNY_OPEN)}
_LEAN_TAG = re.compile(rf"-- !benchmark @(start|end) ({'|'.join(LEAN_SLOTS)})\b")
_DAFNY_TAG = re.compile(rf"// <(/?)({'|'.join(_DAFNY)})>")


@dataclass(frozen=True, slots=True)
class LeanRule:
    """The rule for Lean; see this module."""

    @property
    def pin(self) -> Pin:
        """The version that upstream names (its release candidates count)."""
        return PINS["lean"]

    @property
    def seconds(self) -> float:
        """As the harness gives it."""
        return 300.0

    def read(self, said: str) -> str:
        """The answer in what a model said; see this module."""
        return _fenced(said, "lean4", "lean")

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        """The task's text with the candidate's slots. Tags within slots, by which upstream's harness could be made to
        change the specification, are refused."""
        if not _paired(candidate):
            return _refused("regions-changed", "the tags of the slots are not those of the task")
        blocks = {name: found[0] for name, block in _LEAN.items() if (found := block.search(candidate))}
        if not {"code", "proof"} & blocks.keys():
            return _refused("missing", "neither the slot of the code nor that of the proof is there")
        banned = [_ban(word, name) for name, text in blocks.items() for word in LEAN_BANNED if word in text]
        if banned:
            return Refused(tuple(banned))
        text = task.source
        for name, block in blocks.items():
            try:
                text = _LEAN[name].sub(block, text)
            except (re.error, IndexError) as error:
                told = f"a backslash in the slot {name} breaks the harness's splice ({error})"
                return _refused("backslash", told)
        if not _paired(text) or _outside(text) != _outside(task.source):
            return _refused(
                "frozen-changed", "with its backslashes read, it would change the text outside of the slots"
            )
        return text


@dataclass(frozen=True, slots=True)
class DafnyRule:
    """The rule for Dafny; see this module."""

    @property
    def pin(self) -> Pin:
        """The version that upstream names."""
        return PINS["dafny"]

    @property
    def seconds(self) -> float:
        """As the harness gives it."""
        return 60.0

    @property
    def call(self) -> DafnyCall:
        """The new command line."""
        return CALL

    def read(self, said: str) -> str:
        """The answer in what a model said; see this module."""
        return _fenced(said, "dafny")

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        """The candidate with the task's preamble and specification."""
        if not _in_pairs((m[1] == "/", m[2]) for m in _DAFNY_TAG.finditer(candidate)):
            return _refused("regions-changed", "the tags of the regions are not those of the task")
        if missing := [n for n in (*DAFNY_FROZEN, "code") if not _DAFNY[n].search(candidate)]:
            return _refused("missing", f"there is no region {missing[0]}")
        text = candidate
        for name in DAFNY_FROZEN:
            own = _DAFNY[name].search(task.source)
            if own is None:
                return _refused("missing", f"the task has no region {name}")
            text = _put(text, _DAFNY[name], own[0])
        banned = tuple(_ban(word, "file") for word in DAFNY_BANNED if word in text)
        return Refused(banned) if banned else text


RULE = ByLanguage(DafnyRule(), LeanRule())


def _in_pairs(tags: Iterable[tuple[bool, str]]) -> bool:
    """Whether each tag that begins a block is followed by the one that ends it, no name twice."""
    seen: set[str] = set()
    opened: str | None = None
    for closing, name in tags:
        if closing != (opened is not None) or (closing and name != opened) or (not closing and name in seen):
            return False
        opened = None if closing else name
        seen.add(name)
    return opened is None


def _put(text: str, block: re.Pattern[str], own: str) -> str:
    return block.sub(lambda _: own, text)


def _paired(lean: str) -> bool:
    return _in_pairs((m[1] == "end", m[2]) for m in _LEAN_TAG.finditer(lean))


def _outside(lean: str) -> Sequence[str]:
    """The pieces of a text outside of its slots, whose tags come in pairs."""
    spans = sorted(m.span() for block in _LEAN.values() for m in block.finditer(lean))
    edges = [0, *(edge for span in spans for edge in span), len(lean)]
    return [lean[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ban(word: str, where: str) -> Objection:
    return Objection("banned", f"`{word}` may not stand in the {where}, not even in a name or a comment")


def _refused(rule: str, message: str) -> Refused:
    return Refused((Objection(rule, message),))
