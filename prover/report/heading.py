"""What a run says of itself: the facts of its header, how far it has come, and what readers must be warned of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.figures import FINISHED
from prover.evaluation.outcomes import TaskClass, class_of, contradictory
from prover.evaluation.outlook import ONCE
from prover.evaluation.records import Evaluation
from prover.report.words import count, one_line

_FACT = 240


@dataclass(frozen=True, slots=True)
class Heading:
    """A run's own account. settings: all of them, as name and value. finished: it says that it has come to
    its end. ended, wanted: attempts. verifiers: that answered.
    seconds: budget of an attempt; checks: the same."""

    facts: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    finished: bool
    ended: int
    wanted: int
    attempts: int
    verifiers: tuple[str, ...]
    policy: str = ""
    strategy: str = ""
    seconds: float | None = None
    checks: float | None = None

    @property
    def unfinished(self) -> bool:
        """Whether attempts are still to come."""
        return not self.finished and self.ended < self.wanted


def heading(evaluation: Evaluation) -> Heading:
    """The account of a run, also where its header is torn or of another version."""
    told = evaluation.header
    settings = _mapping(told.get("settings"))
    attempts = max(_whole(told.get("attempts")) or 1, _most_attempts(evaluation), 1)
    verifiers = tuple(_verifiers(evaluation))
    ended, wanted = _progress(evaluation, attempts)
    return Heading(
        facts=tuple(_facts(told, settings, attempts, verifiers)),
        settings=tuple((name, _said(value)) for name, value in sorted(settings.items())),
        warnings=tuple(_warnings(evaluation, verifiers, ended, wanted)),
        finished=evaluation.header.get("state") == FINISHED,
        ended=ended,
        wanted=wanted,
        attempts=attempts,
        verifiers=verifiers,
        policy="answers of others" if told.get("answers") else _said(settings.get("policy")),
        strategy="" if told.get("answers") else _said(settings.get("strategy")),
        seconds=_number(settings.get("seconds")),
        checks=_number(settings.get("checks")),
    )


def _facts(
    told: Mapping[str, Any], settings: Mapping[str, Any], attempts: int, verifiers: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    upstream, official = _mapping(told.get("upstream")), _mapping(told.get("official"))
    budgets = [
        f"{_said(settings[name])} {name}" for name in ("seconds", "checks", "tokens") if settings.get(name) is not None
    ]
    cores = f", {_said(told['cores'])} cores" if told.get("cores") else ""
    models = [
        f"{name} ({', '.join(f'{k} {_said(v)}' for k, v in _mapping(facts).items())})" if facts else str(name)
        for name, facts in _mapping(told.get("models")).items()
    ]
    # Of what --data named, nobody has seen that it is the pinned commit.
    doubt = "(supposedly: the folder was not checked against it)" if upstream.get("checked") is False else ""
    searched = not told.get("answers")  # else these settings had no part in it
    facts = {
        "Who proposes": _said(settings.get("policy")) if searched else "",
        "Models": "; ".join(models) if searched else "",
        "Strategy": _said(settings.get("strategy")) if searched else "",
        "Budget of an attempt" if searched else "Time for a verdict": ", ".join(budgets),
        "Attempts at each task": str(attempts),
        "Seed": _said(settings.get("seed")),
        "Verifier": "; ".join(verifiers) or "none answered",
        "Official verifier": _said(official.get("pin")),
        "Answers judged": _said(told.get("answers")),
        "Data": " ".join(filter(None, [_said(upstream.get("url")), _said(upstream.get("commit")), doubt])),
        "Licence of the data": _said(upstream.get("licence")),
        "Tasks' digest": _said(told.get("tasks_sha256"))[:16],
        "Started": _said(told.get("started")),
        "Ended": _said(told.get("ended")),
        "Program": f"prover {_said(told.get('version'))}, Python {_said(told.get('python'))}",
        "Machine": f"{_said(told.get('platform'))}{cores}",
    }
    for label, value in facts.items():
        if value.strip(" ,"):
            yield label, one_line(value, _FACT)


def _warnings(evaluation: Evaluation, verifiers: tuple[str, ...], ended: int, wanted: int) -> Iterator[str]:
    if not evaluation.header:
        yield "Its run.json is missing or damaged: settings, versions and budgets are not known."
    waiting = sum(class_of(record) is TaskClass.NOT_RUN for record in evaluation.tasks)
    if evaluation.header.get("state") == FINISHED:
        if waiting:
            yield f"Without any attempt (no answer was given), and counted as not solved: {count(waiting, 'task')}."
    elif ended < wanted:
        yield f"Unfinished: {ended:,} of {count(wanted, 'attempt')} have ended. The figures are of these only."
    if both := contradictory(evaluation.tasks):
        names = one_line(", ".join(both), _FACT)
        yield f"Proved in one attempt and refuted in another, so one of the two is wrong: {names}."
    if evaluation.unreadable:
        yield f"{count(evaluation.unreadable, 'line')} of its results cannot be read, and are left out."
    retried = sum(attempt.retried > 0 for record in evaluation.tasks for attempt in record.attempts)
    if retried:
        yield f"Tried again after an error, and counted as they ended then: {count(retried, 'attempt')}."
    if evaluation.header.get("also_sources_sha256"):
        yield "It was resumed with another version of the program: its attempts were not all made by the same one."
    pin = _said(_mapping(evaluation.header.get("official")).get("pin"))
    ran = "; ".join(verifiers) or "none"
    said_nothing = [
        attempt
        for record in evaluation.tasks
        for attempt in record.attempts
        if attempt.official is None and attempt.official_reason
    ]
    late = sum(attempt.official_timed_out for attempt in said_nothing)
    if late:
        yield f"Late for the official rule beside other processes, and not decided for that: {count(late, 'attempt')}."
    silent = len(said_nothing) - late
    if silent:
        pinned = f"its pinned verifier is {pin}" if pin else "it needs another verifier"
        yield f"The official rule decided nothing about {count(silent, 'attempt')}: {pinned}, and here ran {ran}."


def _progress(evaluation: Evaluation, attempts: int) -> tuple[int, int]:
    """Attempts that have ended, and how many there are to be."""
    ended = wanted = 0
    for record in evaluation.tasks:
        ended += len(record.attempts)
        if not isinstance(record.task, BenchmarkTask):
            wanted += len(record.attempts)
        elif record.attempts and record.attempts[0].status in ONCE:
            wanted += max(len(record.attempts), 1)
        else:
            wanted += max(attempts, len(record.attempts))
    return ended, wanted


def _most_attempts(evaluation: Evaluation) -> int:
    return max((len(record.attempts) for record in evaluation.tasks), default=0)


def _verifiers(evaluation: Evaluation) -> list[str]:
    """The commonest first."""
    found = Counter(one_line(a.verifier, 120) for record in evaluation.tasks for a in record.attempts if a.verifier)
    return [name for name, _ in found.most_common(4)]


def _mapping(value: object) -> Mapping[str, Any]:
    return {str(key): inner for key, inner in value.items()} if isinstance(value, Mapping) else {}


def _said(value: object) -> str:
    """A value of the header on one line, whatever it is."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return one_line(str(value), _FACT)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000 else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9 else None
