"""Statements that stand on their own: what a fact says, told of parameters instead of a program's variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dafny_env.scope import TypeTable, Variable
from dafny_env.syntax import ast
from dafny_env.syntax.print_type import show_type
from dafny_env.syntax.walk import complexity, free_names, fresh_name, substitute, walk
from prover.policy.symbolic.view import printed, replace_node


@dataclass(frozen=True, eq=True)
class Claim:
    """`requires ==> ensures`, for all values of the parameters.

    values: what each parameter stands for where the claim is used. hints: equations, true there, that show the solver
    that the claim speaks of the terms at hand.
    """

    params: tuple[Variable, ...]
    requires: tuple[ast.Expr, ...]
    ensures: ast.Expr
    values: Mapping[str, ast.Expr] = field(default_factory=dict)
    hints: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Operators and parameters: how much the claim speaks of."""
        return complexity(self.ensures) + sum(map(complexity, self.requires)) + len(self.params)

    def __hash__(self) -> int:
        return hash((self.params, self.requires, self.ensures))

    @property
    def idle(self) -> bool:
        """Whether it says nothing: then the hints are all there is to it."""
        return (
            isinstance(self.ensures, ast.Binary) and self.ensures.op == "==" and self.ensures.left == self.ensures.right
        )

    def scope(self) -> dict[str, ast.Type | None]:
        """The parameters' types."""
        return {p.name: p.type for p in self.params}

    def statement(self, name: str, *, prefix: str = "", generic: str = "") -> str:
        """The lemma without a body."""
        params = ", ".join(f"{p.name}: {show_type(p.type)}" for p in self.params if p.type is not None)
        lines = [f"{prefix}lemma {name}{generic}({params})"]
        lines += [f"  requires {printed(e)}" for e in self.requires]
        return "\n".join([*lines, f"  ensures {printed(self.ensures)}"])

    def call(self, name: str) -> str:
        """The lemma's call where the claim is used."""
        return f"{name}({', '.join(printed(self.values[p.name]) for p in self.params)});"


def claim_about(
    ensures: ast.Expr,
    known: Iterable[ast.Expr],
    variables: Sequence[Variable],
    table: TypeTable,
    *,
    linked: bool = False,
) -> Claim | None:
    """A fact as a claim about the variables that it mentions, with what is known of these alone, or with `linked` of
    one of these and others; None where a type is not known, or where it speaks of other states."""
    by_name = {v.name: v for v in variables}
    known = [k for k in known if not _heap(k)]
    ensures, known, told = _without_old(ensures, known, by_name, table)
    if _heap(ensures):
        return None
    mentioned = free_names(ensures)
    if linked:
        mentioned = mentioned.union(*(free_names(k) for k in known if free_names(k) & mentioned & by_name.keys()))
    names = [n for n in by_name if n in mentioned]
    if any(by_name[n].type is None for n in names) or not names:
        return None
    params = tuple(by_name[n] for n in names)
    said = {printed(e): e for e in known if free_names(e) & by_name.keys() <= set(names) and e != ensures}
    values = {n: told.get(n, ast.Name(n)) for n in names}
    return Claim(params, tuple(said.values()), ensures, values)


def _heap(expr: ast.Expr) -> bool:
    return any(isinstance(n, ast.Old | ast.HeapPredicate | ast.This | ast.UnknownExpr) for n in walk(expr))


def _without_old(
    ensures: ast.Expr, known: list[ast.Expr], by_name: dict[str, Variable], table: TypeTable
) -> tuple[ast.Expr, list[ast.Expr], dict[str, ast.Expr]]:
    """With a new variable for each `old(e)`; adds them to the variables, and tells what they stand for."""
    told: dict[str, ast.Expr] = {}
    scope = {n: v.type for n, v in by_name.items()}
    for node in [n for n in walk(ensures) if isinstance(n, ast.Old) and n.label is None]:
        type_ = table.of(node.operand, scope)
        if type_ is None or type_.name.startswith("array"):
            continue
        base = next((n.id for n in walk(node) if isinstance(n, ast.Name)), "before")
        name = fresh_name(f"{base}0", {*by_name, *table.callables})
        by_name[name] = Variable(name, type_, "local")
        told[name] = node
        ensures = replace_node(ensures, node, ast.Name(name))
        known = [replace_node(k, node, ast.Name(name)) for k in known]
    return ensures, known, told


def with_parameter(claim: Claim, old: ast.Expr, new: Variable, value: ast.Expr) -> Claim:
    """The claim with a new parameter in the place of a subterm; parameters that are not spoken of any more are
    dropped."""
    name = ast.Name(new.name)
    ensures = replace_node(claim.ensures, old, name)
    requires = tuple(replace_node(e, old, name) for e in claim.requires)
    return trimmed(
        replace(
            claim,
            params=(*claim.params, new),
            requires=requires,
            ensures=ensures,
            values={**claim.values, new.name: value},
        )
    )


def trimmed(claim: Claim) -> Claim:
    """The claim without parameters that nothing in it mentions."""
    used = frozenset().union(*(free_names(e) for e in (claim.ensures, *claim.requires)))
    params = tuple(p for p in claim.params if p.name in used)
    return replace(claim, params=params, values={p.name: claim.values[p.name] for p in params})


def canonical(params: Sequence[str], requires: Iterable[ast.Expr], ensures: Iterable[ast.Expr]) -> str:
    """A statement with its parameters told by where they occur first: equal for equal statements."""
    conclusions = list(ensures)
    order = [n.id for e in conclusions for n in walk(e) if isinstance(n, ast.Name) and n.id in params]
    values: dict[str, ast.Expr] = {n: ast.Name(f"v'{k}") for k, n in enumerate(dict.fromkeys(order))}
    told = sorted(printed(substitute(e, values)) for e in requires)
    return " && ".join(told) + " ==> " + " && ".join(printed(substitute(e, values)) for e in conclusions)


def merge(claims: Sequence[Claim]) -> Claim | None:
    """One claim that says what all of them say, each under its own hypotheses; None where parameters of one name stand
    for different things."""
    params: dict[str, Variable] = {}
    values: dict[str, ast.Expr] = {}
    for claim in claims:
        for param in claim.params:
            same = params.setdefault(param.name, param).type == param.type
            if not same or values.setdefault(param.name, claim.values[param.name]) != claim.values[param.name]:
                return None
    common = [e for e in claims[0].requires if all(e in c.requires for c in claims)]
    parts = []
    for claim in claims:
        part = claim.ensures
        for expr in reversed([e for e in claim.requires if e not in common]):
            part = ast.Binary("==>", expr, part)
        parts.append(part)
    ensures = parts[0]
    for part in parts[1:]:
        ensures = ast.Binary("&&", ensures, part)
    hints = tuple(dict.fromkeys(h for c in claims for h in c.hints))
    return Claim(tuple(params.values()), tuple(common), ensures, values, hints)
