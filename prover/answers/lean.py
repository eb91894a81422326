"""A model's answer to a Lean goal, read as steps.

A piece of code may be: the goal's declaration, or the whole file, again with a proof where the `sorry` stood; changes
(`patches`) of the file; or tactics alone. New lemmas and definitions among it are helpers. What a file has besides and
the original has too is left out, and so are imports, `open`s and commands that only tell something: they may not be
added, and what needs them fails at the verifier."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from lean_project.gate.align import align, holes
from lean_project.gate.permitted import objection_to
from lean_project.gate.text import ADDED, judge_text, read
from lean_project.steps import LeanGoal, LeanStep, place, unit_of
from lean_project.syntax.commands import Command, commands_of
from lean_project.syntax.holes import sorries
from lean_project.syntax.tokens import Token, simple_name, tokenize
from lean_project.syntax.tokens import code as without_comments
from prover.answers.candidates import blocks_of, candidates
from prover.answers.keys import lean_key
from prover.answers.lean_code import at_margin, balanced, from_prose, parts, renamed, tidied
from prover.answers.reading import NotAnEdit, Reading, unique

_AROUND = frozenset(
    """import open namespace section end variable universe set_option mutual doc example include omit
    suppress_compilation""".split()  # noqa: SIM905
)
_TERMS = frozenset(["fun", "λ", "⟨", "@"])
_OPEN = "sorry"
_LEMMA = re.compile(r"\blemma\b")


def read_lean(
    goal: LeanGoal, answer: str, *, cut: bool = False, raw: bool = False, avoid: Collection[str] = frozenset()
) -> Reading[LeanStep]:
    """The steps that an answer proposes for a goal. Never raises for what it says, and every step leaves the goal's
    text as it is but for its `sorry` and new lemmas.

    cut: the model was stopped at its limit. raw: the answer is code without fences, all of it (completion formats).
    avoid: names that helpers may not have besides those of the goal's text, such as those of the rest of the file.
    """
    found = blocks_of(answer, cut=cut, raw=raw)
    reader = _Reader(goal, frozenset(avoid))
    steps: dict[str, LeanStep] = {}
    refused: list[NotAnEdit] = []
    for piece in candidates(goal.text, found, reader, refused):
        made = reader.step(piece)
        if isinstance(made, NotAnEdit):
            refused.append(made)
        else:
            steps.setdefault(lean_key(made), made)
    return Reading(tuple(steps.values()), unique(refused), found.truncated)


class _Reader:
    def __init__(self, goal: LeanGoal, avoid: frozenset[str]) -> None:
        self.goal = goal
        self.avoid = avoid
        tokens = tokenize(goal.text)
        self.tokens = without_comments(tokens)
        self.commands = commands_of(goal.text, tokens)
        self.taken = parts(self.tokens)
        self.end = unit_of(goal.text, goal.start)[1]
        self.own = next((c for c in self.commands if c.start <= goal.start < c.end and c.start >= goal.unit), None)
        self.before = {c.full_name: c for c in self.commands if c.declares and c.full_name}
        self.hole = next((h for h in sorries(goal.text) if h.start == goal.start), None)
        self.unit = read(goal.text[goal.unit : self.end])

    # ----------------------------------------------------------------------------------------- silent candidates apart

    def from_prose(self, text: str) -> str:
        return from_prose(text)

    def balanced(self, code: str) -> bool:
        return balanced(code)

    def only_helpers(self, code: str) -> bool:
        tokens = tokenize(code)
        commands = commands_of(code, tokens)
        words = without_comments(tokens)
        leads = bool(commands) and bool(words) and commands[0].start <= words[0].start
        return leads and any(c.keyword in ADDED for c in commands) and not any(self._is_own(c) for c in commands)

    def declared(self, code: str) -> frozenset[str]:
        return frozenset(c.name for c in commands_of(code, tokenize(code)) if c.declares and c.name)

    def used(self, code: str) -> frozenset[str]:
        return parts(tokenize(code))

    def joined(self, code: str, helpers: str) -> str:
        return f"{code}\n\n{helpers}"  # tactics have no end but a declaration; helpers are put in front all the same

    # ------------------------------------------------------------------------------------------------------- candidates

    def step(self, text: str) -> LeanStep | NotAnEdit:
        if self.hole is None or self.own is None:
            return NotAnEdit("the goal's text has no `sorry` where the goal is", "no-declaration")
        text = tidied(text)
        tokens = tokenize(text)
        commands = commands_of(text, tokens)
        ours = [c for c in commands if self._is_own(c)]
        if len(ours) > 1:
            return NotAnEdit(f"`{self.goal.declaration}` is declared twice", "redefinition")
        if ours:
            body = self._body(text, tokens, ours[0])
            inside = unit_of(text, ours[0].start) if self.unit.text.startswith("mutual") else (0, 0)
            others = [c for c in commands if c is not ours[0] and not inside[0] <= c.start < inside[1]]
        else:
            fragment = self._fragment(text, commands)
            body, others = (fragment, []) if isinstance(fragment, NotAnEdit) else fragment
        if isinstance(body, NotAnEdit):
            return body
        if not body.strip() or body.strip() in ("sorry", "admit"):
            return NotAnEdit("the proof is still missing in it", "nothing-new")
        helpers = self._helpers(text, tokens, others)
        if isinstance(helpers, NotAnEdit):
            return helpers
        return self._checked(helpers, body)

    def _is_own(self, command: Command) -> bool:
        own = self.own
        if own is None or not command.declares or _kind(command.keyword) != _kind(own.keyword):
            return False
        if not own.name:
            return not command.name
        return bool(command.name) and _ends(own.full_name, command.name)

    def _fragment(self, text: str, commands: Sequence[Command]) -> tuple[str, list[Command]] | NotAnEdit:
        """Tactics, and the lemmas behind them."""
        silent = [c for c in commands if not c.keyword.startswith("#")]
        declared = [c for c in silent if c.keyword not in _AROUND]
        first = commands[0].start if commands else len(text)
        lead = text[:first].strip()
        plain = all(c.keyword in ADDED for c in declared)
        if not lead and declared and plain:
            return NotAnEdit(f"the code neither declares `{self.goal.declaration}` nor holds tactics", "missing")
        if not lead or not plain or len(declared) < len(silent):  # `open ... in` and its like may be tactics
            return self._tactics(text, 0, len(text)), []
        return self._tactics(text, 0, first), declared

    # -------------------------------------------------------------------------------------------------------- the proof

    def _body(self, text: str, tokens: Sequence[Token], command: Command) -> str | NotAnEdit:
        """What stands in the place of the `sorry` where the declaration is given again."""
        own = self.own
        assert own is not None
        given = [t for t in without_comments(list(tokens)) if command.keyword_at <= t.start < command.end]
        frozen = [t for t in self.tokens if own.keyword_at <= t.start < own.end]
        value = [t.text for t in frozen if t.start >= own.value_at >= 0]
        if value in ([":=", _OPEN], [":=", "by", _OPEN]):
            if command.value_at < 0 or not text.startswith(":=", command.value_at):
                return self._differs(text, command)
            head = [t.text for t in given if t.start < command.value_at]
            skip = 2 if own.name else 1
            if head[skip:] != [t.text for t in frozen if t.start < own.value_at][skip:]:
                return self._differs(text, command)
            return self._tactics(text, command.value_at, command.end)
        if self.unit.text.startswith("mutual"):
            start, end = unit_of(text, command.start)
            given = [t for t in without_comments(list(tokens)) if start <= t.start < end]
            frozen = [t for t in self.tokens if self.goal.unit <= t.start < self.end]
        open_ = holes(frozen, self.commands)
        begins = frozenset(k for k, t in enumerate(given) if t.start == command.start)
        found = align(given, frozen, open_, (), (), begins)
        if found.pieces is None:
            return self._differs(text, command)
        ours = next(k for k, t in enumerate(frozen) if t.start == self.goal.start)
        piece = next((p for p in found.pieces if p.hole == ours), None)
        if piece is None:
            return NotAnEdit("the `sorry` that the goal is about is still there", "nothing-new")
        term = self.hole is not None and self.hole.position == "term"
        return self._tactics(text, given[piece.start].start, given[piece.end - 1].end, term=term)

    def _differs(self, text: str, command: Command) -> NotAnEdit:
        start, end = (
            unit_of(text, command.start) if self.unit.text.startswith("mutual") else (command.start, command.end)
        )
        said = judge_text(self.unit, read(text[start:end])).objections
        own = [o for o in said if o.rule != _OPEN]
        if not own:
            return NotAnEdit(f"`{self.goal.declaration}` differs from the original: restore it", "text-changed")
        line = text.count("\n", 0, start) + (own[0].line or 1)
        return NotAnEdit(own[0].message, own[0].rule, line)

    def _tactics(self, text: str, start: int, end: int, *, term: bool = False) -> str:
        """A range of text as tactics at the margin: without the `by` before them, a term given by `exact`."""
        words = without_comments(tokenize(text[start:end]))
        if words and words[0].text == ":=":
            start, term = start + words[0].end, True
            words = without_comments(tokenize(text[start:end]))
        if words and words[0].text == "by":
            return at_margin(text, start + words[0].end, end)
        if term and [w.text for w in words[:2]] == ["(", "by"] and _closing(words) == len(words) - 1:
            return at_margin(text, start + words[1].end, start + words[-1].start)
        body = at_margin(text, start, end)
        if not words or not (term or words[0].text in _TERMS):
            return body
        return f"exact {body}" if "\n" not in body else "exact\n  " + body.replace("\n", "\n  ")

    # ---------------------------------------------------------------------------------------------------------- helpers

    def _helpers(
        self, text: str, tokens: Sequence[Token], commands: Sequence[Command]
    ) -> list[tuple[str, str]] | NotAnEdit:
        """The new declarations among commands, as names and texts."""
        found: list[tuple[str, str]] = []
        words = without_comments(list(tokens))
        for command in commands:
            if command.keyword in _AROUND or command.keyword.startswith("#"):
                continue
            inside = [t.text for t in words if command.keyword_at <= t.start < command.end]
            same = self.before.get(command.full_name) or self.before.get(command.name)
            if same is not None and self._same(inside, command, same, words):
                continue
            if same is None and not command.declares and self._has(inside):
                continue
            line = text.count("\n", 0, command.keyword_at) + 1
            if command.keyword not in ADDED:
                return NotAnEdit(f"`{command.keyword}` may not be added, only lemmas", "declaration", line)
            if same is not None and command.keyword not in ("theorem", "lemma"):
                return NotAnEdit(f"`{command.name}` differs from the original: restore it", "text-changed", line)
            if not command.name:
                return NotAnEdit("a lemma without a name", "name-missing", line)
            helper = at_margin(text, command.start, command.end)
            if command.keyword == "lemma":  # no word of Lean without Mathlib
                helper = _LEMMA.sub("theorem", helper, count=1)
            found.append((command.name, helper))
        return found

    def _same(self, inside: Sequence[str], command: Command, same: Command, words: Sequence[Token]) -> bool:
        """Whether a declaration is the original's, its proof aside."""
        theirs = [t for t in self.tokens if same.keyword_at <= t.start < same.end]
        if inside[2:] == [t.text for t in theirs][2:]:
            return True
        if _kind(command.keyword) != "theorem" or _kind(same.keyword) != "theorem":
            return False
        head = [t.text for t in words if command.keyword_at <= t.start < command.value_at]
        return head[2:] == [t.text for t in theirs if t.start < same.value_at][2:]

    def _has(self, inside: Sequence[str]) -> bool:
        """Whether the original has a command of just these tokens."""
        return any(
            [t.text for t in self.tokens if c.keyword_at <= t.start < c.end] == list(inside)
            for c in self.commands
            if c.keyword == inside[0]
        )

    # ----------------------------------------------------------------------------------------------------------- checks

    def _checked(self, helpers: Sequence[tuple[str, str]], body: str) -> LeanStep | NotAnEdit:
        """The step, its helpers under fresh names, if it changes nothing but what it may."""
        names = [name for name, _ in helpers]
        if len(set(names)) < len(names):
            return NotAnEdit("a lemma is declared twice", "redefinition")
        text = "\n\n".join(t for _, t in helpers)
        hypotheses = {n for h in self.goal.hypotheses for n in h.names}
        clashing = [
            n for n in names if (last := simple_name(n)[-1:]) and (last[0] in self.taken or last[0] in self.avoid)
        ]
        taken = {*self.taken, *self.avoid}
        if clashing:
            taken |= parts(tokenize(f"{text}\n{body}"))
        fresh: dict[str, str] = {}
        for name in clashing:
            if name in hypotheses:
                return NotAnEdit(f"`{name}` is a hypothesis of the goal: choose a fresh name", "name-not-fresh")
            new = next(n for k in range(1, 1 << 30) if (n := f"{name}_{k}") and simple_name(n)[-1] not in taken)
            taken.add(simple_name(new)[-1])
            fresh[name] = new
        step = LeanStep(renamed(body, fresh), renamed(text, fresh))
        said = objection_to(self.goal, step)
        if said:
            return NotAnEdit(said, "not-permitted")
        placed = place(self.goal.text, self.goal.start, self.goal.unit, step)
        end = len(placed.text) - (len(self.goal.text) - self.end)
        for objection in judge_text(self.unit, read(placed.text[self.goal.unit : end])).objections:
            if objection.rule != _OPEN:
                return NotAnEdit(objection.message, objection.rule)
        return step


def _closing(words: Sequence[Token]) -> int:
    """The index of the round bracket that closes the first."""
    depth = 0
    for k, word in enumerate(words):
        depth += (word.text == "(") - (word.text == ")")
        if depth == 0:
            return k
    return -1


def _kind(keyword: str) -> str:
    return "theorem" if keyword == "lemma" else keyword


def _ends(full: str, name: str) -> bool:
    """Whether a name can mean a full one."""
    wanted, given = simple_name(full), simple_name(name)
    given = given[1:] if given[:1] == ("_root_",) else given
    return bool(given) and wanted[-len(given) :] == given
