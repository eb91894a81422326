"""A goal as the policy sees it: its variables with their types, its hypotheses, the functions that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lean_project.driver.types import Hypothesis
from lean_project.outline import Declared, Inductive, Outline, closing, outline
from lean_project.steps import LeanGoal
from lean_project.syntax.tokens import Kind, code, tokenize

_PROPOSITION = re.compile(r"[=≠≤≥<>∧∨¬↔∃∀∈∣]|(?<!\w)(?:True|False)(?!\w)")
_EXISTS = re.compile(r"(?<!\w)Exists fun (\w+(?: : [^=]+?)?) =>")
_CLOSES = frozenset(")]}⟩")
_OPENS = frozenset("([{⟨")

read = lru_cache(maxsize=64)(outline)
"""Outlines of texts, kept: many goals share one."""


@dataclass(frozen=True)
class Look:
    """One goal."""

    goal: LeanGoal

    @cached_property
    def outline(self) -> Outline:
        """What the file declares in front of the goal's declaration."""
        return read(self.goal.prefix)

    @property
    def target(self) -> str:
        """The target on one line."""
        return _written(self.goal.target)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the target, and the first component of each (`xs` of `xs.length`)."""
        return words_of(self.target)

    @cached_property
    def reached(self) -> frozenset[str]:
        """The variables of the target, and those that facts tie to them."""
        found = {n for n, _ in self.variables if n in self.words}
        for _ in self.facts:
            for _, fact in self.facts:
                there = {n for n, _ in self.variables if n in words_of(fact)}
                if there & found:
                    found |= there
        return frozenset(found)

    @cached_property
    def signs(self) -> frozenset[str]:
        """The words and the operators of the target."""
        return self.words | {t.text for t in code(tokenize(self.target)) if t.kind is Kind.SYMBOL}

    @cached_property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """Names and types of what is data and can be named."""
        return tuple((n, h.type) for h in self.goal.hypotheses if not self._proves(h) for n in h.accessible)

    @cached_property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Names and statements of what is proved, as far as it can be named."""
        return tuple((n, _written(h.type)) for h in self.goal.hypotheses if self._proves(h) for n in h.accessible)

    @cached_property
    def unnamed(self) -> int:
        """How many hypotheses have no name that a proof could use."""
        return sum(len(h.names) - len(h.accessible) for h in self.goal.hypotheses)

    @cached_property
    def functions(self) -> tuple[Declared, ...]:
        """The functions of the file that the target or a fact speaks of, and those that these are written with; those
        of the target first."""
        found: dict[str, Declared] = {}
        # In the order of the target, not of a set: the same seed gives the same run.
        spoken = sorted(self.words, key=lambda w: (self.target.find(w), w))
        waiting = [*spoken, *(w for _, f in self.facts for w in sorted(words_of(f)))]
        by_name = {n: f for f in self.outline.functions for n in (f.name, f.name.rpartition(".")[2])}
        order = [w for w in dict.fromkeys(waiting) if w in by_name]
        order.sort(key=lambda w: w not in self.words)
        for word in order:
            found[by_name[word].name] = by_name[word]
        for function in list(found.values()):
            for word in sorted(function.words):
                if word in by_name and not by_name[word].recursive:
                    found.setdefault(by_name[word].name, by_name[word])
        return tuple(found.values())

    @cached_property
    def lemmas(self) -> tuple[Declared, ...]:
        """Earlier lemmas of the file that share a function with the goal."""
        names = {f.name.rpartition(".")[2] for f in self.functions}
        return tuple(x for x in self.outline.lemmas if names & words_of(x.result))

    def type_of(self, name: str) -> str:
        """The type of a variable; empty for what is none."""
        return next((t for n, t in self.variables if n == name), "")

    def inductive(self, name: str) -> Inductive | None:
        """The inductive type of a variable."""
        return self.outline.inductive(self.type_of(name))

    def fresh(self, *wanted: str, bound: bool = False) -> list[str]:
        """Names like those wanted that nothing in the goal has. bound: they stand in the target as bound names, which
        may be kept."""
        taken = {n for h in self.goal.hypotheses for n in h.names} | (set() if bound else set(self.words))
        found: list[str] = []
        for name in wanted:
            candidate, k = name, 1
            while candidate in taken:
                candidate, k = f"{name}{k}", k + 1
            taken.add(candidate)
            found.append(candidate)
        return found

    def _proves(self, hypothesis: Hypothesis) -> bool:
        """Whether a hypothesis is a proof. Lean does not say; a statement has a relation or connective, or is a
        variable proposition, or the call of a function of the file that gives a proposition."""
        type_ = hypothesis.type
        if type_ in ("Prop", "Type") or type_.startswith(("Sort ", "Type ")):
            return False
        if _PROPOSITION.search(type_):
            return True
        head = type_.split()[0].strip("(") if type_.split() else ""
        if any(head in h.names and h.type == "Prop" for h in self.goal.hypotheses):
            return True
        function = self.outline.function(head)
        if function is not None:
            return function.arrows[-1] == "Prop"
        arrows = [p.strip() for p in type_.split("→")]
        props = {n for h in self.goal.hypotheses if h.type == "Prop" for n in h.names}
        return len(arrows) > 1 and arrows[-1] in props


def _written(term: str) -> str:
    """A term on one line, with `∃` where Lean's printer had no notation for it."""
    return _EXISTS.sub(r"∃ \1,", " ".join(term.split()))


def words_of(text: str) -> frozenset[str]:
    """The words of a term, and the parts of dotted ones."""
    found: set[str] = set()
    for token in code(tokenize(text)):
        if token.kind is Kind.WORD:
            found.add(token.text)
            found.update((token.text.split(".")[0], token.text.rpartition(".")[2]))
    return frozenset(found)


def split_top(text: str, operators: Iterable[str]) -> tuple[str, str, str] | None:
    """The first of the operators outside brackets, with what is left and right of it; None where there is none, or a
    binder stands in front."""
    wanted = frozenset(operators)
    depth = 0
    for token in code(tokenize(text)):
        if depth == 0 and token.text in ("∀", "∃", "fun", "λ", "let", "have", "if", "match"):
            return None
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        if depth == 0 and token.text in wanted:
            return text[: token.start].strip(), token.text, text[token.end :].strip()
    return None


def parts_of(text: str, operator: str) -> list[str]:
    """The operands of a right-associative operator at the top of a term."""
    found: list[str] = []
    while (parts := split_top(text, [operator])) is not None:
        found.append(parts[0])
        text = parts[2]
    return [*found, text]


def applied(text: str, function: str, count: int) -> list[tuple[tuple[int, int], list[str]]]:
    """Where a function is applied to at least so many arguments in a term: the span of each application, and its
    arguments as written."""
    tokens = code(tokenize(text))
    found: list[tuple[tuple[int, int], list[str]]] = []
    for k, token in enumerate(tokens):
        if token.text != function:
            continue
        args: list[str] = []
        at = k + 1
        while at < len(tokens) and len(args) < count:
            end = at
            if tokens[at].text in _OPENS:
                end = closing(tokens, at)
            elif tokens[at].kind not in (Kind.WORD, Kind.NUMBER, Kind.STRING, Kind.CHAR):
                break
            args.append(text[tokens[at].start : tokens[end].end])
            at = end + 1
        if len(args) == count:
            found.append(((token.start, tokens[at - 1].end), args))
    return found
