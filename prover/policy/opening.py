"""From the words of `--policy` to policies with their models open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from prover.policy.language.compact import CompactFormat
from prover.policy.language.formats import Format
from prover.policy.language.policy import LanguagePolicy, Sampling, Trouble
from prover.policy.language.templates import TemplateFormat
from prover.policy_choice import PolicyPart
from prover.prompts.templates import families
from prover.results import Status
from prover.sampling.models import Models, lacking, sampling_settings
from prover.sampling.over import Borrowed
from prover.sampling.port import Remote, Sampler
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
    """What a search is given. waiting: as in `Search`. trouble: with the models, told while the search runs."""

    policies: tuple[Policy, ...]
    waiting: int = 0
    trouble: tuple[Trouble, ...] = ()

    @property
    def complaint(self) -> str:
        """What went wrong with the models, in one sentence; empty where nothing did."""
        told = [f"{reason} ({count} times)" for t in self.trouble for reason, count in t.reasons.items()]
        if told:
            return f"the model could not be asked: {'; '.join(told[:3])}"
        if self.unanswered:
            return f"the model could not be asked: {self.unanswered.rstrip('.')}"
        silent = any(t.asked and not t.answered for t in self.trouble)
        return "the model had not answered by then" if silent else ""

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
    samples: Path | None = None,
    models: Models | None = None,
    note: Callable[[str], None] = lambda text: None,
) -> AsyncIterator[Policies | NoVerifier]:
    """The policies of a choice, their models closed at the end unless they are `models` of somebody else's.

    symbolic: makes the symbolic one. task: who is charged. samples: a file to which all answers are recorded. note:
    hears of each kind of trouble with a model once.
    """
    async with AsyncExitStack() as stack:
        own = models is None
        if models is None:
            models = Models(sampling_settings(settings))
            stack.push_async_callback(models.close)
        made: list[Policy] = []
        troubles: list[Trouble] = []
        for part in parts:
            if part.kind == "symbolic":
                made.append(await symbolic())
                continue
            if own and part.kind in ("hf", "vllm"):
                note(f"loading {part.kind}:{part.argument}")
            opened = await open_model(part, settings, models, stack, samples)
            if isinstance(opened, NoVerifier):
                yield opened
                return
            chosen = format_of(opened.family)
            if isinstance(chosen, str):
                yield NoVerifier(Status.INVALID, chosen)
                return
            if not chosen.purposes(language):
                why = f"models of the family {chosen.name} know no {language.capitalize()}"
                yield NoVerifier(Status.INVALID, f"--policy {opened.spec}: {why}; choose another with --family.")
                return
            troubles.append(Trouble(note, opened.away))
            sampling = Sampling(answer_tokens=settings.answer_tokens, temperature=settings.temperature)
            trouble, name = troubles[-1], opened.name
            made.append(
                LanguagePolicy(
                    opened.sampler, chosen, language, name=name, sampling=sampling, task=task, trouble=trouble
                )
            )
        yield Policies(tuple(made), WAITING if troubles else 0, tuple(troubles))


@dataclass(frozen=True, slots=True)
class Model:
    """An open model. spec: as in `--policy`. family: of its prompts. name: of the model itself, that of the recorded
    one for a record. away: why its back end answers nobody at present; empty where it does."""

    spec: str
    sampler: Sampler
    family: str
    name: str
    away: Callable[[], str] = lambda: ""


async def open_model(
    part: PolicyPart, settings: Settings, models: Models, stack: AsyncExitStack, samples: Path | None = None
) -> Model | NoVerifier:
    """A model of a policy choice. stack: closes what is opened besides `models`. samples: a file to which all answers
    are recorded."""
    spec = f"{part.kind}:{part.argument}"
    if settings.family and isinstance(wrong := format_of(settings.family), str):
        return NoVerifier(Status.INVALID, wrong)  # before a model is loaded, which can take minutes
    service = await models.service(spec)
    if isinstance(service, Missing):
        return NoVerifier(Status.UNSUPPORTED, lacking(spec, service))
    family = settings.family or models.family(spec)
    sampler: Sampler = service
    if samples is not None and part.kind != "replay":
        borrowed: Sampler = Borrowed(service)
        if (before := samples.with_name(EARLIER)).is_file():
            borrowed = ContinuedSampler(borrowed, before)
        recorder = Recorder(borrowed, samples, family=family)
        stack.push_async_callback(recorder.close)
        sampler = recorder
    name = service.inner.model if isinstance(service.inner, ReplaySampler) else service.name
    inner = service.inner
    return Model(spec, sampler, family, name, lambda: inner.away if isinstance(inner, Remote) else "")


def format_of(family: str) -> Format | str:
    """The format of a family, or why there is none."""
    if family == CompactFormat.name:
        return CompactFormat()
    if family not in families():
        return f"--family {family}: there is no such family; choose one of {', '.join([*families(), 'compact'])}."
    return TemplateFormat(family)
