"""Solved trees as text: the recorded steps of all goals put into each other, and into one file.

Steps only insert, so a solved tree renders by recursion on inserted texts alone, and no offset is ever recomputed.
Steps of siblings do not see each other and may choose the same name for different helpers: one of them is renamed then.
"""

from __future__ import annotations

from collections.abc import Callable as Fn
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dafny_env.gate.names import declarations
from dafny_env.steps import HELPERS, DafnyGoal, DafnyStep, GoalKind, Insertion, helper_text, proved_fact
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Edit, apply_edits
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.walk import fresh_name


@dataclass(frozen=True, slots=True)
class Solution:
    """A goal's recorded step, the goals that it left open, and the Dafny name under which the goal was solved (equal
    lemmas may have other names elsewhere)."""

    step: DafnyStep
    subgoals: Sequence[DafnyGoal]
    declaration: str


Solved = Fn[[DafnyGoal], Solution]
"""Looks up the recorded solution of a goal."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A step with all of its subgoals' proofs put in: insertions relative to the goal's base, and all helper text."""

    insertions: tuple[Insertion, ...]
    helpers: str

    @property
    def proof(self) -> str:
        """All inserted text, in order."""
        return "".join(i.text for i in self.insertions)


@dataclass(frozen=True, slots=True)
class RootPart:
    """A root goal with its rendered step. helper_offset: where its helpers go. scope: the qualified name of what they
    are declared in."""

    goal: DafnyGoal
    rendered: Rendered
    helper_offset: int
    scope: str = ""


def render(goal: DafnyGoal, solved: Solved) -> Rendered:
    """Put the proofs of all subgoals into a goal's recorded step, recursively.

    Terminates because the search records only steps whose subgoals were solved strictly earlier.
    """
    solution = solved(goal)
    step = solution.step
    texts = {HELPERS: step.helpers, **{k: i.text for k, i in enumerate(step.insertions)}}
    names = Helpers.of(step.helpers)
    names.words.update(*(_words(text) for text in texts.values()), _words(goal.base))
    located = [(s.hole, s) for s in solution.subgoals if s.hole is not None]
    located.sort(key=lambda pair: (pair[0].insertion, pair[0].span))
    proofs = [(hole, sub, names.admit(render(sub, solved))) for hole, sub in located]
    for hole, sub, inner in reversed(proofs):  # so that what is filled in moves no hole that is still to be filled
        text = texts[hole.insertion]
        if sub.kind is GoalKind.FACT:
            filled = proved_fact(sub.fact, inner.proof)[0]
            texts[hole.insertion] = text[: hole.span.start] + filled + text[hole.span.end :]
        else:
            texts[hole.insertion] = text[: hole.span.end] + inner.proof + text[hole.span.end :]
    insertions = tuple(replace(i, text=texts[k]) for k, i in enumerate(step.insertions))
    parts = (*(inner.helpers for _, _, inner in proofs), texts[HELPERS])
    helpers = "\n\n".join(t.strip("\r\n") for t in parts if t.strip())
    return _under_name(Rendered(insertions, helpers), solution.declaration, goal)


def assemble(pristine: str, roots: Sequence[RootPart]) -> str:
    """One file with every root goal's rendered step in it."""
    edits: list[Edit] = []
    names = Helpers(words=set(_words(pristine)))
    for part in roots:
        goal, rendered = part.goal, names.admit(part.rendered, part.scope)
        if helpers := helper_text(rendered.helpers):
            edits.append(Edit(part.helper_offset, part.helper_offset, helpers))
        if goal.kind is GoalKind.FACT:
            edits.append(Edit(goal.site.start, goal.site.end, proved_fact(goal.fact, rendered.proof)[0]))
        else:
            edits.extend(Edit(i.offset, i.offset, i.text) for i in rendered.insertions)
    return apply_edits(pristine, edits)


# -------------------------------------------------------------------------------------------------------------- names


@dataclass(slots=True)
class Helpers:
    """The helper declarations put into one place so far, by name: (scope, text as tokens). words: all words in use."""

    known: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, helpers: str, scope: str = "") -> Helpers:
        """Those of one text."""
        return cls({name: (scope, tokens) for name, tokens in _declared(helpers).items()}, set(_words(helpers)))

    def admit(self, rendered: Rendered, scope: str = "") -> Rendered:
        """The rendered step as it may stand beside what there is: a helper that is there already is left out, one of
        the same name and another text gets a fresh name."""
        own = _declared(rendered.helpers)
        clashing = own.keys() & self.known.keys()
        if clashing:
            same = {name for name in clashing if self.known[name] == (scope, own[name])}
            # A declaration is the same only if all that it mentions is.
            while changed := {name for name in same if (set(own[name]) & own.keys()) - same}:
                same -= changed
            rendered = replace(rendered, helpers=_without(rendered.helpers, same))
            taken = self.words.union(own, _words(rendered.helpers), _words(rendered.proof))
            renaming: dict[str, str] = {}
            for name in sorted(clashing - same):
                renaming[name] = fresh_name(name, taken)
                taken.add(renaming[name])
            rendered = renamed(rendered, renaming)
        self.known.update({name: (scope, tokens) for name, tokens in _declared(rendered.helpers).items()})
        self.words.update(_words(rendered.helpers), _words(rendered.proof))
        return rendered


def renamed(rendered: Rendered, names: Mapping[str, str]) -> Rendered:
    """The rendered step with declarations of its own renamed, wherever it names them."""
    if not names:
        return rendered
    both = {**names, **{f"reveal_{old}": f"reveal_{new}" for old, new in names.items()}}
    insertions = tuple(replace(i, text=_rename(i.text, both)) for i in rendered.insertions)
    return Rendered(insertions, _rename(rendered.helpers, both))


def _under_name(rendered: Rendered, solved_as: str, goal: DafnyGoal) -> Rendered:
    """A proof found for an equal lemma of another name, told about this one."""
    old, new = solved_as.rpartition(".")[2], goal.declaration.rpartition(".")[2]
    if goal.kind is not GoalKind.LEMMA or old == new:
        return rendered
    words = {*_words(rendered.helpers), *_words(rendered.proof)}
    if new in words:  # the proof has a use of its own for this name
        rendered = renamed(rendered, {new: fresh_name(new, words | {old, *_words(goal.base)})})
    return renamed(rendered, {old: new})


def _words(text: str) -> frozenset[str]:
    return frozenset(t.text for t in tokenize(text) if t.kind == "ident")


def _rename(text: str, names: Mapping[str, str]) -> str:
    found = [t for t in tokenize(text) if t.kind == "ident" and t.text in names]
    return apply_edits(text, (Edit(t.start, t.end, names[t.text]) for t in found))


def _declared(helpers: str) -> dict[str, tuple[str, ...]]:
    """Each declaration of a helper text by name, as its tokens."""
    if not helpers.strip():
        return {}
    return {
        name: tuple(t.text for t in tokenize(helpers[decl.span.start : decl.span.end]))
        for decl in declarations(parse(helpers).decls)
        if (name := getattr(decl, "name", ""))
    }


def _without(helpers: str, names: set[str]) -> str:
    spans = [d.span for d in parse(helpers).decls if getattr(d, "name", "") in names]
    return apply_edits(helpers, (Edit(start, end, "") for start, end in spans)).strip()
