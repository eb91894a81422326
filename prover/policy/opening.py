"""From the words of `--policy` to policies with their models open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from prover.console import noun
from prover.model_family import unknown_family, unusable_family
from prover.policy.language.compact import CompactFormat
from prover.policy.language.formats import Format
from prover.policy.language.policy import LanguagePolicy, Sampling, Trouble
from prover.policy.language.templates import TemplateFormat
from prover.policy_choice import PolicyPart, unfit
from prover.results import Status
from prover.sampling.models import Models, lacking, sampling_settings
from prover.sampling.over import Borrowed
from prover.sampling.port import Remote, Sampler
from prover.sampling.rationing import RationedSampler, Rations
from prover.sampling.replay import ContinuedSampler, Recorder, ReplaySampler
from prover.settings import Settings
from prover.toolchain import NoVerifier
from sandbox.missing import Missing
from search.ports import Policy

EARLIER = "samples.earlier.jsonl"
"""Beside the file of samples: what was recorded before the run was broken off; it is not asked for again."""
WAITING = 6
"""Goals that may wait for a model while others' steps are checked, in one search."""


@dataclass(frozen=True, slots=True)
class Policies:
    """What a search is given. waiting: as in `Search`. trouble: with the models, told while the search runs. rations:
    the tokens that they may sample; None for no bound."""

    policies: tuple[Policy, ...]
    waiting: int = 0
    trouble: tuple[Trouble, ...] = ()
    rations: Rations | None = None

    @property
    def spent(self) -> bool:
        """Whether there are no tokens left."""
        return self.rations is not None and not self.rations.left

    @property
    def complaint(self) -> str:
        """What went wrong with the models, in one sentence; empty where nothing did."""
        told = [f"{reason.rstrip('.')} ({count} times)" for t in self.trouble for reason, count in t.reasons.items()]
        if told:
            return f"the model could not be asked: {'; '.join(told[:3])}"
        if self.unanswered:
            return f"the model could not be asked: {self.unanswered.rstrip('.')}"
        silent = [t for t in self.trouble if t.asked and not t.answered]
        why = next((f": {hindrance}" for t in silent if (hindrance := t.hindrance().rstrip("."))), "")
        if silent:
            return f"the model had not answered by then{why}"
        garbled = next((t.samples for t in self.trouble if t.samples and not t.read), 0)
        return f"nothing could be read of the model's {garbled} {noun(garbled, 'answer')}" if garbled else ""

    @property
    def unanswered(self) -> str:
        """Why a model was asked and never answered (its server is away); empty where each did, or was only slow."""
        return next(filter(None, (t.unanswered for t in self.trouble)), "")


@asynccontextmanager
async def open_policies(
    parts: Sequence[PolicyPart],
    language: str,
    settings: Settings,
    symbolic: Callable[[], Awaitable[Policy]],
    *,
    task: str = "",
    tokens: int | None = None,
    samples: Path | None = None,
    models: Models | None = None,
    note: Callable[[str], None] = lambda text: None,
) -> AsyncIterator[Policies | NoVerifier]:
    """The policies of a choice, their models closed at the end unless they are `models` of somebody else's.

    symbolic: makes the symbolic one. task: who is charged. tokens: that may be sampled, of all models together; None
    for no bound. samples: a file to which all answers are recorded. note: hears of each kind of trouble with a model
    once.
    """
    async with AsyncExitStack() as stack:
        if models is None:
            models = Models(sampling_settings(settings))
            stack.push_async_callback(models.close)
        rations = None if tokens is None else Rations(tokens)
        made: list[Policy] = []
        troubles: list[Trouble] = []
        for part in parts:
            if part.kind == "symbolic":
                made.append(await symbolic())
                continue
            if (early := unfit(part, settings.family, language)) is not None:
                yield NoVerifier(Status.INVALID, early)  # before a model is loaded, which can take minutes
                return
            opened = await open_model(part, settings, models, stack, samples, rations, note)
            if isinstance(opened, NoVerifier):
                yield opened
                return
            wrong = unusable_family(opened.spec, opened.family, language)
            chosen = format_of(opened.family)
            if wrong is not None or isinstance(chosen, str):
                yield NoVerifier(Status.INVALID, wrong or str(chosen))
                return
            troubles.append(Trouble(note, opened.hindrance, opened.away))
            sampling = Sampling(answer_tokens=settings.answer_tokens, temperature=settings.temperature)
            trouble, name = troubles[-1], opened.name
            made.append(
                LanguagePolicy(
                    opened.sampler, chosen, language, name=name, sampling=sampling, task=task, trouble=trouble
                )
            )
        yield Policies(tuple(made), WAITING if troubles else 0, tuple(troubles), rations)


@dataclass(frozen=True, slots=True)
class Model:
    """An open model. spec: as in `--policy`. family: of its prompts. name: of the model itself, that of the recorded
    one for a record. remote: where it is elsewhere."""

    spec: str
    sampler: Sampler
    family: str
    name: str
    remote: Remote | None = None

    def hindrance(self) -> str:
        """What stands in the way of answers that have not come; empty where nothing is known to."""
        return self.remote.hindrance if self.remote is not None else ""

    def away(self) -> str:
        """Why its back end answers nobody at present; empty where it does."""
        return self.remote.away if self.remote is not None else ""


async def open_model(
    part: PolicyPart,
    settings: Settings,
    models: Models,
    stack: AsyncExitStack,
    samples: Path | None = None,
    rations: Rations | None = None,
    note: Callable[[str], None] = lambda text: None,
) -> Model | NoVerifier:
    """A model of a policy choice. stack: closes what is opened besides `models`. samples: a file to which all answers
    are recorded. rations: the tokens that it may sample; None for no bound. note: hears that a model is loaded, and
    that a server may not answer."""
    spec = f"{part.kind}:{part.argument}"
    if part.kind in ("hf", "vllm") and not models.has(spec):
        note(f"loading {spec}")
    service = await models.service(spec)
    if isinstance(service, Missing):
        return NoVerifier(Status.UNSUPPORTED, lacking(spec, service))
    remote = service.inner if isinstance(service.inner, Remote) else None
    if hindrance := (remote.hindrance if remote is not None else ""):
        note(f"{spec} may not answer ({hindrance.rstrip('.')}); it is asked all the same")
    family = settings.family or models.family(spec)
    sampler: Sampler = Borrowed(service)
    if rations is not None:
        sampler = RationedSampler(sampler, rations, whole=part.kind == "replay")
    if samples is not None and part.kind != "replay":
        # Before the rations, so that the record has what was asked for, whatever was left then.
        if (before := samples.with_name(EARLIER)).is_file():
            sampler = ContinuedSampler(sampler, before, *([rations.book] if rations is not None else []))
        recorder = Recorder(sampler, samples, family=family)
        stack.push_async_callback(recorder.close)
        sampler = recorder
    name = service.inner.model if isinstance(service.inner, ReplaySampler) else service.name
    return Model(spec, sampler, family, name, remote)


def format_of(family: str) -> Format | str:
    """The format of a family, or why there is none."""
    if family == CompactFormat.name:
        return CompactFormat()
    if (wrong := unknown_family(family)) is not None:
        return f"--family {family}: {wrong}."
    return TemplateFormat(family)
