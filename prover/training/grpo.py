"""The decomposition score as a reward function of trl's GRPO trainer.

    trainer = GRPOTrainer(model, reward_funcs=grpo_reward, train_dataset=load_dataset("json", data_files="pairs.jsonl"))

The dataset's columns `source` and `target` say which goal each row is about (`prover train export` writes them; rows
without a target, which are about a place inside a declaration, must be left out). Completions are read as
`prover.reward` reads them, or, where the column `family` says `compact`, as that format's answers to Dafny goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dafny_env.index import callables
from dafny_env.steps import DafnyGoal, GoalKind
from dafny_env.syntax.parser import parse
from prover.languages import Language
from prover.policy.language.compact import CompactFormat
from prover.policy.language.formats import Ask, Purpose
from prover.policy.language.templates import TemplateFormat
from prover.rewarding import RewardError, reward

Completion = str | Sequence[Mapping[str, str]]


def grpo_reward(
    completions: Sequence[Completion], source: Sequence[str], target: Sequence[str], **columns: Any
) -> list[float | None]:
    """S of each completion, None (which trl leaves out) where there is no verdict. Texts of one goal are judged
    together, on warm verifiers. Other columns are passed over but for `language` (the source's) and `family`.

    Raises RewardError where a source has no such goal, or the verifier is missing.
    """
    languages = columns.get("language") or [None] * len(source)
    families = columns.get("family") or [""] * len(source)
    groups: dict[tuple[str, str, str | None], list[int]] = {}
    for k, key in enumerate(zip(source, target, languages, strict=True)):
        groups.setdefault(key, []).append(k)
    found: list[float | None] = [None] * len(completions)
    for (text, name, language), places in groups.items():
        if not name:
            raise RewardError("a row names no target: leave out rows that are about a place inside a declaration")
        known: Language | None = "lean" if language == "lean" else "dafny" if language == "dafny" else None
        given = [_text(completions[k]) for k in places]
        if known != "lean":
            compact = [families[k] == CompactFormat.name for k in places]
            given = [_declaration(t, text, name) if c else t for t, c in zip(given, compact, strict=True)]
        for k, one in zip(places, reward(text, name, given, language=known), strict=True):
            found[k] = one.value
    return found


def _text(completion: Completion) -> str:
    """A completion's text; of a chat its turns together."""
    if isinstance(completion, str):
        return completion
    return "\n".join(str(turn.get("content") or "") for turn in completion)


def _declaration(answer: str, source: str, target: str) -> str:
    """The declaration that a compact answer makes of a Dafny goal; the answer itself where it makes none."""
    located = callables(parse(source)).get(target)
    if located is None:
        return answer
    bare = located.decl.is_lemma and located.decl.body is None
    goal = DafnyGoal(GoalKind.LEMMA if bare else GoalKind.DECLARATION, target, source, located.decl.span)
    ask = Ask(goal, Purpose.CLOSE)
    steps = CompactFormat().read(ask, answer, cut_off=False)
    return (TemplateFormat("generic").answer(ask, steps[0]) or answer) if steps else answer
