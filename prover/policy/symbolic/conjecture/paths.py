"""What straight-line code does to variables: every way through a block, with the conditions on it and the values at its
end, told in the variables at its start.

Strongest postconditions over plain assignments, with what is not plain forgotten: nothing that is read off here is
believed, it only says where lemmas may be needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dafny_env.scope import TypeTable, assigned_in
from dafny_env.syntax import ast
from dafny_env.syntax.walk import conjuncts, free_names, pattern_variables, substitute

MAX_PATHS = 12
UNKNOWN = "?"
"""In the names of values that nobody knows."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way through some code. values: of variables that were assigned. known: what called methods ensure. returned:
    whether the method ends there."""

    values: Mapping[str, ast.Expr] = field(default_factory=dict)
    conditions: tuple[ast.Expr, ...] = ()
    known: tuple[ast.Expr, ...] = ()
    returned: bool = False

    def told(self, expr: ast.Expr) -> ast.Expr:
        """What a formula at the end says, in the variables at the start."""
        return substitute(expr, self.values)


def is_known(expr: ast.Expr) -> bool:
    """Whether a term speaks of nothing that was forgotten."""
    return not any(UNKNOWN in name for name in free_names(expr))


def paths(body: Sequence[ast.Stmt], decl: ast.Callable, table: TypeTable) -> list[Path]:
    """The ways through some statements of a declaration, so many at most; those that loops are on say nothing of what
    the loops assign."""
    return _Walker(decl, table).through(list(body), [Path()])


class _Walker:
    def __init__(self, decl: ast.Callable, table: TypeTable) -> None:
        self._results = [r.name for r in decl.returns]
        self._table = table
        self._forgotten = 0

    def through(self, body: Sequence[ast.Stmt], here: list[Path]) -> list[Path]:
        for stmt in body:
            done = [p for p in here if p.returned]
            here = [q for p in here if not p.returned for q in self._one(stmt, p)]
            here = [*done, *here][:MAX_PATHS]
        return here

    def _one(self, stmt: ast.Stmt, path: Path) -> list[Path]:
        match stmt:
            case ast.Block(body=body):
                return self.through(body, [path])
            case ast.Labelled(statement=inner) | ast.Decorated(statement=inner):
                return self._one(inner, path)
            case ast.If(guard=guard, then=then, orelse=orelse, binder=()):
                if isinstance(guard, ast.Star):
                    return [*self._one(then, path), *(self._one(orelse, path) if orelse else [path])]
                guard = path.told(guard)
                yes = replace(path, conditions=(*path.conditions, guard))
                no = replace(path, conditions=(*path.conditions, negated(guard)))
                return [*self._one(then, yes), *(self._one(orelse, no) if orelse is not None else [no])]
            case ast.MatchStmt(subject=subject, cases=cases):
                return [q for pattern, stmts in cases for q in self._case(path, path.told(subject), pattern, stmts)]
            case ast.VarDecl(names=declared, rhs=rhs, such_that=None, pattern=None):
                return [self._assigned(path, [n.name for n in declared], rhs)]
            case ast.Assign(targets=targets, rhs=rhs, such_that=None):
                assigned = [t.id if isinstance(t, ast.Name) else "" for t in targets]
                return [self._assigned(self._written(path, targets), assigned, rhs)]
            case ast.Return(rhs=rhs):
                return [replace(self._assigned(path, self._results, rhs) if rhs else path, returned=True)]
            case ast.Assert() | ast.Reveal() | ast.Calc() | ast.Print() | ast.ForallStmt():
                return [path]
        return [self._forget(path, _assigned_names(stmt))]

    def _case(self, path: Path, subject: ast.Expr, pattern: ast.Pattern, stmts: Sequence[ast.Stmt]) -> list[Path]:
        known = self._table.constructors.get(pattern.name)
        if known is None or any(a.args is not None for a in pattern.args or ()):
            return self.through(stmts, [self._forget(path, pattern_variables(pattern))])
        values = dict(path.values)
        for argument, formal in zip(pattern.args or (), known[1].params, strict=False):
            values[argument.name] = ast.Member(subject, formal.name) if formal.name else self._nobody(argument.name)
        condition = ast.Member(subject, f"{pattern.name}?")
        return self.through(stmts, [replace(path, values=values, conditions=(*path.conditions, condition))])

    def _assigned(self, path: Path, names: Sequence[str], rhs: Sequence[ast.Rhs]) -> Path:
        if len(rhs) == 1 and isinstance(rhs[0].expr, ast.Call) and (called := self._method(rhs[0].expr)) is not None:
            return self._called(path, names, called, [path.told(a) for a in rhs[0].expr.args])
        values = dict(path.values)
        for k, name in enumerate(names):
            value = rhs[k].expr if k < len(rhs) and len(rhs) == len(names) else None
            plain = value is not None and not isinstance(value, ast.Star)
            if name:
                values[name] = path.told(value) if plain and value is not None else self._nobody(name)
        return replace(path, values=values)

    def _method(self, call: ast.Call) -> ast.Callable | None:
        if not isinstance(call.function, ast.Name):
            return None
        found = self._table.callables.get(call.function.id)
        return None if found is None or found.is_function else found

    def _called(self, path: Path, names: Sequence[str], method: ast.Callable, args: Sequence[ast.Expr]) -> Path:
        """A result that the contract tells as a term has that value; of the others the contract is known."""
        bound = {p.name: a for p, a in zip(method.params, args, strict=False)}
        for name, result in zip(names, method.returns, strict=False):
            bound[result.name] = self._nobody(name or result.name)
        ensures = [e for c in method.clauses_of("ensures") for e in c.exprs]
        for result in method.returns:
            for expr in ensures:
                match expr:
                    case ast.Binary(op="==" | "<==>", left=ast.Name(id=name), right=right) if name == result.name:
                        told = substitute(right, bound)
                        if is_known(told):
                            bound[name] = told
        values = dict(path.values)
        values |= {n: bound[r.name] for n, r in zip(names, method.returns, strict=False) if n}
        return replace(path, values=values, known=(*path.known, *(substitute(e, bound) for e in ensures)))

    def _written(self, path: Path, targets: Sequence[ast.Expr]) -> Path:
        """Arrays and objects of which a part is assigned."""
        names = []
        for target in targets:
            match target:
                case ast.Index(object=ast.Name(id=name)) | ast.Member(object=ast.Name(id=name)):
                    names.append(name)
        return self._forget(path, names)

    def _forget(self, path: Path, names: Sequence[str] | frozenset[str]) -> Path:
        if not names:
            return path
        return replace(path, values={**path.values, **{n: self._nobody(n) for n in names}})

    def _nobody(self, name: str) -> ast.Expr:
        self._forgotten += 1
        return ast.Name(f"{name}{UNKNOWN}{self._forgotten}")


def _assigned_names(stmt: ast.Stmt) -> frozenset[str]:
    names, writes = assigned_in(stmt)
    return names | {w for w in writes if w not in "*?"}


def negated(expr: ast.Expr) -> ast.Expr:
    """The opposite, comparisons turned round."""
    opposite = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
    match expr:
        case ast.Binary(op=op, left=left, right=right) if op in opposite:
            return ast.Binary(opposite[op], left, right)
        case ast.Unary(op="!", operand=inner):
            return inner
        case ast.Tuple(items=(inner,)):
            return negated(inner)
    return ast.Unary("!", expr)


def conditions_of(path: Path) -> Iterator[ast.Expr]:
    """Its conditions, conjunctions taken apart."""
    for condition in path.conditions:
        yield from conjuncts(condition)
