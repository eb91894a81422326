"""A model's answer to a Dafny goal, read as steps.

A piece of code may be: the goal's declaration, or the whole file, again with proof text in it; changes (`patches`) of
the file; or a fragment without a place of its own: clauses go to the only loop (or, `decreases`, to the declaration),
a loop's header with clauses to that loop, a block is the body of the declaration, statements go to the end of its body.
New lemmas and ghost functions among it are helpers. For a fact: what stands in `by { }`, or any of the above."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dafny_env.index import callables
from dafny_env.permitted import Refused, Rules
from dafny_env.proposal import ProposalProblem, read_proposal
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.walk import walk
from prover.answers.candidates import blocks_of, candidates
from prover.answers.dafny_code import balanced, from_prose, tidied, with_fresh_names, words
from prover.answers.dafny_fragments import with_fragment
from prover.answers.keys import dafny_key
from prover.answers.reading import NotAnEdit, Reading, unique


def read_dafny(
    goal: DafnyGoal,
    answer: str,
    *,
    cut: bool = False,
    raw: bool = False,
    avoid: Collection[str] = frozenset(),
    solver_seconds: int = 10,
) -> Reading[DafnyStep]:
    """The steps that an answer proposes for a goal. Never raises for what it says, and every step is an edit that the
    environment lets pass.

    cut: the model was stopped at its limit. raw: the answer is code without fences, all of it (completion formats).
    avoid: names that helpers may not have besides those of the goal's text. solver_seconds: as in `DafnyStep`.
    """
    found = blocks_of(answer, cut=cut, raw=raw)
    reader = _Reader(goal, frozenset(avoid), solver_seconds)
    steps: dict[str, DafnyStep] = {}
    refused: list[NotAnEdit] = []
    for code in candidates(goal.base, found, reader, refused):
        read = reader.step(code)
        if isinstance(read, NotAnEdit):
            refused.append(read)
        else:
            steps.setdefault(dafny_key(read), read)
    return Reading(tuple(steps.values()), unique(refused), found.truncated)


class _Reader:
    def __init__(self, goal: DafnyGoal, avoid: frozenset[str], solver_seconds: int) -> None:
        self.goal = goal
        self.avoid = avoid
        self.solver_seconds = solver_seconds
        self.base = parse(goal.base)
        self.located = callables(self.base).get(goal.declaration)
        self.rules = Rules(goal.library.programs)

    # ----------------------------------------------------------------------------------------- telling candidates apart

    def from_prose(self, text: str) -> str:
        return from_prose(text)

    def balanced(self, code: str) -> bool:
        return balanced(code)

    def only_helpers(self, code: str) -> bool:
        program = parse(code)
        plain = bool(program.decls) and not program.problems and all(isinstance(d, ast.Callable) for d in program.decls)
        return plain and not self._declares_it(program)

    def declared(self, code: str) -> frozenset[str]:
        return frozenset(n.rpartition(".")[2] for n in callables(parse(code)))

    def used(self, code: str) -> frozenset[str]:
        return words(code)

    def joined(self, code: str, helpers: str) -> str:
        return f"{helpers}\n{code}"

    # ------------------------------------------------------------------------------------------------------------ steps

    def step(self, code: str) -> DafnyStep | NotAnEdit:
        code = with_fresh_names(tidied(code), self.base, self.goal.declaration, self.avoid)
        read = self._fact(code) if self.goal.kind is GoalKind.FACT else self._declaration(code)
        if isinstance(read, NotAnEdit):
            return read
        if self.goal.kind is not GoalKind.FACT and not read.insertions:
            return NotAnEdit("nothing is new in it that belongs to this goal", "nothing-new")
        examined = self.rules.examine(self.goal, read)
        if isinstance(examined, Refused):
            first = examined.complaints[0]
            return NotAnEdit(first.message, first.rule)
        return read

    def _declares_it(self, program: ast.Program) -> bool:
        return any(f".{self.goal.declaration}".endswith(f".{n}") for n in callables(program))

    def _declaration(self, code: str) -> DafnyStep | NotAnEdit:
        if not self._declares_it(parse(code)):
            if self.located is None:
                return NotAnEdit(f"the file does not declare `{self.goal.declaration}`", "no-declaration")
            whole = with_fragment(self.goal.base, self.located.decl, code)
            if isinstance(whole, NotAnEdit):
                return whole
            code = whole
        return self._proposal(self.goal, code)

    def _fact(self, code: str) -> DafnyStep | NotAnEdit:
        """A fact's proof; where the declaration is given back, what was put in the place of the fact."""
        if not self._declares_it(parse(code)):
            return self._proposal(self.goal, code)
        around = replace(self.goal, kind=GoalKind.DECLARATION, hole=None)
        read = self._proposal(around, code)
        if isinstance(read, NotAnEdit):
            return read
        if not read.insertions:
            left = sum(isinstance(n, ast.Assume) for d in parse(code).decls for n in walk(d))
            taken = sum(isinstance(n, ast.Assume) for d in self.base.decls for n in walk(d))
            if left >= taken:
                return NotAnEdit("the fact is still taken for granted in it", "nothing-new")
            return DafnyStep((), read.helpers, solver_seconds=self.solver_seconds)
        place = parse_expression(self.goal.fact)
        ours = [i for i in read.insertions if (proof := _proof(i.text)) is not None and proof.expr == place]
        if len(ours) != 1 or len(read.insertions) != 1:
            return NotAnEdit("only the proof of the fact may be new: put it into `assert ... by { }`", "misplaced")
        return self._proposal(self.goal, f"{read.helpers}\n{ours[0].text}")

    def _proposal(self, goal: DafnyGoal, code: str) -> DafnyStep | NotAnEdit:
        read = read_proposal(goal, code, solver_seconds=self.solver_seconds)
        return NotAnEdit(read.reason, read.rule, read.line) if isinstance(read, ProposalProblem) else read


def _proof(text: str) -> ast.Assert | None:
    """The assertion that a text is, if it is one."""
    program = parse(f"lemma _() {{ {text} }}")
    body = program.decls[0].body if program.decls and isinstance(program.decls[0], ast.Callable) else None
    only = body.body[0] if isinstance(body, ast.Block) and len(body.body) == 1 else None
    return only if isinstance(only, ast.Assert) else None
