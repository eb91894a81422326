"""What opens below a task's row: the task, and for each run its most telling attempt in full."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.outcomes import TaskClass
from prover.evaluation.records import Evaluation, TaskRecord
from prover.report.proofs import Marked, marked, read_inside
from prover.report.trees import Tree, draw_tree, journal_size
from prover.report.words import GLYPHS, Cut, bounded, count, one_line, seconds, usd
from prover.results import AttemptJson, GoalJson, ObjectionJson

MODES = {"proof": "the proof", "code": "code", "codeproof": "code and its proof"}
"""What is to be written, in words."""
MOST_ATTEMPTS = 32
"""Of a task in a run that are listed in a line each."""
_MOST_GOALS, _MOST_ITEMS = 40, 12
_ITEM = 400
NAME = 90
"""Characters of an item that is shown on one line, and of a name in a table."""


@dataclass(frozen=True, slots=True)
class Room:
    """Characters that the parts of an attempt's details may take. said: reason, goals and the like, together."""

    source: int
    proof: int
    tree: int
    said: int

    @classmethod
    def of(cls, share: int) -> Room:
        """Out of so many characters for everything."""
        return cls(source=share // 4, proof=share * 2 // 5, tree=share // 5, said=share * 3 // 20)


@dataclass(frozen=True, slots=True)
class Shown:
    """A run on the page. number: from 1. label: how the page calls it. trees: folders of attempts whose trees are
    drawn, as task and attempt."""

    number: int
    label: str
    evaluation: Evaluation
    policy: str = ""
    strategy: str = ""
    trees: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class GoalDetail:
    """A goal of the file. said: diagnostics, and the witness, each a line."""

    name: str
    line: int
    status: str
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttemptDetail:
    """An attempt in full. lists: headings with what stands below them. text: what was found; text_title: what it is.
    file: where that is, in the run's folder. trace: of an error of ours."""

    run: Shown
    number: int
    status: str
    facts: tuple[tuple[str, str], ...]
    reason: Cut
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    goals: tuple[GoalDetail, ...]
    more_goals: int
    text_title: str
    text: Marked
    file: str
    tree: Tree
    trace: Cut


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task in full. source: None where it is part of an attempt's text. others: further attempts, in a line each."""

    facts: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    informal: Cut
    source: Cut | None
    attempts: tuple[AttemptDetail, ...]
    others: tuple[str, ...]


def telling(attempts: Sequence[AttemptJson]) -> AttemptJson | None:
    """The attempt that says most of a task: the first that proved it, else one that refuted it, else the first."""
    for status in ("proved", "refuted"):
        for attempt in attempts:
            if attempt.status == status:
                return attempt
    return attempts[0] if attempts else None


def task_detail(records: Sequence[tuple[Shown, TaskRecord]], room: Room) -> TaskDetail:
    """Everything about a task, from each run that has it. records: not empty."""
    task = records[0][1].task
    source = task.source if isinstance(task, BenchmarkTask) else ""
    shown = [(run, telling(record.attempts), record) for run, record in records]
    attempts = tuple(_attempt(run, record, one, room) for run, one, record in shown if one is not None)
    whole = len(attempts) == 1 and any(piece.kind == "same" for piece in attempts[0].text.pieces)
    return TaskDetail(
        facts=_task_facts(records[0][1]),
        lists=_lists(
            ("Taken on trust by the task itself", task.baseline if isinstance(task, BenchmarkTask) else ()),
            ("Known to be wrong with the task", task.defects if isinstance(task, BenchmarkTask) else ()),
        ),
        informal=bounded(task.informal if isinstance(task, BenchmarkTask) else "", room.said),
        source=bounded(source, room.source) if source and not whole else None,
        attempts=attempts,
        others=tuple(_others(shown)),
    )


def _task_facts(record: TaskRecord) -> tuple[tuple[str, str], ...]:
    task = record.task
    facts = {"Language": task.language, "Groups": ", ".join(task.groups)}
    if len(task.id) > NAME:
        facts = {"Task": task.id} | facts
    if isinstance(task, BenchmarkTask):
        facts |= {
            "To be written": MODES[task.mode],
            "Statement": task.statement,
            "Imports": ", ".join(task.imports),
            "Pinned upstream": task.toolchain,
            "Licence": task.licence,
            "Upstream commit": task.commit,
        }
    else:
        facts["Not loaded"] = f"{task.status}: {one_line(task.reason, _ITEM)}"
    return tuple((label, one_line(value, _ITEM)) for label, value in facts.items() if value)


def _attempt(run: Shown, record: TaskRecord, line: AttemptJson, room: Room) -> AttemptDetail:
    goals = [_goal(goal) for goal in line.goals[:_MOST_GOALS]]
    title, text, file = _text(run, record, line, room.proof)
    return AttemptDetail(
        run=run,
        number=line.attempt,
        status=line.status,
        facts=_facts(line),
        reason=bounded(line.reason, room.said),
        lists=_lists(
            ("Objections", [_objection(one) for one in line.objections]),
            ("Taken on trust", line.baseline),
            ("Axioms", line.axioms),
        ),
        goals=tuple(goals),
        more_goals=max(len(line.goals) - _MOST_GOALS, 0),
        text_title=title,
        text=text,
        file=one_line(file, _ITEM),
        tree=_tree(run, line, room.tree),
        trace=_trace(run, line, room.tree),
    )


def _text(run: Shown, record: TaskRecord, line: AttemptJson, most: int) -> tuple[str, Marked, str]:
    """Title, text and file of what an attempt found."""
    source = record.task.source if isinstance(record.task, BenchmarkTask) else ""
    for name, title in ((line.output, "Proof"), (line.partial, "Best unfinished file (it proves nothing)")):
        if name:
            found = read_inside(run.evaluation.path, name)
            if found is None:
                return title, Marked(note=f"{one_line(name, _ITEM)} cannot be read in the run's folder."), name
            return title, marked(source, found, most), name
    if line.untouched:
        return "Proof", Marked(note="It verified as it was: nothing had to be inserted."), ""
    return "", Marked(), ""


def _tree(run: Shown, line: AttemptJson, most: int) -> Tree:
    folder = run.evaluation.attempt_folder(line)
    if (line.id, line.attempt) in run.trees:
        return draw_tree(folder, line, run.policy, run.strategy, most)
    if journal_size(folder):  # else nothing was searched
        number = f"#{line.attempt}" if line.attempt > 1 else ""
        words = shlex.join(["prover", "show", str(run.evaluation.path), f"{line.id}{number}"])
        return Tree(note=f"Not drawn here, to keep this page small: {one_line(words, _ITEM)}")
    return Tree()


def _trace(run: Shown, line: AttemptJson, most: int) -> Cut:
    """Of an error of ours, for developers."""
    if line.status != TaskClass.ERROR.value:
        return Cut("")
    folder = run.evaluation.path
    name = run.evaluation.attempt_folder(line).relative_to(folder) / "error.txt"
    return bounded(read_inside(folder, str(name)) or "", most)


def _facts(line: AttemptJson) -> tuple[tuple[str, str], ...]:
    """What it cost, and what both rules say."""
    facts = {
        "Strict rule": _verdict(line.strict),
        "Official rule": _official(line),
        "Time": seconds(line.seconds),
        "Checks": f"{line.checks:,}",
        "Tokens": f"{line.tokens:,}" if line.tokens else "",
        "Cost": usd(line.cost_usd) if line.tokens else "",
        "Put together from": count(line.subgoals, "subgoal") if line.subgoals else "",
        "Seed": "" if line.seed is None else str(line.seed),
        "Verifier": line.verifier + (", which saw a translation" if line.translated else ""),
        "Code": "written too" if line.implemented else "",
        "Untouched": "it verified as it was" if line.untouched else "",
    }
    return tuple((label, one_line(value, _ITEM)) for label, value in facts.items() if value)


def _official(line: AttemptJson) -> str:
    """Empty where no such rule was applied."""
    if line.official is None and not line.official_reason:
        return ""
    return _verdict(line.official) + (f": {line.official_reason}" if line.official_reason else "")


def _verdict(passed: bool | None) -> str:
    return {True: "✓ passes", False: "✗ does not pass", None: "– not decided"}[passed]


def _goal(goal: GoalJson) -> GoalDetail:
    said = [one_line(text, _ITEM) for text in goal.diagnostics[:_MOST_ITEMS]]
    if len(goal.diagnostics) > _MOST_ITEMS:
        said.append(f"and {count(len(goal.diagnostics) - _MOST_ITEMS, 'message')} more")
    if goal.witness:
        said.append(f"counterexample: {one_line(goal.witness, _ITEM)}")
    return GoalDetail(one_line(goal.name, 120), goal.line, goal.status.value, tuple(said))


def _objection(one: ObjectionJson) -> str:
    place = f" (line {one.line})" if one.line is not None else ""
    return f"{one.rule}: {one.message}{place}"


def _lists(*named: tuple[str, Iterable[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Those that have items, each item on one line."""
    made = []
    for name, items in named:
        lines = [one_line(item, _ITEM) for item in items]
        more = [f"and {len(lines) - _MOST_ITEMS} more"] if len(lines) > _MOST_ITEMS else []
        if lines:
            made.append((name, (*lines[:_MOST_ITEMS], *more)))
    return tuple(made)


def _others(shown: Iterable[tuple[Shown, AttemptJson | None, TaskRecord]]) -> Iterable[str]:
    for run, told, record in shown:
        rest = [attempt for attempt in record.attempts if attempt is not told]
        for line in rest[:MOST_ATTEMPTS]:
            figures = f"{line.checks:,} checks, {seconds(line.seconds)}"
            reason = f": {one_line(line.reason, 160)}" if line.reason else ""
            glyph = GLYPHS[TaskClass(line.status)]
            yield f"{run.label}, attempt {line.attempt}: {glyph} {line.status}, {figures}{reason}"
        if len(rest) > MOST_ATTEMPTS:
            yield f"{run.label}: {count(len(rest) - MOST_ATTEMPTS, 'attempt')} more"
