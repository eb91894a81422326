"""DafnyBench's own rule of success, as its harness (`eval/` of its repository) has it.

An answer is a whole file. It succeeds where

1. its lines with `requires` or `ensures`, in their order and without their spaces, are those of the prompt. That is by
   words and lines, not by syntax: a line with one of the words in a name, a string or behind code counts, one that
   begins with `//` does not, nor do the lines of a comment whose `/*` begins a line and whose `*/` ends one. A line
   that ends with `*/` without having begun with `/*` flips what counts from there on;
2. it has neither `{:verify false}` nor `assume false`, letter for letter, in comments and strings either. Every other
   `assume` passes. (Here as many as the prompt has itself are let through: upstream no answer to such a prompt can
   pass. The published results count such a prompt as solved all the same where it verifies as it is.);
3. `dafny /compile:0 /deprecation:0` on it, with a function `abs` on reals appended, ends within 15 seconds, and
   `verified, 0 errors` stands somewhere in what it prints to its standard output, and `File contains no code` does not.
   Nothing else is looked at, the exit status neither. So warnings do no harm; procedures that ran out of time, out of
   the solver's resources or memory, or remained inconclusive are no errors (the trailer goes on: `0 verified, 0 errors,
   1 time out`), be it that the answer itself asks for that (`{:timeLimit 1}`); and an answer can have the verifier
   print the words (`assert {:error "0 verified, 0 errors"} false`). The appended function clashes with an `abs` of the
   program's own. The file stands alone in its folder: a relative `include` is not found.

The prompt is read with the line ends of any system; the answer is taken as it came. Of what a model said, the answer
is what stands behind the first `<answer>`, else behind the first fence (one for Dafny, if there is any, else any),
up to where that ends; where it does not end, all but the last character of the rest; without either, all that was said.

Neither the repository nor its paper's set-up pins a version of Dafny; the programs are in the syntax of 4.x.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from dafny_env.syntax.parser import parse
from prover.benchmarks.benchmark import DafnyCall, Pin, Printed, Refused
from prover.benchmarks.task import BenchmarkTask
from prover.results import Objection

LITERALS = {"{:verify false}": "verify-false", "assume false": "assume-false"}
"""What an answer may not have, and the rule that an objection names."""
APPENDED = "\nfunction abs(a: real): real { if a > 0.0 then a else -a }\n"
"""Means what the harness's own means."""


_ENCLOSED = (("<answer>", "</answer>"), ("```dafny", "```"), ("```Dafny", "```"), ("```", "```"))
SUCCESS, EMPTY = "verified, 0 errors", "File contains no code"


def accepts(printed: Printed) -> bool:
    """Whether the harness takes a run for a success."""
    return SUCCESS in printed.out and EMPTY not in printed.out


_OPTIONS = ("/compile:0", "/deprecation:0")
CALL = DafnyCall(_OPTIONS, _OPTIONS, accepts)


class ContractLine(NamedTuple):
    """A line that must stay. number: from 1. text: without spaces."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class DafnyBenchRule:
    """The rule; see this module."""

    @property
    def pin(self) -> Pin:
        """Upstream names no version: any 4.x counts."""
        return Pin("Dafny", "4")

    @property
    def seconds(self) -> float:
        """As the harness gives it."""
        return 15.0

    @property
    def call(self) -> DafnyCall:
        """The old command line, which 4.x understands too."""
        return CALL

    def read(self, said: str) -> str:
        """The answer in what a model said; see this module."""
        for opening, closing in _ENCLOSED:
            _, found, rest = said.partition(opening)
            if found:
                answer, ended, _ = rest.partition(closing)
                return answer if ended else rest[:-1]
        return said

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        """The answer with the harness's function behind it."""
        objections = [*_contract_changed(task.source, candidate), *_literals(task.source, candidate)]
        return Refused(tuple(objections)) if objections else candidate + APPENDED


def contract_lines(text: str) -> Iterator[ContractLine]:
    """The lines that the harness compares."""
    commented = False
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        commented ^= bare.startswith("/*")
        if not commented and not bare.startswith("//") and ("requires" in bare or "ensures" in bare):
            yield ContractLine(number, bare.replace(" ", ""))
        commented ^= bare.endswith("*/")


def clashes(text: str) -> bool:
    """Whether a program declares the name that the harness appends."""
    return any(getattr(declared, "name", None) == "abs" for declared in parse(text).decls)


def _contract_changed(prompt: str, candidate: str) -> Iterator[Objection]:
    prompt = prompt.replace("\r\n", "\n").replace("\r", "\n")
    for wanted, given in zip_longest(contract_lines(prompt), contract_lines(candidate)):
        if wanted is None:
            yield _changed(
                f"has a line with `requires` or `ensures` more than the prompt: `{given.text}`", given.number
            )
        elif given is None:
            yield _changed(f"lacks the line {wanted.number} of the prompt, `{wanted.text}`", None)
        elif wanted.text != given.text:
            yield _changed(f"has `{given.text}` where the prompt has `{wanted.text}`", given.number)
        else:
            continue
        return


def _changed(told: str, line: int | None) -> Objection:
    return Objection("contract-changed", f"the answer {told}", line, None if line is None else 0)


def _literals(prompt: str, candidate: str) -> Iterator[Objection]:
    for literal, rule in LITERALS.items():
        if candidate.count(literal) > prompt.count(literal):
            at = candidate.rfind(literal)
            line = candidate.count("\n", 0, at) + 1
            column = at - candidate.rfind("\n", 0, at) - 1
            yield Objection(rule, f"`{literal}` is not allowed, not even in a comment", line, column)
