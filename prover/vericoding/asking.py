"""What a model is asked for a task: the prompt with the problem in words, and what its answers come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prover.answers.reading import NotAnEdit
from prover.answers.regions import apply
from prover.policy.opening import Model
from prover.prompts.build import Built, build
from prover.prompts.templates import families
from prover.prompts.view import Attempt, PromptView, Purpose
from prover.sampling.port import Finish, Sample, SampleRequest
from prover.settings import Settings
from prover.vericoding.task import VericodingTask

ANSWERS = 8
"""Samples of one round; the first of the first round is the likeliest answer."""
TOP_P = 0.95
_NOTES = {
    "dafny": (
        "The regions between tags such as `// <code>` and `// </code>` are left open; give the tags back as they are.",
        "In `helpers`: functions, methods, datatypes and lemmas that the code or its proof needs.",
        "In `proofs`: lemmas and ghost functions.",
        "In `code`: the body, in braces; a `decreases` clause may stand in front of it.",
    ),
    "lean": (
        "The slots auxcode, code, lemma and proof, between `-- !benchmark @start` and `-- !benchmark @end`, are left "
        "open; give these comments back as they are.",
        "In `auxcode` and `lemma`: `def`, `theorem` and `lemma` with new names.",
    ),
}


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Why the model cannot be asked, in one sentence."""

    reason: str


def view_of(task: VericodingTask, attempts: Sequence[Attempt] = ()) -> PromptView:
    """The task as prompts show it. attempts: the oldest first."""
    kinds = {r.kind for r in task.regions}
    notes = tuple(n for n in _NOTES[task.language] if not n.startswith("In `") or any(f"`{k}`" in n for k in kinds))
    return PromptView(
        task.language, task.id, task.text.strip("\n"), attempts=tuple(attempts), notes=notes, informal=task.informal
    )


def requests_of(
    task: VericodingTask,
    model: Model,
    settings: Settings,
    *,
    round_: int = 0,
    attempts: Sequence[Attempt] = (),
    answers: int = ANSWERS,
    seed: int = 0,
) -> tuple[SampleRequest, ...] | NotAsked:
    """What to ask in one round. attempts: earlier implementations with the verifier's messages in their places."""
    if model.family not in families():
        return NotAsked(f"models of the family {model.family} are not asked for implementations")
    window, count = model.sampler.window, model.sampler.count
    built = build(Purpose.IMPLEMENT, view_of(task, attempts), model.family, count, window, settings.answer_tokens)
    if not isinstance(built, Built):
        return NotAsked(built.reason)
    greedy = round_ == 0
    schedule = [(1, 0.0)] * greedy + [(answers - greedy, settings.temperature)] * (answers > greedy)
    return tuple(
        SampleRequest(
            built.prompt,
            n=n,
            max_tokens=settings.answer_tokens,
            temperature=temperature,
            top_p=TOP_P,
            stop=built.stop,
            seed=(seed + 7919 * round_ + number) % 2**63,
            task=task.id,
        )
        for number, (n, temperature) in enumerate(schedule)
    )


def implementation_of(task: VericodingTask, sample: Sample) -> str | NotAnEdit:
    """The file with what an answer writes into its regions. Never raises for what the answer says."""
    read = apply(task.editable, sample.text, cut=sample.finish is Finish.LENGTH)
    if isinstance(read, str) and not task.is_implemented(read):
        return NotAnEdit("nothing is implemented in it", "missing")
    return read
