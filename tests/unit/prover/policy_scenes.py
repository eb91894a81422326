"""What the tests of the symbolic policy share: small programs seen from one loop, oracles, and a verifier's part
played by a function."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dafny_env.driver.types import Diagnostic, Place, Rule
from dafny_env.environment import StepDiagnostic
from dafny_env.index import Located, callables
from dafny_env.scope import TypeTable, loops
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse, parse_expression
from prover.policy.symbolic.houdini import Round
from prover.policy.symbolic.observe import observe
from prover.policy.symbolic.view import Idea, Oracle, View
from search.ports import Rejected, Step, Verdict

STARTER = Path(__file__).resolve().parents[3] / "datasets" / "starter" / "dafny"

SUM = """\
function Sum(s: seq<int>): int {
  if |s| == 0 then 0 else Sum(s[..|s| - 1]) + s[|s| - 1]
}

method Total(a: array<int>) returns (r: int)
  ensures r == Sum(a[..])
{
  r := 0;
  var i := 0;
  while i < a.Length
  {
    r := r + a[i];
    i := i + 1;
  }
}
"""
MAX = """\
method Max(a: array<int>) returns (m: int)
  requires a.Length > 0
  ensures forall k :: 0 <= k < a.Length ==> a[k] <= m
{
  m := a[0];
  var i := 1;
  while i < a.Length
  {
    if a[i] > m { m := a[i]; }
    i := i + 1;
  }
}
"""


@dataclass(frozen=True)
class Scene:
    """A program and one of its declarations."""

    text: str
    program: ast.Program
    located: Located
    table: TypeTable

    @property
    def decl(self) -> ast.Callable:
        return self.located.decl

    @property
    def goal(self) -> DafnyGoal:
        open_lemma = self.decl.is_lemma and self.decl.body is None
        kind = GoalKind.LEMMA if open_lemma else GoalKind.DECLARATION
        return DafnyGoal(kind, self.located.name, self.text, self.decl.span)

    @property
    def views(self) -> list[View]:
        return [View(self.text, self.decl, loop, self.table) for loop in loops(self.text, self.decl, self.table)]

    def view(self, loop: int = 0) -> View:
        return self.views[loop]

    def observed(self) -> Oracle:
        """Runs on small inputs: the same states every time."""
        return observe(self.program, self.located, seed=0)


def scenes(text: str) -> list[Scene]:
    program = parse(text)
    assert not program.problems, program.problems
    table = TypeTable(program)
    return [Scene(text, program, located, table) for located in callables(program).values()]


def scene(text: str, name: str | None = None) -> Scene:
    """The declaration of a name, or else the last one."""
    found = scenes(text)
    return found[-1] if name is None else next(s for s in found if s.located.name == name)


def starter_tasks() -> dict[str, str]:
    return {f.parent.name: f.read_text() for f in sorted(STARTER.glob("*/task.dfy"))}


def texts(ideas: Iterable[Idea]) -> list[str]:
    return [idea.text for idea in ideas]


def expression(text: str) -> ast.Expr:
    expr = parse_expression(text)
    assert isinstance(expr, ast.Expr), text
    return expr


# ------------------------------------------------------------------------------------------------------------- oracles


@dataclass
class Numbers:
    """An oracle that was given its states, as integer variables; it knows arithmetic, comparisons and nothing else."""

    seen: Sequence[Mapping[str, int]] = ()
    entries: Sequence[Sequence[Mapping[str, int]]] = ()
    spent: int = 0

    def states(self, loop: int) -> list[Any]:
        return list(self.seen)

    def size(self, state: Any) -> int:
        return sum(abs(v) for v in state.values())

    def runs(self, loop: int) -> list[list[Any]]:
        return [list(run) for run in self.entries]

    def exchanged(self, loop: int, names: Sequence[str], count: int) -> list[Any]:
        return [
            {n: self.seen[(k + 1 + names.index(n)) % len(self.seen)][n] if n in names else v for n, v in s.items()}
            for k, s in enumerate(self.seen[:count])
        ]

    def holds(self, expr: ast.Expr, state: Any) -> bool | None:
        value = evaluate(expr, state)
        return value if isinstance(value, bool) else None

    def value(self, expr: ast.Expr, state: Any) -> Any:
        return evaluate(expr, state)


def evaluate(expr: ast.Expr, state: Mapping[str, int]) -> Any:
    """The value of arithmetic and comparisons; None for everything else."""
    match expr:
        case ast.Literal(value=value):
            return value
        case ast.Name(id=name):
            return state.get(name)
        case ast.Unary(op="-", operand=inner):
            value = evaluate(inner, state)
            return None if value is None else -value
        case ast.IfExpr(cond=cond, then=then, orelse=orelse):
            return evaluate(then if evaluate(cond, state) else orelse, state)
        case ast.Chain(ops=ops, operands=operands):
            links = [ast.Binary(op, operands[k], operands[k + 1]) for k, op in enumerate(ops)]
            return all(evaluate(link, state) for link in links)
        case ast.Binary(op=op, left=left, right=right):
            a, b = evaluate(left, state), evaluate(right, state)
            if a is None or b is None:
                return None
            known: dict[str, Callable[[Any, Any], Any]] = {
                "+": lambda x, y: x + y,
                "-": lambda x, y: x - y,
                "*": lambda x, y: x * y,
                "==": lambda x, y: x == y,
                "<=": lambda x, y: x <= y,
                "<": lambda x, y: x < y,
                ">=": lambda x, y: x >= y,
                ">": lambda x, y: x > y,
                "&&": lambda x, y: x and y,
                "||": lambda x, y: x or y,
            }
            return known[op](a, b) if op in known else None
    return None


# ------------------------------------------------------------------------------------------------------------ verdicts

Judge = Callable[[Step], Verdict]


@dataclass
class Played:
    """How a strategy ended: its steps, and what it returned."""

    steps: list[Step] = field(default_factory=list)
    end: Any = None

    @property
    def round(self) -> Round:
        assert isinstance(self.end, Round)
        return self.end


def play(strategy: Generator[Step, Verdict, Any], judge: Judge, *, most: int = 1000) -> Played:
    """Drive a strategy with a verdict for each of its steps."""
    played = Played()
    try:
        step = next(strategy)
        while True:
            played.steps.append(step)
            assert len(played.steps) <= most, "the strategy does not come to an end"
            step = strategy.send(judge(step))
    except StopIteration as ended:
        played.end = ended.value
    return played


def lines(step: Step) -> list[str]:
    """The inserted texts, stripped, by the index of their insertion."""
    payload: DafnyStep = step.payload
    return [i.text.strip() for i in payload.insertions]


def error(rule: Rule, *, insertion: int | None = None, base: int | None = None) -> StepDiagnostic:
    return StepDiagnostic(Diagnostic("error", rule, f"{rule} fails", Place(1, 0)), insertion, base or 0, base)


def rejected(*diagnostics: StepDiagnostic) -> Rejected:
    return Rejected("no", diagnostics)
