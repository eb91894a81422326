"""The loop of implement mode, with verifiers and a model that say what they are told to."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from prover import events
from prover.inputs import SourceFile
from prover.prompts.annotate import Remark
from prover.results import GoalReport, GoalStatus, ProveRequest, ProveResult, Status
from prover.sampling.models import Models, sampling_settings
from prover.sampling.plain import estimated_tokens, plain_text
from prover.sampling.port import Answer, Finish, Prompt, Sample, SampleRequest, Samples, SamplingFailed
from prover.sampling.service import SamplingService
from prover.settings import Settings
from prover.vericoding import session
from prover.vericoding.asking import ANSWERS
from prover.vericoding.marked import open_task
from prover.vericoding.workshop import Look

TASK = """\
// <helpers>
// </helpers>
// <proofs>
// </proofs>
// <spec>
method Next(n: nat) returns (m: nat)
  ensures m == n + 1
// </spec>
// <code>
{
}
// </code>
"""


def text(body: str) -> str:
    return TASK.replace("{\n}", f"{{\n  {body}\n}}")


def answer(body: str) -> str:
    return f"```dafny\n{text(body)}```"


class Model:
    """A model with its answers round by round; then it fails."""

    name, window = "model", None

    def __init__(self, *rounds: Sequence[str]) -> None:
        self._rounds = [list(r) for r in rounds]
        self.prompts: list[str] = []

    def count(self, prompt: Prompt) -> int:
        return estimated_tokens(prompt)

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        return [self._answer(request) for request in requests]

    def _answer(self, request: SampleRequest) -> Answer:
        if request.n == ANSWERS - 1:  # the rest of the first round, behind its greedy answer
            return Samples(())
        self.prompts.append(plain_text(request.prompt))
        if not self._rounds:
            return SamplingFailed("nothing is left.", final=True)
        return Samples(tuple(Sample(t, 7, Finish.STOP) for t in self._rounds.pop(0)))

    async def close(self) -> None:
        pass


@dataclass
class Shop:
    """Verifiers: what each implementation is worth, and what a search on it comes to."""

    looks: Mapping[str, Look]
    proofs: Mapping[str, ProveResult] = field(default_factory=dict)
    info: str = "a verifier"
    looked: list[str] = field(default_factory=list)
    searched: list[tuple[str, ProveRequest]] = field(default_factory=list)
    refused: ProveResult | None = None
    during: Callable[[events.Observer], None] = lambda observer: None

    async def refusal(self, seconds: float) -> ProveResult | None:
        return self.refused

    async def look(self, given: str, seconds: float) -> Look:
        body = given.split("{\n")[1].split("\n")[0].strip()
        self.looked.append(body)
        return self.looks[body]

    async def prove(self, given: str, request: ProveRequest, observer: events.Observer) -> ProveResult:
        body = given.split("{\n")[1].split("\n")[0].strip()
        self.searched.append((body, request))
        self.during(observer)
        return self.proofs.get(body, ProveResult(Status.UNKNOWN, reason="still open: Next.", checks=5))


class Heard:
    def __init__(self) -> None:
        self.best: list[events.BestSoFar] = []

    def notify(self, event: events.Event) -> None:
        if isinstance(event, events.BestSoFar):
            self.best.append(event)


class Journal:
    def __init__(self) -> None:
        self.records: list[Mapping[str, object]] = []

    def append(self, record: Mapping[str, object]) -> None:
        self.records.append(record)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ProveResult]:
    def run(model: Model, shop: Shop, heard: Heard | None = None, **given: object) -> ProveResult:
        @asynccontextmanager
        async def workshop(*_: object) -> AsyncIterator[Shop]:
            yield shop

        class One(Models):
            async def service(self, spec: str) -> SamplingService:
                return SamplingService(model)

            def family(self, spec: str) -> str:
                return "generic"

        async def main() -> ProveResult:
            source = SourceFile(None, TASK, hashlib.sha256(TASK.encode()).hexdigest())
            settings = Settings()
            request = ProveRequest(source, settings, **{"policy": "openai:m", **given})  # type: ignore[arg-type]
            task = open_task(source)
            assert task is not None
            if request.models is None and "openai" in request.policy:
                request = ProveRequest(
                    source,
                    settings,
                    models=One(sampling_settings(settings)),
                    **{"policy": "openai:m", **given},  # type: ignore[arg-type]
                )
            return await session.prove(task, request, heard or Heard())

        monkeypatch.setattr(session, "open_workshop", workshop)
        return asyncio.run(main())

    return run


Ran = Callable[..., ProveResult]
RIGHT, OPEN, FAR = "m := n + 1;", "m := 1 + n;", "m := n + 2 - 1;"
PROVED = ProveResult(Status.PROVED, text="proved", untouched=True, checks=1, goals=())


def test_what_verifies_goes_to_the_gate_first(ran: Ran) -> None:
    shop = Shop({OPEN: Look("open", 1, left=("Next",)), RIGHT: Look("verified")}, {RIGHT: PROVED})
    result = ran(Model([answer(OPEN), answer(RIGHT)]), shop)
    assert (result.status, result.text, result.implemented, result.untouched) == (Status.PROVED, "proved", True, False)
    assert [body for body, _ in shop.searched] == [RIGHT]
    assert (result.checks, result.tokens, result.verifier) == (3, 14, "a verifier")


def test_only_the_gate_s_word_counts(ran: Ran) -> None:
    shop = Shop({RIGHT: Look("verified")}, {RIGHT: ProveResult(Status.UNKNOWN, reason="the gate does not accept it")})
    result = ran(Model([answer(RIGHT)]), shop)
    assert (result.status, result.text) == (Status.UNKNOWN, None)
    assert "1 verified, but not for the gate" in result.reason


def test_proofs_are_searched_for_where_the_least_is_missing(ran: Ran) -> None:
    shop = Shop({OPEN: Look("open", 1, left=("Next",)), FAR: Look("open", 4, left=("Next",))}, {FAR: PROVED})
    result = ran(Model([answer(FAR), answer(OPEN)]), shop, seconds=1000.0, checks=50, tokens=20)
    assert result.status is Status.PROVED
    assert [body for body, _ in shop.searched] == [OPEN, FAR]
    first, second = (request for _, request in shop.searched)
    assert (first.checks, second.checks, first.tokens) == (48, 43, 6)
    assert 400 < first.seconds <= 500


def test_equal_answers_are_looked_at_once(ran: Ran) -> None:
    shop = Shop({FAR: Look("cheat", reason="assume: no")})
    ran(Model([answer(FAR), answer(FAR), answer(FAR + "  // once more")]), shop)
    assert shop.looked == [FAR]


def test_what_is_broken_is_shown_to_the_model_with_the_messages_in_their_places(ran: Ran) -> None:
    broken = Look("broken", 1, (Remark(10, "unresolved identifier: k"),), "unresolved identifier: k")
    shop = Shop({"m := k;": broken, RIGHT: Look("verified")}, {RIGHT: PROVED})
    model = Model([answer("m := k;")], [answer(RIGHT)])
    assert ran(model, shop).status is Status.PROVED
    assert "ERROR" not in model.prompts[0]
    assert "m := k;" in model.prompts[1] and "ERROR: unresolved identifier: k" in model.prompts[1]


def test_what_a_search_found_out_is_shown_too(ran: Ran) -> None:
    wrong = ProveResult(Status.REFUTED, reason="for n = 0 it returns 2")
    shop = Shop({FAR: Look("open", 1, left=("Next",)), RIGHT: Look("verified")}, {FAR: wrong, RIGHT: PROVED})
    model = Model([answer(FAR)], [answer(RIGHT)])
    assert ran(model, shop).status is Status.PROVED
    assert "for n = 0 it returns 2" in model.prompts[1]


def test_the_best_unfinished_file_is_kept(ran: Ran) -> None:
    goals = (GoalReport("Next", 6, GoalStatus.OPEN),)
    partial = ProveResult(Status.UNKNOWN, partial="half", goals=goals, reason="still open: Next.")
    shop = Shop(
        {OPEN: Look("open", 1, left=("Next",)), FAR: Look("open", 2, left=("Next", "Other"))},
        {OPEN: partial, FAR: ProveResult(Status.UNKNOWN, partial="worse")},
    )
    heard = Heard()
    shop.during = lambda observer: observer.notify(events.BestSoFar("from the search", ("Next", "Other")))
    result = ran(Model([answer(FAR), answer(OPEN)]), shop, heard)
    assert (result.status, result.partial, result.goals, result.implemented) == (Status.UNKNOWN, "half", goals, True)
    assert "2 with proofs missing" in result.reason and "nothing is left" in result.reason
    assert [len(b.remaining) for b in heard.best] == [2, 1]  # never one that leaves more to prove


def test_a_refuted_implementation_refutes_no_task(ran: Ran) -> None:
    shop = Shop({FAR: Look("open", 1, left=("Next",))}, {FAR: ProveResult(Status.REFUTED, reason="n = 0")})
    result = ran(Model([answer(FAR)]), shop)
    assert (result.status, result.partial) == (Status.UNKNOWN, text(FAR))


def test_budgets_end_the_rounds(ran: Ran) -> None:
    shop = Shop({OPEN: Look("open", 1, left=("Next",)), FAR: Look("open", 1, left=("Next",))})
    model = Model([answer(OPEN)], [answer(FAR)])
    assert ran(model, shop, checks=1).status is Status.UNKNOWN
    assert (shop.looked, shop.searched) == ([OPEN], [])
    model = Model([answer(OPEN)], [answer(FAR)])
    ran(model, shop, tokens=5)
    assert len(model.prompts) == 1  # no more tokens for another round; what is there was searched
    assert [body for body, _ in shop.searched] == [OPEN]
    told = ran(Model([answer(OPEN)]), shop, tokens=0).reason
    assert told == "the budget of tokens is spent; the model gave no implementation."


def test_a_family_that_writes_no_code_is_told_before_its_model_is_opened(ran: Ran, tmp_path: Path) -> None:
    (tmp_path / "lemmatree.json").write_text('{"family": "compact"}', encoding="utf-8")
    result = ran(Model(), Shop({}), policy=f"hf:{tmp_path}")
    assert result.status is Status.UNSUPPORTED
    assert result.reason.startswith("models of the family compact are not asked for implementations; choose")


def test_answers_that_cannot_be_read_are_counted_and_recorded(ran: Ran) -> None:
    journal = Journal()
    result = ran(Model(["I cannot."]), Shop({}), journal=journal)
    assert (result.status, result.partial, result.implemented) == (Status.UNKNOWN, None, False)
    assert "1 could not be read" in result.reason
    (record,) = journal.records
    assert (record["event"], record["state"], record["text"]) == ("implementation", "not read", "I cannot.")


def test_a_model_that_does_not_answer_ends_with_the_seconds(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(Model):
        async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
            await asyncio.Event().wait()
            raise AssertionError("nothing ends the waiting")

    monkeypatch.setattr(session, "_ENOUGH", 0.01)
    result = ran(Silent(), Shop({}), seconds=0.01)
    assert (result.status, result.implemented) == (Status.UNKNOWN, False)
    assert "had not answered" in result.reason


def test_a_model_that_never_answers_is_told_from_one_that_did(ran: Ran) -> None:
    class Broken(Model):
        def _answer(self, request: SampleRequest) -> Answer:
            return SamplingFailed("it crashed.")

    assert ran(Broken(), Shop({})).unanswered == "the model could not be asked: it crashed"
    assert ran(Model(["I cannot."]), Shop({})).unanswered == ""
    # Neither is one that wrote the code, and was away when its proof was searched for.
    open_ = {OPEN: Look("open", 1, left=("Next",))}
    lost = {OPEN: ProveResult(Status.UNKNOWN, reason="still open", unanswered="the model could not be asked")}
    result = ran(Model([answer(OPEN)]), Shop(open_, lost))
    assert (result.status, result.implemented, result.unanswered) == (Status.UNKNOWN, True, "")


def test_a_task_that_cannot_be_read_here_is_not_asked_for(ran: Ran) -> None:
    model = Model([answer(RIGHT)])
    refused = ProveResult(Status.UNSUPPORTED, reason="Mathlib is not here")
    result = ran(model, Shop({}, refused=refused))
    assert (result.status, result.reason, model.prompts) == (Status.UNSUPPORTED, "Mathlib is not here", [])


def test_without_a_model_it_says_what_is_needed(ran: Ran) -> None:
    result = ran(Model(), Shop({}), policy="symbolic")
    assert result.status is Status.UNSUPPORTED
    assert "language model" in result.reason and "--policy" in result.reason


@pytest.mark.parametrize("status", [Status.UNSUPPORTED, Status.INVALID, Status.UNKNOWN])
def test_what_the_verifier_lacks_is_told_before_the_missing_model(
    status: Status, ran: Callable[..., ProveResult]
) -> None:
    result = ran(Model(), Shop({}, refused=ProveResult(status, reason="Mathlib is not here")), policy="symbolic")
    if status is Status.UNKNOWN:  # no word on the task
        assert result.status is Status.UNSUPPORTED and "language model" in result.reason
    else:
        assert (result.status, result.reason) == (status, "Mathlib is not here")


def test_cancelled_it_propagates_and_the_best_file_was_told(ran: Ran) -> None:
    def cancelled(observer: events.Observer) -> None:
        raise asyncio.CancelledError

    heard = Heard()
    shop = Shop({OPEN: Look("open", 1, left=("Next",))}, during=cancelled)
    with pytest.raises(asyncio.CancelledError):
        ran(Model([answer(OPEN)]), shop, heard)
    assert [b.text for b in heard.best] == [text(OPEN)]
