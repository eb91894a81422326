"""One task, from its stub to a verdict: ask for implementations, check them, prove the best, have the rest mended.

Says nothing of proofs itself: `proved` is the gate's word, given on the task as it was read and in a fresh process."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from dafny_env.gate.regions import words as dafny_words
from lean_project.gate.slots import words as lean_words
from prover import events
from prover.answers.reading import NotAnEdit
from prover.model_family import named_family
from prover.policy.language.policy import Trouble
from prover.policy.opening import Model, open_model
from prover.policy_choice import ChoiceProblem, check_policy
from prover.prompts.annotate import annotate
from prover.prompts.view import Attempt
from prover.results import ProveRequest, ProveResult, Status
from prover.running import Countdown
from prover.sampling.models import Models, sampling_settings
from prover.sampling.port import Answer, Sample, SamplingFailed
from prover.sampling.rationing import Rations
from prover.toolchain import NoVerifier
from prover.vericoding.asking import NotAsked, implementation_of, requests_of, unasked_family
from prover.vericoding.opening import open_workshop
from prover.vericoding.task import VericodingTask
from prover.vericoding.workshop import Look, Workshop

ROUNDS = 4
"""Times that a model is asked; from the second on it is shown what came of the time before."""
KEPT = 3
"""Implementations of one round that a proof is searched for, those with the least left to prove."""
SHOWN = 3
"""Earlier implementations that a prompt shows."""
SHARE, SHARE_LEAST = 0.5, 20.0
"""Of the seconds left, what the proof search on one implementation may take, and at least in seconds."""
LOOK_SECONDS = 30.0
"""Wall clock of the first check of an implementation."""
_LONGEST = 300
"""Characters of what others say that a reason repeats."""
_NO_MODEL = (
    "the code is still to be written, which needs a language model: name one with --policy (for instance "
    "hf:FOLDER+symbolic), or write the code and run this again for its proof."
)
_ENOUGH = 2.0
"""Seconds without which nothing more is begun."""


async def prove(task: VericodingTask, request: ProveRequest, observer: events.Observer) -> ProveResult:
    """Have a task implemented, and prove the implementation.

    Never raises for what the file, the model or the verifier does; cancellation ends all child processes, and
    propagates.
    """
    countdown = Countdown(request.seconds)
    parts = check_policy(request.policy)
    if isinstance(parts, ChoiceProblem):
        return ProveResult(Status(parts.status), reason=parts.reason)
    asked = next((part for part in parts if part.kind != "symbolic"), None)
    async with AsyncExitStack() as stack:
        shop = await stack.enter_async_context(open_workshop(task, request))
        if isinstance(shop, NoVerifier):
            return ProveResult(shop.status, reason=shop.reason)
        observer.notify(events.PhaseStarted(events.Phase.CHECKING, shop.info))
        refused = await shop.refusal(min(LOOK_SECONDS, max(countdown.left, 1.0)))
        if refused is not None and (asked is not None or refused.status is not Status.UNKNOWN):
            return replace(refused, seconds=countdown.spent, verifier=shop.info)
        if asked is None:  # told after what the verifier lacks: no model helps with that
            return ProveResult(Status.UNSUPPORTED, seconds=countdown.spent, verifier=shop.info, reason=_NO_MODEL)
        if asked.kind != "replay":  # told before a model is loaded, which can take minutes
            family = request.settings.family or named_family(f"{asked.kind}:{asked.argument}")
            if (unasked := unasked_family(family)) is not None:
                return ProveResult(Status.UNSUPPORTED, reason=_another(unasked), verifier=shop.info)
        models = request.models
        if models is None:
            models = Models(sampling_settings(request.settings))
            stack.push_async_callback(models.close)
        before = countdown.spent
        rations = None if request.tokens is None else Rations(request.tokens)
        model = await open_model(
            asked,
            request.settings,
            models,
            stack,
            request.samples,
            rations,
            lambda text: observer.notify(events.Note(text)),
        )
        if isinstance(model, NoVerifier):
            return ProveResult(model.status, seconds=countdown.spent, verifier=shop.info, reason=model.reason)
        countdown.forgive(countdown.spent - before)
        observer.notify(events.PhaseStarted(events.Phase.IMPLEMENTING, shop.info))
        trouble = Trouble(away=model.away)
        run = _Run(task, replace(request, models=models), _BestKept(observer), countdown, shop, model, trouble, rations)
        result = await run.implement()
        return replace(result, seconds=countdown.spent, verifier=shop.info, checks=run.checks, tokens=run.tokens)


class _BestKept:
    """Passes events on, of unfinished files only those that leave less to prove than the one before."""

    def __init__(self, inner: events.Observer) -> None:
        self._inner = inner
        self._least: int | None = None

    def notify(self, event: events.Event) -> None:
        """One event."""
        if isinstance(event, events.BestSoFar):
            if self._least is not None and len(event.remaining) > self._least:
                return
            self._least = len(event.remaining)
        self._inner.notify(event)


@dataclass(slots=True)
class _Made:
    """An implementation, what was seen of it, and what came of the proof search on it."""

    text: str
    look: Look
    proof: ProveResult | None = None

    @property
    def attempt(self) -> Attempt:
        """As prompts show it, the messages not yet in their places: what is wrong with it as a whole."""
        if self.proof is None:
            return Attempt(self.text, self.look.reason)
        found_out = self.proof.status is Status.REFUTED or self.look.state == "verified"
        return Attempt(self.text, self.proof.reason if found_out else "Its proof was not found.")


@dataclass(slots=True)
class _Run:
    """One call of `prove`. checks, tokens: spent so far. counts: answers by what became of them. trouble: with the
    model."""

    task: VericodingTask
    request: ProveRequest
    observer: events.Observer
    countdown: Countdown
    shop: Workshop
    model: Model
    trouble: Trouble
    rations: Rations | None = None
    checks: int = 0
    tokens: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    complaint: str = ""
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    _best: _Made | None = None

    async def implement(self) -> ProveResult:
        """Rounds of asking, checking, proving and mending, as long as there is something to spend."""
        attempts: tuple[Attempt, ...] = ()
        for round_ in range(ROUNDS):
            if self._no_tokens:
                break
            answers = await self._asked(round_, attempts)
            if isinstance(answers, NotAsked) and round_:
                break
            if isinstance(answers, NotAsked):
                return ProveResult(Status.UNSUPPORTED, reason=_another(answers))
            made = [await self._looked(text) for text in answers if not self._spent()]
            made.sort(key=lambda m: (m.look.state != "verified", m.look.failing))
            for found in [m for m in made if m.look.state in ("verified", "open")][:KEPT]:
                if self._spent():
                    break
                result = await self._proved(found)
                if result.status is Status.PROVED:
                    return replace(result, implemented=True, untouched=False)
            attempts = self._shown(made) or attempts
            if self._spent() or (not answers and self.complaint):
                break
        return self._unfinished()

    # ------------------------------------------------------------------------------------------------------------ steps

    async def _asked(self, round_: int, attempts: Sequence[Attempt]) -> list[str] | NotAsked:
        """New implementations: what the answers of one round say, each once."""
        settings, seed = self.request.settings, self.request.seed
        charged = self.request.charged_to
        requests = requests_of(
            self.task, self.model, settings, round_=round_, attempts=attempts, seed=seed, charged=charged
        )
        if isinstance(requests, NotAsked):
            return requests
        self.trouble.asked += len(requests)
        samples: list[Sample] = []
        answers: Sequence[Answer] = ()
        try:
            async with asyncio.timeout(max(self.countdown.left, _ENOUGH)):
                answers = await self.model.sampler.sample(requests)
        except TimeoutError:
            self.complaint = "it had not answered when the seconds were spent"
        for answer in answers:
            self.trouble.heard(answer)
            if isinstance(answer, SamplingFailed):
                self.complaint = self.complaint if answer.spent else answer.reason
            else:
                samples += answer.samples
                self.tokens += answer.tokens
        self.observer.notify(events.UsageChanged(self.checks, self.tokens))
        texts: list[str] = []
        for sample in samples:
            read = implementation_of(self.task, sample)
            if isinstance(read, NotAnEdit):
                self.counts["not read"] += 1
                self._tell("not read", f"{read.rule}: {read.reason}", sample.text)
                continue
            key = tuple(dafny_words(read) if self.task.language == "dafny" else lean_words(read))
            if key not in self._seen:
                self._seen.add(key)
                texts.append(read)
        return texts

    async def _looked(self, text: str) -> _Made:
        look = await self.shop.look(text, min(LOOK_SECONDS, max(self.countdown.left, 1.0)))
        self.checks += look.state != "cheat"
        self.counts[look.state] += 1
        self._tell(look.state, look.reason, text, look.failing)
        self.observer.notify(events.AttemptStarted(self.task.id, "implementation", text))
        self.observer.notify(events.UsageChanged(self.checks, self.tokens))
        made = _Made(text, look)
        if look.state == "open" and (self._best is None or look.failing < self._best.look.failing):
            self._best = made
            self.observer.notify(events.BestSoFar(look.text or text, look.left))
        return made

    async def _proved(self, made: _Made) -> ProveResult:
        """The proof search on an implementation; of one that verifies as it is, the gate's word alone."""
        left = self.countdown.left
        seconds = min(max(left * SHARE, SHARE_LEAST), left)
        request = replace(
            self.request,
            seconds=seconds,
            checks=None if self.request.checks is None else max(self.request.checks - self.checks, 1),
            tokens=None if self.request.tokens is None else max(self.request.tokens - self.tokens, 0),
        )
        result = await self.shop.prove(made.look.text or made.text, request, self.observer)
        self.checks += result.checks
        self.tokens += result.tokens
        if self.rations is not None:
            self.rations.used += result.tokens
        made.proof = result
        return result

    def _shown(self, made: Sequence[_Made]) -> tuple[Attempt, ...]:
        """What the next round is shown: the implementations that came nearest, the best last."""
        order = {"open": 0, "verified": 0, "broken": 1, "cheat": 2}
        useful = sorted((m for m in made if m.look.state in order), key=lambda m: (order[m.look.state], m.look.failing))
        shown = [replace(m.attempt, text=annotate(m.text, m.look.remarks, self.task.language)) for m in useful[:SHOWN]]
        return tuple(reversed(shown))

    # --------------------------------------------------------------------------------------------------------- the end

    def _unfinished(self) -> ProveResult:
        told = ", ".join(f"{count} {_STATES[state]}" for state, count in sorted(self.counts.items()))
        reason = f"no implementation was proved ({told})" if told else "the model gave no implementation"
        if self._no_tokens:
            reason = f"the budget of tokens is spent; {reason}"
        if self.complaint:
            reason = f"{reason}; the model could not be asked: {_short(self.complaint)}"
        best = self._best
        if best is None:
            why = self.trouble.unanswered
            unanswered = f"the model could not be asked: {_short(why)}" if why else ""
            return ProveResult(Status.UNKNOWN, reason=f"{reason}.", unanswered=unanswered)
        proof = best.proof or ProveResult(Status.UNKNOWN)
        if proof.reason:
            reason = f"{reason}; the best of them: {_short(proof.reason)}"
        partial = proof.partial or best.look.text or best.text
        return replace(
            proof,
            status=Status.UNKNOWN,
            reason=f"{reason}.",
            partial=partial,
            implemented=True,
            unanswered="",  # the model has answered, if no more when the proof was searched for
        )

    @property
    def _no_tokens(self) -> bool:
        return self.request.tokens is not None and self.tokens >= self.request.tokens

    def _spent(self) -> bool:
        checks = self.request.checks
        return self.countdown.left < _ENOUGH or (checks is not None and self.checks >= checks)

    def _tell(self, state: str, reason: str, text: str, failing: int = 0) -> None:
        if self.request.journal is not None:
            record = {"event": "implementation", "state": state, "reason": reason, "failing": failing, "text": text}
            self.request.journal.append(record)


def _another(unasked: NotAsked) -> str:
    return f"{unasked.reason}; choose another --policy or --family."


def _short(reason: str) -> str:
    """A sentence for use inside of another one."""
    return (reason if len(reason) <= _LONGEST else f"{reason[: _LONGEST - 4].rstrip()} ...").rstrip(".")


_STATES = {
    "not read": "could not be read",
    "verified": "verified, but not for the gate",
    "open": "with proofs missing",
    "broken": "did not resolve",
    "cheat": "refused by the gate's rules",
    "unknown": "without a verdict",
    "unsupported": "not supported here",
}
