"""What the strategies know about the goal they work on."""

from __future__ import annotations

from functools import lru_cache

from dafny_env.index import Located, callables
from dafny_env.interp.trace import EFFORT
from dafny_env.scope import TypeTable
from dafny_env.steps import DafnyGoal
from dafny_env.syntax.ast import Program
from dafny_env.syntax.parser import parse


class Setting:
    """What the strategies know about one goal: its file with what it includes, its declaration, and the limits on their
    work. trace_effort: steps of the interpreter."""

    def __init__(self, goal: DafnyGoal, seed: int, trace_effort: int = EFFORT) -> None:
        self.goal = goal
        self.seed = seed
        self.trace_effort = trace_effort
        self.program: Program = parsed(goal.base)
        self.table = TypeTable(self.program, goal.library.offered(self.program))
        for name in goal.forbidden & self.table.callables.keys():
            del self.table.callables[name]  # what waits for this goal is no help
        self.located: Located | None = callables(self.program).get(goal.declaration)


@lru_cache(maxsize=64)
def parsed(text: str) -> Program:
    """The tree of a text; texts recur across the goals of one file."""
    return parse(text)
