"""Reading what Dafny 3.x and 4.x print of counterexamples (`--extract-counterexample`): the first state of each.

Two forms are known, from public transcripts: indented lines `name : type = value` (up to 4.x's first releases), and one
statement `assume 1 == x && |s| == 2 && ...;` (since). Of both, numbers, bools, characters, lengths and elements are
read, the rest is left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dafny_env.interp.values import Value
from dafny_env.refute.partial import Partial
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import conjuncts

_START = re.compile(r"^\s*\S.*\(\d+,\d+\): initial state:\s*$")
_STATE = re.compile(r"^\s*\S.*\(\d+,\d+\):")
_LINE = re.compile(r"^\s+(?P<name>[\w'?]+) : (?P<type>.+?) = (?P<value>.+?)\s*$")
_PART = re.compile(r"(?:\[(?P<index>\d+)\]|(?P<length>Length|\|\w*\|)) := (?P<value>[^,()]+)")
_MOST = 1_000_000


@dataclass(slots=True)
class _Known:
    """What has been read of one variable so far."""

    value: Value = None
    length: int | None = None
    items: dict[int, Partial] = field(default_factory=dict)

    def done(self, name: str) -> Partial:
        """As a partial value; arrays of different names are taken to be different."""
        return Partial(value=self.value, identity=name, length=self.length, items=self.items)


def read_printed(text: str) -> list[dict[str, Partial]]:
    """What the counterexamples in a console's output say of parameters, by name, one dict for each of them."""
    found: list[dict[str, Partial]] = []
    lines = text[:_MOST].splitlines()
    for k, line in enumerate(lines):
        if not _START.match(line):
            continue
        known: dict[str, _Known] = {}
        for later in lines[k + 1 :]:
            if _STATE.match(later):
                break
            statement = later.strip()
            if match := _LINE.match(later):
                _read_line(match["name"], match["value"], known)
            elif statement.startswith("assume ") and statement.endswith(";"):
                said = parse_expression(statement.removeprefix("assume ")[:-1])
                for conjunct in conjuncts(said) if isinstance(said, ast.Expr) else ():
                    _read_equation(conjunct, known)
            elif not later.startswith(("\t", " ")):
                break
        found.append({name: each.done(name) for name, each in known.items()})
    return [each for each in found if each]


def _read_line(name: str, value: str, known: dict[str, _Known]) -> None:
    about = known.setdefault(name, _Known())
    if value.startswith("("):
        for part in _PART.finditer(value):
            here = _literal(parse_expression(part["value"].strip()))
            if part["index"] is not None and here is not None:
                about.items[int(part["index"])] = Partial(here)
            elif part["length"] is not None and type(here) is int:
                about.length = here
        return
    about.value = _literal(parse_expression(value))


def _read_equation(e: ast.Expr, known: dict[str, _Known]) -> None:
    if not isinstance(e, ast.Binary) or e.op != "==":
        return
    left, right = _literal(e.left), _literal(e.right)
    value, place = (left, e.right) if left is not None else (right, e.left)
    if value is None:
        return
    match place:
        case ast.Name(id=name):
            known.setdefault(name, _Known()).value = value
        case ast.Cardinality(operand=ast.Name(id=name)) | ast.Member(object=ast.Name(id=name), name="Length"):
            if type(value) is int:
                known.setdefault(name, _Known()).length = value
        case ast.Index(object=ast.Name(id=name), indices=(ast.Literal(kind="int", value=int(index)),)):
            known.setdefault(name, _Known()).items[index] = Partial(value)


def _literal(e: ast.Expr | ast.SyntaxProblem) -> Value:
    """The value of a number, bool or character; None for anything else."""
    match e:
        case ast.Tuple(items=(inner,)):
            return _literal(inner)
        case ast.Unary(op="-", operand=ast.Literal(kind="int", value=int(number))):
            return -number
        case ast.Literal(kind=("int" | "bool" | "char"), value=value):
            return value
    return None
