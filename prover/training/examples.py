"""From the journals of runs to examples: a goal, a step that did for it, and how far that was verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from dafny_env import records as dafny
from lean_project import records as lean
from prover.jsonlines import read_json_lines
from prover.policy.language.formats import AnyGoal, AnyStep, Ask, Attempt, Purpose
from search.ports import Rejected

JOURNAL = "journal.jsonl"
MOST_ATTEMPTS = 3
"""Rejected steps of a repair example."""

_OF_A_CHECK = ("goal", "step", "verdict", "score", "subgoals", "open_obligations", "summary", "record")
_OF_A_STEP = ("goal", "subgoals", "record")


class Outcome(StrEnum):
    """How far an example's step was verified, the furthest first."""

    CONFIRMED = "confirmed"
    """Part of a file that the gate accepted."""
    SOLVED = "solved"
    """The verifier accepted it, and all that it left open was solved."""
    ACCEPTED = "accepted"
    """The verifier accepted it with its subgoals taken for granted."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training example. task: the file it comes from, with its run's name. goal: the goal's name, for people.
    score: S of the step (1 where nothing was left open), None where the journal does not tell."""

    task: str
    language: str
    goal: str
    outcome: Outcome
    ask: Ask
    step: AnyStep
    score: float | None


@dataclass(frozen=True, slots=True)
class NoRun:
    """Why a folder gives no examples, with the next step."""

    reason: str


def examples(run: Path, *, least_score: float = 0.0) -> Sequence[Example] | NoRun:
    """The examples of a run folder, or of all those below a folder, in the order of their journals. least_score: of
    accepted decompositions whose subgoals were not all solved; above 1 there are none of these."""
    whole = (run / JOURNAL).is_file() and not (run / "attempts").is_dir()  # an evaluation's journals are its attempts'
    journals = [run / JOURNAL] if whole else sorted(run.glob(f"**/{JOURNAL}"))
    if not journals:
        return NoRun(f"{run}: holds no {JOURNAL}; give run folders, as `prover prove` names them at its end.")
    found: list[Example] = []
    for journal in journals:
        found += _Journal(journal, least_score).examples()
    return found


class _Journal:
    def __init__(self, path: Path, least_score: float) -> None:
        folder = path.parent
        # Of an evaluation, `attempts/TASK/N`; else the run's own folder.
        self.task = f"{folder.parent.name}#{folder.name}" if folder.parent.parent.name == "attempts" else folder.name
        self.least_score = least_score
        self.texts: dict[str, str] = {}
        self.goals: dict[str, tuple[str, str, AnyGoal]] = {}
        self.checked: list[Mapping[str, Any]] = []
        self.solved: dict[str, str] = {}
        self.confirmed: list[Mapping[str, Any]] = []
        for event in read_json_lines(path):
            try:
                self._take(event)
            except (KeyError, TypeError, ValueError):
                continue  # a line that another version wrote, or nobody

    def _take(self, event: Mapping[str, Any]) -> None:
        match event.get("event"):
            case "text_kept":
                self.texts[event["id"]] = event["text"]
            case "goal_added" if event.get("record"):
                texts = {name: self.texts[key] for name, key in event["texts"].items()}
                language = event["record"]["language"]
                read = lean.read_goal if language == "lean" else dafny.read_goal
                self.goals[event["goal"]] = (language, event["name"], read(event["record"], texts))
            case "candidate_checked" if event.get("record"):
                _ = [event[name] for name in _OF_A_CHECK]
                self.checked.append(event)
            case "goal_solved":
                self.solved[event["goal"]] = event["step"]
            case "proof_confirmed":
                self.confirmed += [{name: step[name] for name in _OF_A_STEP} for step in event["steps"]]
            case _:
                pass

    def examples(self) -> Iterator[Example]:
        """Confirmed steps first; each step of a goal once."""
        told: set[tuple[str, AnyStep]] = set()
        for key, record, outcome, score, whole in self._steps():
            if key not in self.goals:
                continue
            language, name, goal = self.goals[key]
            try:
                step: AnyStep = lean.read_step(record) if language == "lean" else dafny.read_step(record)
            except (KeyError, TypeError, ValueError):
                continue
            if (key, step) in told:
                continue
            told.add((key, step))
            purpose = Purpose.CLOSE if whole else Purpose.DECOMPOSE
            yield Example(self.task, language, name, outcome, Ask(goal, purpose), step, score)
            attempts = self._attempts(key, language, step)
            if whole and attempts:
                yield Example(self.task, language, name, outcome, Ask(goal, Purpose.REPAIR, attempts), step, score)

    def _steps(self) -> Iterator[tuple[str, Mapping[str, Any], Outcome, float | None, bool]]:
        """Goal, record, outcome, score, and whether nothing was left open."""
        for confirmed in self.confirmed:
            whole = not confirmed["subgoals"]
            yield confirmed["goal"], confirmed["record"], Outcome.CONFIRMED, 1.0 if whole else None, whole
        proved = {c["goal"] for c in self.confirmed}
        for event in self.checked:
            if event["verdict"] != "accepted" or event["score"] is None or event["goal"] in proved:
                continue
            if self.solved.get(event["goal"]) == event["step"]:
                yield event["goal"], event["record"], Outcome.SOLVED, event["score"], not event["subgoals"]
            elif event["subgoals"] and event["score"] >= self.least_score and event["goal"] not in self.solved:
                yield event["goal"], event["record"], Outcome.ACCEPTED, event["score"], False

    def _attempts(self, key: str, language: str, step: AnyStep) -> tuple[Attempt, ...]:
        """The rejected steps of a goal that came closest, the closest last."""
        read = lean.read_step if language == "lean" else dafny.read_step
        rejected = [e for e in self.checked if e["goal"] == key and e["verdict"] == "rejected"]
        rejected.sort(key=lambda e: -(e["open_obligations"] if e["open_obligations"] is not None else 99))
        found: list[Attempt] = []
        for event in rejected[-MOST_ATTEMPTS:]:
            try:
                tried: AnyStep = read(event["record"])
            except (KeyError, TypeError, ValueError):
                continue
            if tried != step:
                found.append((tried, Rejected(event["summary"], (), event["open_obligations"])))
        return tuple(found)
