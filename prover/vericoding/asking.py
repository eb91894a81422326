"""What a model is asked for a task: the prompt with the problem in words, and what its answers come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from lean_project.gate.slots import AUXILIARY
from prover.answers.blocks import find_blocks
from prover.answers.reading import MOST_CHARACTERS, NotAnEdit
from prover.answers.regions import apply
from prover.policy.opening import Model
from prover.prompts.build import Built, build
from prover.prompts.templates import families
from prover.prompts.view import Attempt, PromptView, Purpose
from prover.sampling.port import Finish, Sample, SampleRequest, answer_share
from prover.settings import Settings
from prover.vericoding.task import VericodingTask, regions_of

ANSWERS = 8
"""Samples of one round; the first of the first round is the likeliest answer."""
TOP_P = 0.95
_DAFNY_NOTES = (
    "The regions between tags such as `// <code>` and `// </code>` are left open; give the tags back as they are.",
    "In `helpers`: functions, methods, datatypes and lemmas that the code or its proof needs.",
    "In `proofs`: lemmas and ghost functions.",
    "In `code`: the body, in braces; a `decreases` clause may stand in front of it.",
)
_LEAN_NOTES = (
    "The slots {slots}, between `-- !benchmark @start` and `-- !benchmark @end`, are left open; give these comments "
    "back as they are.",
    "In {auxiliary}: `def`, `theorem` and `lemma` with new names.",
)


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Why the model cannot be asked, in one sentence."""

    reason: str


def view_of(task: VericodingTask, attempts: Sequence[Attempt] = ()) -> PromptView:
    """The task as prompts show it. attempts: the oldest first."""
    notes = _notes(task)
    return PromptView(
        task.language, task.id, task.text.strip("\n"), attempts=tuple(attempts), notes=notes, informal=task.informal
    )


def _notes(task: VericodingTask) -> tuple[str, ...]:
    kinds = list(dict.fromkeys(r.kind for r in task.regions))
    if task.language == "dafny":
        return tuple(n for n in _DAFNY_NOTES if not n.startswith("In `") or any(f"`{k}`" in n for k in kinds))
    auxiliary = [f"`{kind}`" for kind in kinds if kind in AUXILIARY]
    notes = _LEAN_NOTES if auxiliary else _LEAN_NOTES[:1]
    return tuple(n.format(slots=_listed(kinds), auxiliary=_listed(auxiliary)) for n in notes)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def unasked_family(family: str) -> NotAsked | None:
    """Why models of a family are asked for no implementations; None where they are."""
    if family in families():
        return None
    return NotAsked(f"models of the family {family} are not asked for implementations")


def requests_of(
    task: VericodingTask,
    model: Model,
    settings: Settings,
    *,
    round_: int = 0,
    attempts: Sequence[Attempt] = (),
    answers: int = ANSWERS,
    seed: int = 0,
    charged: str = "",
) -> tuple[SampleRequest, ...] | NotAsked:
    """What to ask in one round. attempts: earlier implementations with the verifier's messages in their places.
    charged: who pays; the task unless told."""
    if (unasked := unasked_family(model.family)) is not None:
        return unasked
    window, count = model.sampler.window, model.sampler.count
    tokens = answer_share(settings.answer_tokens, window)
    built = build(Purpose.IMPLEMENT, view_of(task, attempts), model.family, count, window, tokens)
    if not isinstance(built, Built):
        return NotAsked(built.reason)
    heat = settings.temperature
    greedy = round_ == 0 or heat <= 0
    # At temperature 0 all samples would be the same.
    schedule = [(1, 0.0)] * greedy + [(answers - greedy, heat)] * (answers > greedy and heat > 0)
    return tuple(
        SampleRequest(
            built.prompt,
            n=n,
            max_tokens=tokens,
            temperature=temperature,
            top_p=TOP_P,
            stop=built.stop,
            seed=(seed + 7919 * round_ + number) % 2**63,
            task=charged or task.id,
        )
        for number, (n, temperature) in enumerate(schedule)
    )


def implementation_of(task: VericodingTask, sample: Sample) -> str | NotAnEdit:
    """The file with what an answer writes into its regions. Never raises for what the answer says.

    Where the answer has the tags, what stands between them counts, and the frozen text is the task's own. Without tags
    the frozen text must be there, and what stands between its parts counts.
    """
    cut = sample.finish is Finish.LENGTH
    read = _by_tags(task, sample.text, cut=cut) or apply(task.editable, sample.text, cut=cut)
    if isinstance(read, NotAnEdit):
        return read
    if isinstance(regions_of(read, task.language), str):
        return NotAnEdit("it has other tags of regions than the file", "regions-changed")
    if not task.is_implemented(read):
        return NotAnEdit("nothing is implemented in it", "missing")
    return _compiled_among_helpers(task, read)


def _by_tags(task: VericodingTask, answer: str, *, cut: bool) -> str | None:
    """The file with what stands between the tags of an answer; None where no block has those of a code region."""
    names = {r.name for r in task.regions}
    for block in find_blocks(answer, cut=cut).blocks:
        regions = regions_of(block.text, task.language) if len(block.text) <= MOST_CHARACTERS else ""
        if isinstance(regions, str) or not block.closed:
            continue
        given = {r.name: block.text[r.start : r.end] for r in regions}
        if any(r.kind == "code" for r in regions) and given.keys() <= names:
            return task.rendered({name: _ended(text) for name, text in given.items()})
    return None


def _ended(text: str) -> str:
    """A region's text up to the line of its closing tag."""
    return text if text.endswith("\n") or not text else f"{text}\n"


def _compiled_among_helpers(task: VericodingTask, text: str) -> str:
    """Declarations that are read without tags all land in the last of the regions that touch: those that proofs may
    not be belong into the one before."""
    regions = regions_of(text, task.language)
    assert not isinstance(regions, str)
    texts = {r.name: text[r.start : r.end] for r in regions}
    if task.language != "dafny" or texts.get("helpers", "").strip() or not texts.get("proofs", "").strip():
        return text
    decls = parse(texts["proofs"]).decls
    if all(isinstance(d, ast.Callable) and "method" not in d.kind for d in decls):
        return text
    return task.rendered({**texts, "helpers": texts["proofs"], "proofs": "\n"})
