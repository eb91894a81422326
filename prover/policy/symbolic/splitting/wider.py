"""Claims made wider: what cancels is cancelled, quotients and subterms become parameters, idle hypotheses go.

Boyer and Moore's generalisation ("A Computational Logic", chapter 12), guarded by trials on small values: whatever
stays true there is kept. A wider claim is often the one that induction proves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dafny_env.scope import INTEGERS, TypeTable, Variable, matched
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import complexity, free_names, fresh_name, substitute, transform, walk
from prover.policy.symbolic.algebra import Polynomial, expand, written
from prover.policy.symbolic.splitting.claims import Claim, trimmed, with_parameter
from prover.policy.symbolic.splitting.ends import stepped
from prover.policy.symbolic.splitting.parts import in_pieces
from prover.policy.symbolic.splitting.reduction import unfolded
from prover.policy.symbolic.splitting.trials import Trials
from prover.policy.symbolic.view import occurrences, printed, replace_node

MAX_SUBTERMS = 10
"""Subterms that are tried in the place of a parameter."""


def widened(claim: Claim, trials: Trials, table: TypeTable) -> list[Claim]:
    """The claim in ever wider forms, the widest first and the claim itself last; empty where it is not believed. All of
    its hypotheses go through every change, and only those that are needed are left at the end: what is idle about a
    term may be needed about the parameter in its place."""
    start = trials.weakest(claim)
    if start is None:
        return []
    found = [start]
    changes: list[Callable[[Claim], Claim]] = [
        equated,
        lambda c: built(c, trials, table),
        lambda c: replace(c, ensures=unfolded(c.ensures, table)),
        lambda c: _stepped(c, trials, table),
        cancelled,
        without_quotients,
        without_differences,
        lambda c: in_pieces(c, trials, table),
    ]
    for change in changes:
        wider = change(claim)
        if wider != claim and (believed := trials.weakest(wider)) is not None:
            claim = wider
            found.append(believed)
    for _ in range(3):
        both = _parameterised(claim, trials, table)
        if both is None:
            break
        claim, believed = both
        found.append(believed)
    return list(dict.fromkeys(found[::-1]))


# ------------------------------------------------------------------------------------------------------------- algebra


def cancelled(claim: Claim) -> Claim:
    """An equation of integers with equal summands and common factors of all summands left out."""
    match claim.ensures:
        case ast.Binary(op="==", left=left, right=right):
            difference = expand(ast.Binary("-", left, right))
        case _:
            return claim
    if not difference or any(len(m) > 4 for m in difference):
        return claim
    monomials = list(difference)
    common = [a for a in dict.fromkeys(monomials[0]) if all(a in m for m in monomials)]
    for atom in common:
        difference = {_without(m, atom): c for m, c in difference.items()}
    before = {m for side in (left, right) for m in (expand(side) or {})}
    if not common and len(difference) >= len(before):
        return claim
    sides = [{m: c for m, c in difference.items() if c > 0}, {m: -c for m, c in difference.items() if c < 0}]
    equation = parse_expression(" == ".join(_side(s) for s in sides))
    if not isinstance(equation, ast.Binary):
        return claim
    hints = claim.hints
    if common:  # that products of more than two factors may be regrouped is not obvious to solvers
        factor = " * ".join(f"({a})" for a in common)
        for side, given in zip((equation.left, equation.right), (left, right), strict=True):
            told = substitute(given, claim.values)
            hints = (*hints, f"{printed(told)} == {factor} * ({printed(substitute(side, claim.values))})")
    return trimmed(replace(claim, ensures=equation, hints=hints))


def _without(monomial: tuple[str, ...], atom: str) -> tuple[str, ...]:
    rest = list(monomial)
    rest.remove(atom)
    return tuple(rest)


def _side(polynomial: Polynomial) -> str:
    return written(polynomial) if polynomial else "0"


def equated(claim: Claim) -> Claim:
    """`a <= c <==> b <= c` made of `a == b`."""
    match claim.ensures:
        case ast.Binary(
            op="<==>", left=ast.Binary(op=op, left=a, right=b), right=ast.Binary(op=other, left=c, right=d)
        ) if op == other and op in ("<", "<=", ">", ">=", "==", "!="):
            if b == d:
                return trimmed(replace(claim, ensures=ast.Binary("==", a, c)))
            if a == c:
                return trimmed(replace(claim, ensures=ast.Binary("==", b, d)))
    return claim


def _stepped(claim: Claim, trials: Trials, table: TypeTable) -> Claim:
    """A function unfolded towards a call of it that is spoken of already."""
    ensures, equations = stepped(claim.ensures, table, lambda e: trials.decided(e, claim))
    told = (tuple(substitute(side, claim.values) for side in e) for e in equations)
    hints = (f"{printed(left)} == {printed(right)}" for left, right in told)
    return replace(claim, ensures=ensures, hints=tuple(dict.fromkeys((*claim.hints, *hints))))


def built(claim: Claim, trials: Trials, table: TypeTable) -> Claim:
    """Parameters of datatypes told as the constructor that the hypotheses leave, with its parts as parameters."""
    for param in claim.params:
        datatype = table.datatypes.get(param.type.name) if param.type is not None else None
        for constructor in datatype.constructors if datatype is not None and not datatype.co else ():
            is_this = ast.Member(ast.Name(param.name), f"{constructor.name}?")
            if not constructor.params or trials.decided(is_this, claim) is not True:
                continue
            taken = {p.name for p in claim.params} | set(table.callables)
            names: list[str] = []
            for part in constructor.params:
                names.append(fresh_name(part.name or "part", {*taken, *names}))
            pattern = ast.Pattern(constructor.name, tuple(ast.Pattern(n) for n in names))
            parts = matched(pattern, param.type, table)
            if len(parts) == len(names) and all(p.type is not None for p in parts):
                claim = _rebuilt(claim, param, constructor, parts)
            break
    return claim


def _rebuilt(claim: Claim, param: Variable, constructor: ast.Constructor, parts: Sequence[Variable]) -> Claim:
    here = ast.Name(param.name)
    whole = ast.Call(ast.Name(constructor.name), tuple(ast.Name(p.name) for p in parts))
    fields = {
        ast.Member(here, formal.name): ast.Name(part.name)
        for formal, part in zip(constructor.params, parts, strict=True)
    }

    def told(expr: ast.Expr) -> ast.Expr:
        for member, name in fields.items():
            expr = replace_node(expr, member, name)
        return substitute(expr, {param.name: whole})

    values = {name.id: substitute(member, claim.values) for member, name in fields.items()}
    return trimmed(
        replace(
            claim,
            params=(*claim.params, *parts),
            requires=tuple(map(told, claim.requires)),
            ensures=told(claim.ensures),
            values={**claim.values, **values},
        )
    )


def without_differences(claim: Claim) -> Claim:
    """`n - m` told as a parameter k, and n as `k + m`."""
    exprs = (claim.ensures, *claim.requires)
    for node in (n for e in exprs for n in walk(e)):
        match node:
            case ast.Binary(op="-", left=ast.Name(id=name), right=ast.Name(id=less)) if name != less:
                params = {p.name: p for p in claim.params}
                types = [params[n].type for n in (name, less) if n in params]
                if len(types) == 2 and all(t is not None and t.name in INTEGERS for t in types):
                    taken = {*params, *(n for e in exprs for n in free_names(e))}
                    new = Variable(fresh_name("k", taken), types[0], "local")
                    whole = ast.Binary("+", ast.Name(new.name), ast.Name(less))
                    value = substitute(node, claim.values)
                    inner = with_parameter(claim, node, new, value)
                    return trimmed(
                        replace(
                            inner,
                            requires=tuple(substitute(e, {name: whole}) for e in inner.requires),
                            ensures=substitute(inner.ensures, {name: whole}),
                        )
                    )
    return claim


def without_quotients(claim: Claim) -> Claim:
    """`n / 2` told as a parameter h, and n as `2 * h` or `2 * h + 1` where the hypotheses tell which."""
    for node in walk(claim.ensures):
        match node:
            case ast.Binary(op="/", left=ast.Name(id=name), right=ast.Literal(kind="int", value=int(divisor))):
                rest = next((r for e in claim.requires if (r := _remainder(e, name, divisor)) is not None), None)
                if divisor > 1 and rest is not None:
                    return _as_multiple(claim, node, name, divisor, rest)
    return claim


def _remainder(expr: ast.Expr, name: str, divisor: int) -> int | None:
    """What a hypothesis says that `name % divisor` is."""
    match expr:
        case ast.Unary(op="!", operand=ast.Binary(op="==", left=left, right=right)):
            return _remainder(ast.Binary("!=", left, right), name, divisor)
        case ast.Unary(op="!", operand=ast.Tuple(items=(inner,))):
            return _remainder(ast.Unary("!", inner), name, divisor)
        case ast.Binary(
            op="==" | "!=" as op,
            left=ast.Binary(op="%", left=ast.Name(id=inner), right=ast.Literal(value=by)),
            right=ast.Literal(kind="int", value=int(rest)),
        ) if inner == name and by == divisor and 0 <= rest < divisor:
            return rest if op == "==" else (1 - rest if divisor == 2 else None)
    return None


def _as_multiple(claim: Claim, quotient: ast.Expr, name: str, divisor: int, rest: int) -> Claim:
    param = next(p for p in claim.params if p.name == name)
    new = Variable(fresh_name("h", {p.name for p in claim.params}), param.type, "local")
    claim = with_parameter(claim, quotient, new, substitute(quotient, claim.values))
    whole: ast.Expr = ast.Binary("*", ast.Literal("int", divisor), ast.Name(new.name))
    if rest:
        whole = ast.Binary("+", whole, ast.Literal("int", rest))
    hint = f"{printed(claim.values.get(name, ast.Name(name)))} == "
    hint += printed(substitute(whole, claim.values))

    def told(expr: ast.Expr) -> ast.Expr:
        return transform(substitute(expr, {name: whole}), _folded)

    # A hypothesis about the remainder is true of every h now: trials will see that.
    return trimmed(
        replace(
            claim,
            requires=tuple(map(told, claim.requires)),
            ensures=told(claim.ensures),
            hints=(*claim.hints, hint),
        )
    )


def _folded(node: ast.Node) -> ast.Node:
    """`2 * h + 1 - 1` told as `2 * h`."""
    match node:
        case ast.Binary(
            op="-",
            left=ast.Binary(op="+", left=left, right=ast.Literal(kind="int", value=int(a))),
            right=ast.Literal(kind="int", value=int(b)),
        ) if a >= b:
            return left if a == b else ast.Binary("+", left, ast.Literal("int", a - b))
    return node


# ------------------------------------------------------------------------------------------------------------ subterms


def _parameterised(claim: Claim, trials: Trials, table: TypeTable) -> tuple[Claim, Claim] | None:
    """The claim with its largest subterm that can be anything told as a parameter: with all hypotheses, and with those
    that are needed."""
    taken = {p.name for p in claim.params} | set(table.callables)
    for term, type_ in _subterms(claim, table):
        name = fresh_name("n" if type_.name in INTEGERS else "t", taken)
        for told in (type_, Type("nat")) if type_.name == "int" else (type_,):
            wider = with_parameter(claim, term, Variable(name, told, "local"), substitute(term, claim.values))
            if (believed := trials.weakest(wider)) is not None and not _defined(name, believed):
                return wider, believed
            if trials.exhausted:
                return None
    return None


def _defined(name: str, claim: Claim) -> bool:
    """Whether a hypothesis tells what a parameter is: then it cannot be anything after all."""
    return any(isinstance(e, ast.Binary) and e.op == "==" and name in free_names(e) for e in claim.requires)


def _subterms(claim: Claim, table: TypeTable) -> list[tuple[ast.Expr, Type]]:
    """Terms without bound variables in a claim, with their types: the largest first, and those that occur only once
    last."""
    bound = {v.name for n in walk(claim.ensures) if isinstance(n, ast.Quantifier | ast.SetComp) for v in n.vars}
    scope = claim.scope()
    sides: set[ast.Expr] = set()
    match claim.ensures:
        case ast.Binary(left=left, right=right):
            sides = {claim.ensures, left, right}
        case whole:
            sides = {whole}
    found: dict[ast.Expr, Type] = {}
    for node in walk(claim.ensures):
        if isinstance(node, ast.Call):
            _accumulated(node, table, found, claim.ensures)
        if not isinstance(node, ast.Call | ast.Slice | ast.Index | ast.Binary | ast.Member | ast.Cardinality):
            continue
        names = free_names(node)
        if node in found or names & bound or not names & scope.keys():
            continue
        if node in sides and occurrences(claim.ensures, node) < 2:
            continue
        type_ = table.of(node, scope)
        if type_ is not None and type_.name not in ("bool", "array") and _written_out(type_):
            found[node] = type_
    ranked = sorted(found, key=lambda n: (occurrences(claim.ensures, n) < 2, -complexity(n)))
    return [(n, found[n]) for n in ranked][:MAX_SUBTERMS]


def _accumulated(call: ast.Call, table: TypeTable, found: dict[ast.Expr, Type], whole: ast.Expr) -> None:
    """Numbers and constructors passed to a function more than once: where accumulators start."""
    function = table.functions.get(call.function.id) if isinstance(call.function, ast.Name) else None
    for formal, argument in zip(function.params, call.args, strict=False) if function is not None else ():
        start = isinstance(argument, ast.Literal) or (
            isinstance(argument, ast.Name) and argument.id in table.constructors
        )
        type_ = table.resolve(formal.type)
        if start and type_ is not None and _written_out(type_) and occurrences(whole, argument) > 1:
            found.setdefault(argument, formal.type or type_)


def _written_out(type_: Type) -> bool:
    """Whether a type's arguments are known where it has some."""
    return bool(type_.args) or type_.name not in ("seq", "set", "multiset", "map", "array")
