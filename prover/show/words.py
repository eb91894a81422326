"""How the parts of a search tree are called, in a line or in full: shared by text and SVG."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping

from prover.console import duration, noun, one_line, plain
from prover.show.fold import Box, Fold, Kind, once
from prover.show.reading import RunRecord
from prover.show.tree import Check, GoalView, SearchTree, Status, StepView

GLYPHS = {
    Status.PROVED: "✓",
    Status.OPEN: "○",
    Status.GIVEN_UP: "~",
    Status.REFUTED: "✗",
    Status.DEAD: "†",
}
STEP_GLYPHS = {"solved it": "▶", "usable": "▷", "set aside": "‖", "lost": "†", "spare": "▷"}
CHECK_GLYPHS = {"rejected": "×", "unknown": "?", "refuted": "✗", "accepted": "="}
REFERENCE, FOLDED = "↗", "…"
HEADLINES = {
    "proved": "Proved",
    "refuted": "Refuted",
    "unknown": "Not proved",
    "invalid": "Invalid",
    "unsupported": "Unsupported",
    "error": "Not proved: an error of ours",
    "": "No result",
}
_MOST_MESSAGES = 12
_OPENING, _CLOSING = "(<{[", ")>}]"
_BEFORE_NAME = 24
"""Characters that may stand before a declaration's name: `lemma `, `private theorem `."""


def shorten(text: str, width: int) -> str:
    """The text on one line of at most so many characters."""
    line = one_line(text)
    return line if len(line) <= width else line[: max(width - 1, 0)].rstrip() + "…"


def lines_of(text: str, width: int, most: int) -> list[str]:
    """The first lines of a text as it is, without common indentation and empty lines, long ones wrapped."""
    lines: list[str] = []
    for line in textwrap.dedent(plain(text).expandtabs(2)).split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(line, width, subsequent_indent=f"{indent}    "[: width // 2])
    if len(lines) > most:
        lines = [*lines[: most - 1], f"… and {len(lines) - most + 1} more lines"]
    return lines


def statement(goal: GoalView, width: int) -> str:
    """The statement on one line: without the name in front, which is said already, and without parameters; of what is
    too long for the line, what it ensures."""
    line, name = one_line(goal.text), one_line(goal.name)
    place = line.find(name) if name else -1
    if 0 <= place <= _BEFORE_NAME:
        line = _behind_parameters(line[place + len(name) :].lstrip()) or line
    ensured = line.find(" ensures ")
    if len(line) > width and ensured > 0:
        line = f"…{line[ensured:]}"
    return shorten(line, width)


def _behind_parameters(text: str) -> str:
    """What follows the bracketed groups at the beginning of a text."""
    depth = 0
    for place, character in enumerate(text):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif depth <= 0 and character != " ":
            return text[place:]
    return ""


def figures(goal: GoalView) -> str:
    """`d 6, 5 checks, 1.4 s`."""
    spent = [f"{goal.checks} {noun(goal.checks, 'check')}", duration(goal.seconds)] if goal.checks else []
    return ", ".join([f"d {goal.d}", *spent])


def standing(goal: GoalView) -> str:
    """The goal's status, and what more there is to say of it."""
    if goal.status is Status.REFUTED:
        return f"refuted by {one_line(goal.witness)}" if goal.witness else "refuted"
    said = [one_line(goal.why)] if goal.why else []
    if goal.status in (Status.OPEN, Status.GIVEN_UP) and not goal.needed:
        said.append("not needed any more")
    if goal.unconfirmed and goal.status is not Status.PROVED:
        said.append(f"unconfirmed counterexample: {one_line(goal.unconfirmed[-1])}")
    if goal.errors and goal.status is not Status.PROVED:
        said.append(f"error: {one_line(goal.errors[-1])}")
    return ": ".join([goal.status, *(["; ".join(said)] if said else [])])


def score_words(step: StepView) -> str:
    """`S 0.62`, with r where it was clipped; empty where the journal has no score."""
    if step.score is None:
        return ""
    clipped = step.score == 0 and step.unclipped is not None and step.unclipped < 0
    return f"S {step.score:.2g}" + (f" (r {step.unclipped:.2g})" if clipped else "")


def step_state(step: StepView, goal: GoalView) -> str:
    """A key of `STEP_GLYPHS`."""
    if step.solves:
        return "solved it"
    if step.lost_to:
        return "lost"
    if step.set_aside:
        return "set aside"
    return "usable" if goal.status in (Status.OPEN, Status.GIVEN_UP) else "spare"


def step_words(step: StepView, goal: GoalView, goals: Mapping[str, GoalView]) -> str:
    """What became of a step."""
    state = step_state(step, goal)
    if state == "lost":
        return "lost: " + ", ".join(f"{one_line(goals[key].name)} is {goals[key].status}" for key in step.lost_to)
    if state == "set aside":
        return "set aside: " + ("it failed together with other parts" if step.conflict else "no room in the beam")
    if state == "usable":
        proved = sum(goals[key].status is Status.PROVED for key in step.subgoals)
        return f"{proved} of {len(step.subgoals)} proved"
    return state if state == "solved it" else "not needed"


def kind_words(check: Check) -> str:
    """The kind of a candidate, and its rung."""
    return f"{one_line(check.kind)} ({one_line(check.rung)})" if check.rung else one_line(check.kind)


def fold_words(fold: Fold) -> list[str]:
    """What is summed up, in a few phrases."""
    steps = [(fold.lost, "lost"), (fold.aside, "set aside"), (fold.spare, "more")]
    said = ["the step that solved it"] if fold.solved else []
    said += [f"{count} {word} {noun(count, 'step')}" for count, word in steps if count]
    if total := fold.goals.total():
        statuses = by_status(fold.goals)
        one = statuses == f"{total} {next(iter(+fold.goals))}"
        said.append(f"{statuses} {noun(total, 'goal')}" if one else f"{total} goals ({statuses})")
    if said:
        spent = [f"{fold.checks} {noun(fold.checks, 'check')}, {duration(fold.seconds)} in all"] if fold.checks else []
        return [*said, *candidates(fold), *spent]
    return [f"{'; '.join(candidates(fold))}, {duration(fold.seconds)}"]


def candidates(fold: Fold) -> list[str]:
    """`9 rejected, 1 unknown (8 close, 2 repair)`; nothing where there are none."""
    if not fold.verdicts:
        return []
    rungs = f" ({counted(fold.rungs)})" if len(fold.rungs) > 1 else ""
    said = {"accepted on trial" if v == "accepted" else v: fold.verdicts[v] for v in CHECK_GLYPHS}
    return [counted(said) + rungs]


def by_status(counts: Mapping[Status, int]) -> str:
    """`2 proved, 10 open`, always in the same order."""
    return counted({status: counts.get(status, 0) for status in Status})


def fold_message(fold: Fold) -> str:
    """The commonest thing that the verifier said."""
    if not fold.messages:
        return ""
    text, count = fold.messages[0]
    return f"{count} times: {text}" if count > 1 else text


def counted(counts: Mapping[Status, int] | Mapping[str, int]) -> str:
    """`2 refuted, 10 open`."""
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


# ------------------------------------------------------------------------------------------------------- header


def headline(record: RunRecord) -> str:
    """Verdict and task. Without a result (a run that was killed) the search's own end is not taken for one."""
    return f"{HEADLINES.get(record.facts.status, record.facts.status)}: {one_line(record.task)}"


def header_lines(record: RunRecord, tree: SearchTree) -> list[str]:
    """Figures, the reason, and what is to be known of the journal."""
    facts = record.facts
    whole = tree.checks if facts.checks is None else facts.checks
    figures = [
        f"{whole} {noun(whole, 'check')}" + (f" ({tree.checks} in the search)" if whole != tree.checks else ""),
        duration(tree.seconds if facts.seconds is None else facts.seconds),
        f"{tree.tokens} tokens" if tree.tokens else "",
        f"seed {tree.seed if tree.seed is not None else facts.seed}",
        f"policy {facts.policy or ', '.join(tree.policies)}" if facts.policy or tree.policies else "",
        f"strategy {facts.strategy}" if facts.strategy else "",
    ]
    statuses = by_status(Counter(goal.status for goal in tree.goals.values()))
    count = len(tree.goals)
    lines = [", ".join(filter(None, figures)), f"{count} {noun(count, 'goal')}: {statuses}" if count else ""]
    lines += [one_line(facts.reason or tree.reason) if facts.status != "proved" else "", *notes(record, tree)]
    return [line for line in lines if line]


def notes(record: RunRecord, tree: SearchTree) -> list[str]:
    """What is missing from the tree, and why; and what came of putting the parts together."""
    said = []
    if record.torn:
        said.append("The journal breaks off in the middle of a line: shown is what came before.")
    elif not tree.ended:
        said.append("The journal has no end: the run was killed, or still goes on. Shown is what there is.")
    if record.unreadable:
        count = record.unreadable
        said.append(f"{count} {noun(count, 'line')} of the journal cannot be read; parts of the tree may be missing.")
    if tree.searches > 1:
        said.append(f"The journal tells of {tree.searches} searches; this is the last one.")
    if not tree.goals:
        said.append("The journal names no goals.")
    failed = [one.summary for one in tree.assemblies if one.verdict != "accepted"]
    if failed:
        times = f"{len(failed)} {noun(len(failed), 'time')}"
        said.append(f"All goals were closed, but failed together {times}: {one_line(once(failed[-1]))}")
    return said


# ------------------------------------------------------------------------------------------------------ in full


def details(box: Box, tree: SearchTree) -> str:
    """Everything about a box: statement, verdicts, diagnostics."""
    match box.kind:
        case Kind.STEP:
            return "\n".join(_step_details(box.step, box.goal, tree))
        case Kind.CHECK if box.check is not None:
            return "\n".join(_check_details(box.check))
        case Kind.FOLD if box.fold is not None:
            said = [f"{count} times: {text}" if count > 1 else text for text, count in box.fold.messages]
            return "\n".join(map(plain, ["Not drawn: " + "; ".join(fold_words(box.fold)), *said]))
        case _:
            return "\n".join(_goal_details(box.goal))


def _goal_details(goal: GoalView) -> list[str]:
    said = [f"{plain(goal.name)}: {standing(goal)}", plain(goal.text), figures(goal)]
    if goal.verdicts:
        said.append(f"candidates: {counted(goal.verdicts)}" + (f" ({counted(goal.rungs)})" if goal.rungs else ""))
    if goal.tests:
        said.append(f"{goal.tests} {noun(goal.tests, 'check')} looking for counterexamples")
    if goal.cancelled:
        said.append(f"{goal.cancelled} {noun(goal.cancelled, 'check')} cancelled")
    said += [f"unconfirmed counterexample: {plain(witness)}" for witness in goal.unconfirmed]
    said += [f"error: {plain(error)}" for error in goal.errors]
    return said + _messages(goal.others)


def _messages(checks: Iterable[Check]) -> list[str]:
    counts = Counter(once(check.summary) for check in checks if check.summary)
    said = [
        f"{count} times: {plain(text)}" if count > 1 else plain(text)
        for text, count in counts.most_common(_MOST_MESSAGES)
    ]
    return said + ([f"and {len(counts) - _MOST_MESSAGES} other messages"] if len(counts) > _MOST_MESSAGES else [])


def _step_details(step: StepView, goal: GoalView, tree: SearchTree) -> list[str]:
    said = [*_check_details(step.check), step_words(step, goal, tree.goals)]
    if step.score is not None:
        r = "minus infinity, or not recorded" if step.unclipped is None else f"{step.unclipped:.4g}"
        said.insert(1, f"S = {step.score:.4g}, r before clipping = {r}")
    said += [f"leaves open: {plain(tree.goals[key].name)} ({tree.goals[key].status})" for key in step.subgoals]
    return said + ([f"failed together: {plain(step.conflict)}"] if step.conflict else [])


def _check_details(check: Check) -> list[str]:
    head = f"{kind_words(check)}, check {check.number} by {one_line(check.policy)}: {check.verdict}"
    left = [] if check.open_obligations is None else [f"{check.open_obligations} obligations left"]
    said = [plain(once(check.summary))] if check.summary else []
    return [f"{head}, {duration(check.seconds)}", *left, *said, plain(check.text)]
