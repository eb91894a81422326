"""Witnesses: what exists, said aloud. A term that makes an existential true on small values is named in an assertion,
which the solver then proves without having to guess it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from dafny_env.scope import INTEGERS, TypeTable, Variable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import conjuncts, fresh_name, substitute, walk
from prover.policy.symbolic.splitting.claims import claim_about
from prover.policy.symbolic.splitting.rewriting import normal
from prover.policy.symbolic.splitting.trials import Trials
from prover.policy.symbolic.view import printed

MAX_TERMS, MAX_SETS = 60, 4
ZERO, ONE = ast.Literal("int", 0), ast.Literal("int", 1)


def existential(formula: ast.Expr, table: TypeTable) -> ast.Quantifier | None:
    """The formula as `exists`, a predicate unfolded once if need be."""
    match formula:
        case ast.Tuple(items=(inner,)):
            return existential(inner, table)
        case ast.Quantifier(kind="exists"):
            return formula
        case ast.Call(function=ast.Name(id=name), args=args) if name in table.functions:
            function = table.functions[name]
            if isinstance(function.body, ast.Quantifier) and len(function.params) == len(args):
                values = {p.name: a for p, a in zip(function.params, args, strict=True)}
                told = substitute(function.body, values)
                return told if isinstance(told, ast.Quantifier) and told.kind == "exists" else None
    return None


def whole(exists: ast.Quantifier) -> ast.Expr:
    """The range and body of an existential together."""
    return exists.body if exists.range is None else ast.Binary("&&", exists.range, exists.body)


def type_of(bound: ast.BoundVar, body: ast.Expr, table: TypeTable) -> Type:
    """The type of a bound variable: as written, as the functions take it that it is passed to, or an integer."""
    if bound.type is not None:
        return bound.type
    for node in walk(body):
        if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.id in table.functions:
            for formal, arg in zip(table.functions[node.function.id].params, node.args, strict=False):
                if arg == ast.Name(bound.name) and formal.type is not None:
                    return formal.type
    return Type("int")


def witness(
    exists: ast.Quantifier,
    known: Sequence[ast.Expr],
    variables: Sequence[Variable],
    trials: Trials,
    table: TypeTable,
) -> ast.Expr | None:
    """What the existential says of a term for which that is believed; None where there is none for one variable."""
    body = whole(exists)
    if len(exists.vars) != 1:
        return None
    name = exists.vars[0].name
    for term in islice(_terms(type_of(exists.vars[0], body, table), variables, table), MAX_TERMS):
        said = substitute(body, {name: term})
        told, *rest = normal([said, *known], known)
        claim = claim_about(told, rest, variables, table, linked=True)
        if claim is not None and trials.weakest(claim) is not None:
            return said
        if trials.exhausted:
            break
    return None


def _terms(type_: Type, variables: Sequence[Variable], table: TypeTable) -> Iterator[ast.Expr]:
    """Terms of a type, the simplest first; variables that come later are likelier (they name what is known to
    exist)."""
    mine = [ast.Name(v.name) for v in reversed(variables) if v.type is not None and _same(v.type, type_)]
    yield from mine
    if type_.name in INTEGERS:
        for op in ("+", "*"):
            for k, left in enumerate(mine):
                for right in mine[k + (op == "+") :]:
                    yield ast.Binary(op, left, right)
        for one in mine:
            yield ast.Binary("+", one, ONE)
            yield ast.Binary("-", one, ONE)
        yield from (ZERO, ONE)
        for left, right in product(mine, mine):
            if left != right:
                yield ast.Binary("-", left, right)
    resolved = table.resolve(type_)
    for constructor in (
        table.datatypes[resolved.name].constructors if resolved and resolved.name in table.datatypes else ()
    ):
        choices = [
            [
                ast.Name(v.name)
                for v in variables
                if v.type is not None and p.type is not None and _same(v.type, p.type)
            ][:4]
            for p in constructor.params
        ]
        for args in islice(product(*choices), 12):
            yield ast.Call(ast.Name(constructor.name), args) if args else ast.Name(constructor.name)


def _same(left: Type, right: Type) -> bool:
    return left == right or (left.name in INTEGERS and right.name in INTEGERS)


def body_with_witnesses(decl: ast.Callable, trials: Trials, table: TypeTable) -> list[str]:
    """Lines for a lemma: names for what its preconditions say that exists, witnesses for what it ensures, and how the
    sets go together that it compares; empty where there is nothing of that."""
    variables = [Variable(p.name, p.type, "param") for p in decl.params]
    taken = {v.name for v in variables} | set(table.callables)
    lines: list[str] = []
    known: list[ast.Expr] = []
    for expr in (p for c in decl.clauses_of("requires") for e in c.exprs for p in conjuncts(e)):
        exists = existential(expr, table)
        if exists is None or len(exists.vars) != 1:
            known.append(expr)
            continue
        body, bound = whole(exists), exists.vars[0]
        name = fresh_name(bound.name, taken)
        taken.add(name)
        said = substitute(body, {bound.name: ast.Name(name)})
        lines.append(f"var {name} :| {printed(said)};")
        variables.append(Variable(name, type_of(bound, body, table), "local"))
        known += conjuncts(said)
    told = []
    for expr in (p for c in decl.clauses_of("ensures") for e in c.exprs for p in conjuncts(e)):
        exists = existential(expr, table)
        said_of = witness(exists, known, variables, trials, table) if exists is not None else None
        if said_of is not None:
            told.append(f"assert {printed(said_of)};")
    told += _of_sets(decl, known, variables, trials, table)
    return [*lines, *told] if told else []


def _of_sets(
    decl: ast.Callable, known: Sequence[ast.Expr], variables: Sequence[Variable], trials: Trials, table: TypeTable
) -> list[str]:
    """How the sets go together whose sizes a lemma compares: solvers do not think of sets being equal."""
    scope = {v.name: v.type for v in variables}
    sized = [
        n.operand
        for c in decl.clauses_of("ensures")
        for e in c.exprs
        for n in walk(e)
        if isinstance(n, ast.Cardinality)
    ]
    sets = [e for e in dict.fromkeys(sized) if (t := table.of(e, scope)) is not None and t.name == "set"][:MAX_SETS]
    facts: list[ast.Expr] = []
    for whole_set in sets:
        others = [s for s in sets if s != whole_set]
        facts += [
            ast.Binary("==", whole_set, ast.Binary("+", a, b)) for k, a in enumerate(others) for b in others[k + 1 :]
        ]
    facts += [ast.Binary(op, a, b) for k, a in enumerate(sets) for b in sets[k + 1 :] for op in ("==", "!!", "<=")]
    told = []
    for fact in facts:
        claim = claim_about(fact, known, variables, table, linked=True)
        if claim is not None and trials.weakest(claim) is not None:
            told.append(f"assert {printed(fact)};")
    return told
