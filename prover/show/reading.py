"""From a run folder to the events of one task's search, and the facts that stand beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from prover.evaluation.records import TASKS, attempt_folder
from prover.jsonlines import read_json_lines
from search import journal as log

JOURNAL = "journal.jsonl"
_WHERE = "give the run folder that `prover prove` or `prover eval` names at its end"
_NAMED = 8
"""Tasks that a message names."""
_UNTOLD: dict[str, dict[str, object]] = {"candidate_checked": {"rung": "", "unclipped": None}}
"""What journals of earlier versions do not tell, by kind of event."""


@dataclass(frozen=True, slots=True)
class ShowProblem:
    """Why there is nothing to show, with the next step."""

    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What `run.json` and `results.jsonl` say. status: empty while there is no result; then reason, checks (of the
    whole run, confirmation included) and seconds are not known either."""

    file: str = ""
    target: str | None = None
    strategy: str = ""
    policy: str = ""
    seed: int | None = None
    status: str = ""
    reason: str = ""
    checks: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One task of a run. task: its name, for people. torn: the last line is half a line; unreadable: how many other
    lines are no events."""

    run: Path
    task: str
    facts: Facts
    events: tuple[log.Event, ...]
    torn: bool = False
    unreadable: int = 0


def read_run(run: Path, task: str | None = None) -> RunRecord | ShowProblem:
    """Read a run folder. `task` chooses among several: one with a journal in a folder of its own, or one that events
    name. Never raises for what is there or is not."""
    try:
        if not run.exists():
            return ShowProblem(f"{run}: no such folder; {_WHERE}.")
        if not run.is_dir():
            return ShowProblem(f"{run}: is no folder; give the run folder in which {JOURNAL} stands.")
        return _choose(run, task)
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        return ShowProblem(f"{run}: cannot be read: {getattr(error, 'strerror', None) or error}.")


def _choose(run: Path, task: str | None) -> RunRecord | ShowProblem:
    if (run / TASKS).is_file():
        return _of_evaluation(run, task)
    inside = _folders(run)
    journal = _Journal(run / JOURNAL) if (run / JOURNAL).is_file() else None
    named = journal.tasks if journal is not None else []
    if task in inside or (task is None and journal is None and len(inside) == 1):
        name = task or inside[0]
        return _record(run, run / name, _Journal(run / name / JOURNAL), name)
    if journal is not None:
        if task in named or (task is None and len(named) == 1):
            return _record(run, run, journal, task or named[0])
        facts = _facts(run, run, None)
        name = f"{facts.file}:{facts.target}" if facts.target else facts.file or run.resolve().name
        if not named and (task is None or (not inside and task in _names(facts, name))):
            return _record(run, run, journal, None, name)
        return ShowProblem(_tasks(run, task, [*named, *inside] or [name]))
    if inside:
        return ShowProblem(_tasks(run, task, inside))
    facts = _facts(run, run, None)
    if facts.status:
        why = f" {facts.reason}" if facts.reason else ""
        return ShowProblem(f"{run}: nothing was searched in this run ({facts.status}), so there is no tree.{why}")
    return ShowProblem(f"{run}: holds no {JOURNAL}; {_WHERE}.")


def _of_evaluation(run: Path, task: str | None) -> RunRecord | ShowProblem:
    """An attempt of an evaluation: the first of a task, or another one by `TASK#2`."""
    ids = [str(record.get("id")) for record in read_json_lines(run / TASKS)]
    if task is None and len(ids) == 1:
        task = ids[0]
    name, mark, number = (task or "").rpartition("#")
    if task in ids or not (mark and number.isdigit()):
        name, number = task or "", "1"
    if name not in ids:
        return ShowProblem(_tasks(run, task, ids))
    rows = [r for r in read_json_lines(run / "results.jsonl") if (r.get("id"), r.get("attempt")) == (name, int(number))]
    retried = rows[-1].get("retried") if rows else 0
    folder = attempt_folder(run, name, int(number), retried if isinstance(retried, int) else 0)
    facts = replace(_facts_of(_header(run), rows), file=name)
    if not (folder / JOURNAL).is_file():
        why = "It verified as it was." if rows and rows[-1].get("untouched") else ""
        why = "It is an answer that was judged." if _header(run).get("answers") else why
        told = f" ({facts.status}). {facts.reason or why}".rstrip()
        state = told if facts.status else ": it has not been made yet."
        return ShowProblem(f"{run}: nothing was searched in attempt {number} at {name}{state}")
    found = _record(run, folder, _Journal(folder / JOURNAL), None, task)
    return found if isinstance(found, ShowProblem) else replace(found, facts=facts)


def _folders(run: Path) -> list[str]:
    """Tasks with a journal of their own; there may be a slash in a task's name."""
    found = [path.parent for pattern in (f"*/{JOURNAL}", f"*/*/{JOURNAL}") for path in run.glob(pattern)]
    return sorted(path.relative_to(run).as_posix() for path in found)


def _names(facts: Facts, name: str) -> set[str | None]:
    """What the only task of a run may be called."""
    return {name, facts.file, facts.target, Path(facts.file).name, Path(facts.file).stem}


def _tasks(run: Path, task: str | None, known: Sequence[str]) -> str:
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    names = ", ".join(known[:_NAMED]) + more
    if task is not None:
        return f"{run}: has no task {task}; it has: {names}."
    return f"{run}: has {len(known)} tasks; name one of them behind the folder: {names}."


class _Journal:
    """The objects of a journal, torn and foreign lines left out, but counted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: list[dict[str, Any]] = []
        self.unreadable = 0
        self.torn = False
        with path.open("rb") as file:
            for line in file:
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    record = None
                if isinstance(record, dict):
                    self.records.append(record)
                elif not line.endswith(b"\n"):
                    self.torn = True
                elif line.strip():
                    self.unreadable += 1
        self.tasks = list(dict.fromkeys(r["task"] for r in self.records if isinstance(r.get("task"), str)))


def _record(
    run: Path, folder: Path, journal: _Journal, task: str | None, name: str | None = None
) -> RunRecord | ShowProblem:
    if not journal.records:
        if journal.unreadable or journal.torn:
            return ShowProblem(f"{journal.path}: no line of it is JSON, so it is no journal; {_WHERE}.")
        return ShowProblem(f"{journal.path}: is empty: the run ended before its search began. Run it again.")
    wanted = [r for r in journal.records if r.get("task") in (task, None)] if journal.tasks else journal.records
    events, strange = _events(wanted)
    return RunRecord(
        run=run,
        task=task or name or run.name,
        facts=_facts(run, folder, task),
        events=tuple(events),
        torn=journal.torn,
        unreadable=journal.unreadable + strange,
    )


def _events(records: Iterable[Mapping[str, Any]]) -> tuple[list[log.Event], int]:
    """The events of the kinds known here, and how many were not what their kind says. Other kinds are passed over."""
    adapters = _adapters()
    events: list[log.Event] = []
    strange = 0
    for record in records:
        kind = record.get("event")
        if not isinstance(kind, str) or kind not in adapters:
            continue
        try:
            told = {name: _whole(value) for name, value in record.items()}
            events.append(adapters[kind].validate_python(_UNTOLD.get(kind, {}) | told))
        except ValidationError:
            strange += 1
    return events, strange


@cache
def _adapters() -> Mapping[str, TypeAdapter[log.Event]]:
    """Of every kind of event. Made once: that takes longer than reading most journals."""
    return {kind.kind: TypeAdapter(kind) for kind in log.Event.__subclasses__()}


def _whole(value: Any) -> Any:
    """Text without halves of characters (which JSON can say, but no file can hold)."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    return [_whole(one) for one in value] if isinstance(value, list) else value


def _facts(run: Path, folder: Path, task: str | None) -> Facts:
    """From the files in the task's own folder, else from those of the run, where lines of results name their task."""
    header = _header(folder) or _header(run)
    rows = list(read_json_lines(folder / "results.jsonl")) if folder != run or task is None else []
    rows = rows or [row for row in read_json_lines(run / "results.jsonl") if row.get("id") == task]
    return _facts_of(header, rows)


def _facts_of(header: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Facts:
    row = rows[-1] if rows else {}
    given = header.get("settings")
    settings: Mapping[str, Any] = given if isinstance(given, dict) else {}
    seed, checks, seconds = settings.get("seed"), row.get("checks"), row.get("seconds")
    return Facts(
        file=_text(header.get("file")),
        target=_text(header.get("target")) or None,
        strategy=_text(settings.get("strategy")),
        policy=_text(settings.get("policy")),
        seed=seed if isinstance(seed, int) else None,
        status=_text(row.get("status")),
        reason=_text(row.get("reason")),
        checks=checks if isinstance(checks, int) else None,
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
    )


def _header(folder: Path) -> Mapping[str, Any]:
    try:
        header = json.loads((folder / "run.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return header if isinstance(header, dict) else {}


def _text(value: object) -> str:
    return str(_whole(value)) if isinstance(value, str) else ""
