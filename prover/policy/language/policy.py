"""The policy that asks a language model: for proofs, for decompositions, and for what was rejected to be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from dafny_env.steps import DafnyStep
from lean_project.steps import LeanStep
from lean_project.steps import as_step as lean_step
from prover.policy.language.formats import AnyStep, Ask, Attempt, Format, NotShown, Purpose
from prover.policy.symbolic.houdini import make_step
from prover.sampling.port import Answer, Finish, Sample, Sampler, SampleRequest, Samples, answer_share
from search.ports import Accepted, Goal, PolicyContext, Proposals, Rejected, Rung, Spent, Step, Unknown

MOST_ATTEMPTS = 3
"""Rejected steps that a prompt shows."""
_PURPOSES = {
    Rung.CLOSE: Purpose.CLOSE,
    Rung.DECOMPOSE: Purpose.DECOMPOSE,
    Rung.REPAIR: Purpose.REPAIR,
    Rung.WIDEN: Purpose.CLOSE,
}


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model is sampled. answer_tokens: of one answer at most, and no more than half of the window. temperature:
    of the first run at a goal; `warmer` is added with every further run there, up to `hottest`. greedy: the first
    answer of a first run is the likeliest one. top_p: mass kept. most: samples of one request at most. rounds: of
    repair, one after another, in one run. tries: requests of one run, where answers bring nothing new."""

    answer_tokens: int = 2048
    temperature: float = 0.7
    warmer: float = 0.1
    hottest: float = 1.1
    greedy: bool = True
    top_p: float = 0.95
    most: int = 32
    rounds: int = 2
    tries: int = 4

    def at(self, run: int) -> float:
        """The temperature of a goal's run, counted from 0."""
        return min(self.temperature + self.warmer * run, max(self.hottest, self.temperature))


@dataclass(slots=True)
class Trouble:
    """What went wrong with the model in a run, each kind once, for people. on_first: told of each as it happens.
    hindrance: what stands in the way of answers that have not come, where that is known; away: why its back end answers
    nobody at present. asked, answered: requests, and those that got samples. samples, read: those samples, and the ones
    in which there was a step. broken: the first failure that was not the request's own."""

    on_first: Callable[[str], None] = lambda reason: None
    hindrance: Callable[[], str] = lambda: ""
    away: Callable[[], str] = lambda: ""
    reasons: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0
    broken: str = ""
    samples: int = 0
    read: int = 0

    @property
    def unanswered(self) -> str:
        """Why the model was asked and never answered, where that was neither its slowness nor what it was asked."""
        return (self.broken or self.away()) if self.asked and not self.answered else ""

    def heard(self, answer: Answer) -> None:
        """Count the answer to a request that was counted as asked."""
        if isinstance(answer, Samples):
            self.answered += 1
        elif answer.spent:
            self.asked -= 1  # whoever keeps the budget tells that
        else:
            self.add(answer.reason)
            self.broken = self.broken or ("" if answer.final else answer.reason)

    def add(self, reason: str) -> None:
        """Another failure."""
        if reason not in self.reasons:
            self.on_first(reason)
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


class LanguagePolicy:
    """Implements `search.ports.Policy` with a language model.

    language: of all goals, `dafny` or `lean`. name: in the journal, the sampler's where none is given. task: who is
    charged for the samples. Answers of one request are proposed in the order of their length-normalised probability,
    what can be read of each, and their tokens are told behind them: the last answers of a budget are checked too (see
    `search.ports.Owing`). Equal steps are checked once (the engine knows their verdicts).
    """

    def __init__(
        self,
        sampler: Sampler,
        format_: Format,
        language: str,
        *,
        name: str = "",
        sampling: Sampling | None = None,
        task: str = "",
        trouble: Trouble | None = None,
    ) -> None:
        self.name = name or sampler.name
        self._sampler = sampler
        self._format = format_
        self._sampling = sampling or Sampling()
        self._task = task
        self.trouble = trouble or Trouble()
        # Sampled and not told: in all, and of proposals that were closed before they could tell.
        self._owed = self._dropped = 0
        able = format_.purposes(language)
        self.rungs: Sequence[Rung] = tuple(rung for rung, purpose in _PURPOSES.items() if purpose in able)

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        """Sample, and propose what the answers say that was not tried before; where there is nothing new, sample again,
        warmer. At the rung of repair go on from what that came to."""
        purpose = _PURPOSES[context.rung]
        if purpose is Purpose.DECOMPOSE and context.whole:
            return
        attempts = _worth_showing(context.rejected)
        if purpose is Purpose.REPAIR and not attempts:
            return
        known = {step.key for step, _ in context.rejected}
        repairs = purpose is Purpose.REPAIR
        for round_ in range(self._sampling.rounds if repairs else self._sampling.tries):
            ask = Ask(goal.payload, purpose, attempts, tuple(context.lost_lemmas), self._room())
            tokens, steps = await self._asked(ask, context, round_)
            if not tokens:
                yield self._told(0)
                return
            fresh: list[Attempt] = []
            new = [step for step in steps if step.key not in known]
            closed, all_checked = False, False
            try:
                for step in new:
                    known.add(step.key)
                    verdict = yield step
                    closed = isinstance(verdict, Accepted) and not verdict.subgoals
                    if closed:
                        break
                    if isinstance(verdict, Rejected | Unknown):
                        fresh.append((step.payload, verdict))
                all_checked = True
            finally:
                self._dropped += 0 if all_checked else tokens
            yield self._told(tokens)
            if closed or (new and not repairs):
                return
            attempts = tuple([*attempts, *fresh][-MOST_ATTEMPTS:])

    def owed(self) -> int:
        """Tokens sampled that no `Spent` has told of; they count as told now."""
        owed, self._owed, self._dropped = self._owed, 0, 0
        return owed

    def _told(self, tokens: int) -> Spent:
        spent, self._dropped = Spent(tokens + self._dropped), 0
        self._owed -= spent.tokens
        return spent

    async def _asked(self, ask: Ask, context: PolicyContext, round_: int) -> tuple[int, list[Step]]:
        """The tokens sampled for a question, and the steps that the answers propose."""
        shown = self._format.show(ask, self._sampler.count)
        if isinstance(shown, NotShown):
            self.trouble.add(shown.reason)
            return 0, []
        requests = [
            SampleRequest(
                shown.prompt,
                n=n,
                max_tokens=self._answer_tokens(),
                temperature=temperature,
                top_p=self._sampling.top_p,
                stop=shown.stop,
                seed=(context.seed + 7919 * round_ + number) % 2**63,
                task=self._task,
            )
            for number, (n, temperature) in enumerate(self._schedule(context, round_))
        ]
        samples: list[Sample] = []
        self.trouble.asked += len(requests)
        for answer in await self._sampler.sample(requests):
            self.trouble.heard(answer)
            if isinstance(answer, Samples):
                samples += answer.samples
        steps: dict[str, Step] = {}
        for sample in sorted(samples, key=lambda s: -(s.mean_logprob if s.mean_logprob is not None else 0.0)):
            payloads = self._format.read(ask, sample.text, cut_off=sample.finish is Finish.LENGTH)
            self.trouble.samples += 1
            self.trouble.read += bool(payloads)
            for payload in payloads:
                step = as_step(payload, ask.purpose.value)
                steps.setdefault(step.key, step)
        tokens = sum(sample.tokens for sample in samples)
        self._owed += tokens
        return tokens, list(steps.values())

    def _schedule(self, context: PolicyContext, round_: int) -> Iterator[tuple[int, float]]:
        """How many samples at which temperature; at 0 they would all be the same."""
        width = min(context.width, self._sampling.most)
        temperature = self._sampling.at(context.visits + round_ + (context.rung is Rung.WIDEN))
        first = self._sampling.greedy and context.visits == 0 and round_ == 0 and context.rung is not Rung.WIDEN
        if first or temperature <= 0:
            yield 1, 0.0
            width -= 1
        if width > 0 and temperature > 0:
            yield width, temperature

    def _room(self) -> int | None:
        window = self._sampler.window
        return None if window is None else max(window - self._answer_tokens(), 0)

    def _answer_tokens(self) -> int:
        return answer_share(self._sampling.answer_tokens, self._sampler.window)


def as_step(payload: AnyStep, kind: str) -> Step:
    """A search step from a language's own."""
    return make_step(payload, kind) if isinstance(payload, DafnyStep) else lean_step(payload, kind)


def _worth_showing(rejected: Sequence[tuple[Step, Rejected | Unknown]]) -> tuple[Attempt, ...]:
    """The attempts that say most: those that left the least open, the best last."""
    told = [(s.payload, v) for s, v in rejected if isinstance(s.payload, DafnyStep | LeanStep)]
    far = [v.open_obligations if isinstance(v, Rejected) and v.open_obligations is not None else 99 for _, v in told]
    order = sorted(range(len(told)), key=lambda k: (-far[k], k))
    return tuple(told[k] for k in order[-MOST_ATTEMPTS:])
