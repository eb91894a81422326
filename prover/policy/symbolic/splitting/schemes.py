"""Inductions that a lemma may be proved by: over the constructors of a datatype, over a sequence from either end, over
a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dafny_env.scope import INTEGERS, TypeTable, Variable, formals, matched
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import free_names, fresh_name, substitute, walk
from prover.policy.symbolic.hints import directions
from prover.policy.symbolic.splitting.parts import element_of
from prover.policy.symbolic.view import printed


@dataclass(frozen=True)
class Case:
    """One case of an induction: the lines that open and close it, what the parameter is in it, the variables that this
    introduces with what they stand for in the lemma's body, and the smaller values to which the hypothesis applies."""

    opening: str
    closing: str
    whole: ast.Expr
    variables: tuple[Variable, ...]
    values: dict[str, ast.Expr]
    smaller: tuple[ast.Expr, ...]
    hints: tuple[str, ...] = ()

    @property
    def marked(self) -> frozenset[str]:
        """The variables by which the parameter is larger than what the hypothesis speaks of; of a number, itself."""
        names = {v.name for v in self.variables}
        return frozenset(names - {s.id for s in self.smaller if isinstance(s, ast.Name)} or names)


@dataclass(frozen=True)
class Scheme:
    """Induction over a parameter; before and behind: the lines around all cases."""

    param: ast.Formal
    cases: tuple[Case, ...]
    before: str = ""
    behind: str = ""


def schemes(decl: ast.Callable, table: TypeTable) -> Iterator[Scheme]:
    """Inductions over the parameters that functions in the statement take apart."""
    stated = [e for c in decl.clauses_of("ensures") for e in c.exprs]
    called = {n for e in stated for c in walk(e) if isinstance(c, ast.Call) for a in c.args for n in free_names(a)}
    taken = frozenset(v.name for v in formals(decl)) | frozenset(table.callables)
    for param in decl.params:
        type_ = table.resolve(param.type)
        if type_ is None or param.name not in called:
            continue
        here = ast.Name(param.name)
        if type_.name in table.datatypes:
            yield _by_constructors(param, type_, table, taken)
        elif (element := element_of(type_)) is not None and type_.name != "array":
            front, back = directions(table)
            x, rest = fresh_name("x", taken), fresh_name(f"{param.name}'", taken)
            parts = (Variable(x, element, "local"), Variable(rest, type_, "local"))
            one = ast.SeqDisplay((ast.Name(x),))
            for wanted, whole, first, others in (
                (front, ast.Binary("+", one, ast.Name(rest)), f"{param.name}[0]", f"{param.name}[1..]"),
                (
                    back,
                    ast.Binary("+", ast.Name(rest), one),
                    f"{param.name}[|{param.name}| - 1]",
                    f"{param.name}[..|{param.name}| - 1]",
                ),
            ):
                if wanted:
                    values = {x: _expr(first), rest: _expr(others)}
                    told = printed(substitute(whole, values))
                    case = Case(
                        f"if |{param.name}| > 0 {{",
                        "}",
                        whole,
                        parts,
                        values,
                        (ast.Name(rest),),
                        (f"{param.name} == {told}",),
                    )
                    yield Scheme(param, (case, _empty(param, type_)))
        elif type_.name in INTEGERS and any(here == a for e in stated for c in walk(e) for a in _args(c)):
            less = fresh_name(f"{param.name}'", taken)
            whole = ast.Binary("+", ast.Name(less), ast.Literal("int", 1))
            value = ast.Binary("-", here, ast.Literal("int", 1))
            variable = Variable(less, Type("nat"), "local")
            yield Scheme(
                param,
                (
                    Case(f"if {param.name} > 0 {{", "}", whole, (variable,), {less: value}, (ast.Name(less),)),
                    Case(f"if {param.name} == 0 {{", "}", ast.Literal("int", 0), (), {}, ()),
                ),
            )


def _args(node: ast.Node) -> tuple[ast.Expr, ...]:
    return node.args if isinstance(node, ast.Call) else ()


def _empty(param: ast.Formal, type_: Type) -> Case:
    return Case(f"if |{param.name}| == 0 {{", "}", ast.SeqDisplay(()), (), {}, (), (f"{param.name} == []",))


def _by_constructors(param: ast.Formal, type_: Type, table: TypeTable, taken: frozenset[str]) -> Scheme:
    cases: list[Case] = []
    for constructor in table.datatypes[type_.name].constructors:
        names: list[str] = []
        for part in constructor.params:
            names.append(fresh_name((part.name or "part").lstrip("_") or "part", {*taken, *names}))
        pattern = ast.Pattern(constructor.name, tuple(ast.Pattern(n) for n in names) if names else None)
        parts = matched(pattern, param.type, table) if names else ()
        whole: ast.Expr = ast.Name(constructor.name)
        if names:
            whole = ast.Call(whole, tuple(ast.Name(n) for n in names))
        smaller = tuple(ast.Name(p.name) for p in parts if p.type is not None and p.type.name == type_.name)
        values: dict[str, ast.Expr] = {n: ast.Name(n) for n in names}
        cases.append(Case(f"case {printed(whole)} =>", "", whole, parts, values, smaller))
    return Scheme(param, tuple(cases), f"match {param.name} {{", "}")


def _expr(text: str) -> ast.Expr:
    found = parse_expression(text)
    assert isinstance(found, ast.Expr)
    return found
