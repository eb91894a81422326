"""Straight-line symbolic execution: what a formula behind some statements says of the values before them.

Weakest preconditions path by path (Dijkstra), over the stretch of code that can be executed on terms: assignments,
conditionals, matches, elements of arrays. What cannot be (loops, calls of methods, choices) ends a stretch: it starts
anew behind such a statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import children, conjuncts, free_names, map_children, substitute, transform, walk
from prover.policy.symbolic.splitting.knowledge import known_of_case, negated

MAX_PATHS, MAX_DEPTH = 8, 3


@dataclass(frozen=True)
class Path:
    """One way through a stretch of code: the conditions under which it is taken, and the values of variables at its end
    (of arrays: their contents), all told of the values at its start. returned: it ends the method."""

    conditions: tuple[ast.Expr, ...] = ()
    values: Mapping[str, ast.Expr] = field(default_factory=dict)
    returned: bool = False

    def told(self, expr: ast.Expr, arrays: frozenset[str]) -> ast.Expr | None:
        """A formula at the end of the path, told of its start; None where it speaks of an array as such that has
        changed. Inside `old` nothing changes but the values of local variables."""
        changed = {a: v for a, v in self.values.items() if a in arrays}

        def change(node: ast.Node) -> ast.Node:
            match node:
                case ast.Old():
                    return node
                case ast.Index(object=ast.Name(id=name)) | ast.Slice(object=ast.Name(id=name)) if name in changed:
                    inner = map_children(node, lambda c: c if c is node.object else change(c))
                    return replace(inner, object=changed[name])
                case ast.Member(object=ast.Name(), name="Length"):
                    return node
            return map_children(node, change)

        plain = {n: v for n, v in self.values.items() if n not in arrays}
        result = transform(change(substitute(expr, plain)), selected)
        assert isinstance(result, ast.Expr)
        if changed and any(_bare(result, name) for name in changed):
            return None
        return result


def selected(node: ast.Node) -> ast.Node:
    """`s[i := v][i]` told as v."""
    match node:
        case ast.Index(object=ast.Update(updates=((at, value),)), indices=(index,)) if at == index:
            return value
        case ast.Slice(object=ast.Slice() as inner, low=None, high=None):
            return inner
        case ast.Slice(object=ast.Update() as inner, low=None, high=None):
            return inner
        case ast.Index(object=ast.Slice(object=whole, low=None, high=None), indices=indices):
            return ast.Index(whole, indices)
    return node


def _bare(node: ast.Node, name: str) -> bool:
    """Whether an array is spoken of otherwise than by its parts and its length."""
    match node:
        case ast.Name(id=inner):
            return inner == name
        case ast.Old() | ast.Member(object=ast.Name(), name="Length"):
            return False
        case ast.Index(object=ast.Name()) | ast.Slice(object=ast.Name()):
            return any(_bare(c, name) for c in children(node)[1:])
    return any(_bare(c, name) for c in children(node))


@dataclass(frozen=True)
class Stretch:
    """Statements that can be executed on terms up to the end of their list, from the offset `start` on."""

    start: int
    paths: tuple[Path, ...]


def stretches(
    body: Sequence[ast.Stmt], start: int, table: TypeTable, arrays: frozenset[str], results: Sequence[str] = ()
) -> list[Stretch]:
    """The last stretches of a list of statements whose first may start at an offset: all of it, or what follows its
    last opaque statement; where that is inside branches, one stretch for each of them. None where there are too many
    paths. results: what `return` assigns."""
    found: dict[int, Stretch] = {}
    for reached in _stretches(tuple(body), start, _Executor(table, arrays, tuple(results)), 0):
        found.setdefault(reached.start, reached)
    return list(found.values())[:MAX_PATHS]


def _stretches(body: tuple[ast.Stmt, ...], start: int, executor: _Executor, depth: int) -> list[Stretch]:
    paths = [Path()]
    for k, stmt in enumerate(body):
        try:
            paths = [p for path in paths for p in executor.after(stmt, path)]
        except Opaque:
            branches = _branches(stmt) if depth < MAX_DEPTH else []
            if branches:
                rest = body[k + 1 :]
                return [s for inner, at in branches for s in _stretches((*inner, *rest), at, executor, depth + 1)]
            start, paths = stmt.span.end, [Path()]
        if len(paths) > MAX_PATHS:
            return []
    return [Stretch(start, tuple(paths))]


def _branches(stmt: ast.Stmt) -> list[tuple[tuple[ast.Stmt, ...], int]]:
    """The ways into a conditional, each with the place behind which its statements start; the way past it starts
    behind it."""
    match stmt:
        case ast.If(then=then, orelse=orelse):
            first = [(then.body, then.span.start + 1)]
            if orelse is None:
                return [*first, ((), stmt.span.end)]
            return [*first, *(_branches(orelse) if isinstance(orelse, ast.If) else [_block(orelse)])]
        case ast.MatchStmt(cases=cases) | ast.Alternatives(cases=cases, loop=False):
            return [(body, body[0].span.start) for _, body in cases if body]
    return []


def _block(stmt: ast.Stmt) -> tuple[tuple[ast.Stmt, ...], int]:
    return (stmt.body, stmt.span.start + 1) if isinstance(stmt, ast.Block) else ((stmt,), stmt.span.start)


class Opaque(Exception):
    """A statement that cannot be executed on terms."""


class _Executor:
    def __init__(self, table: TypeTable, arrays: frozenset[str], results: tuple[str, ...]) -> None:
        self._table = table
        self._arrays = arrays
        self._results = results

    def after(self, stmt: ast.Stmt, path: Path) -> Iterator[Path]:
        """The ways through a statement behind a path. Raises `Opaque`."""
        if path.returned:
            yield path
            return
        match stmt:
            case ast.Labelled(statement=inner) | ast.Decorated(statement=inner):
                yield from self.after(inner, path)
            case ast.Block(body=body):
                yield from self._block(body, path)
            case ast.VarDecl(names=names, rhs=rhs, such_that=None, pattern=None, failing=False) if rhs:
                yield self._assigned([ast.Name(n.name) for n in names], rhs, path)
            case ast.Assign(targets=targets, rhs=rhs, such_that=None, failing=False):
                yield self._assigned(list(targets), rhs, path)
            case ast.If(guard=guard, then=then, orelse=orelse, binder=()) if not isinstance(guard, ast.Star):
                known = self._told(guard, path)
                yes = replace(path, conditions=(*path.conditions, *conjuncts(known)))
                no = replace(path, conditions=(*path.conditions, negated(known)))
                yield from self._block(then.body, yes)
                if orelse is None:
                    yield no
                else:
                    yield from self.after(orelse, no)
            case ast.MatchStmt():
                yield from self._match(stmt, path)
            case ast.Return(rhs=rhs, is_yield=False):
                if rhs:
                    path = self._assigned([ast.Name(n) for n in self._results], rhs, path)
                yield replace(path, returned=True)
            case ast.Assert() | ast.Assume() | ast.Calc() | ast.Reveal() | ast.Print():
                yield path
            case ast.ForallStmt(clauses=clauses) if clauses:
                yield path
            case _:
                raise Opaque

    def _block(self, body: Sequence[ast.Stmt], path: Path) -> list[Path]:
        paths = [path]
        for stmt in body:
            paths = [p for before in paths for p in self.after(stmt, before)]
            if len(paths) > MAX_PATHS:
                raise Opaque
        return paths

    def _match(self, stmt: ast.MatchStmt, path: Path) -> Iterator[Path]:
        subject = self._told(stmt.subject, path)
        for pattern, body in stmt.cases:
            known = known_of_case(subject, pattern, self._table)
            if not known or any(a.args is not None for a in pattern.args or ()):
                raise Opaque
            values = {e.left.id: e.right for e in known if isinstance(e, ast.Binary) and isinstance(e.left, ast.Name)}
            inner = replace(path, conditions=(*path.conditions, known[0]), values={**path.values, **values})
            yield from self._block(body, inner)

    def _assigned(self, targets: list[ast.Expr], rhs: Sequence[ast.Rhs], path: Path) -> Path:
        if not targets:
            call = rhs[0].expr if rhs else None
            callee = self._table.callables.get(_name_of(call)) if call is not None else None
            if callee is not None and callee.is_lemma:
                return path
            raise Opaque
        if len(targets) != len(rhs):
            raise Opaque
        values = dict(path.values)
        for target, side in zip(targets, rhs, strict=True):
            if side.expr is None or isinstance(side.expr, ast.Star) or self._is_method(side.expr):
                raise Opaque
            value = self._told(side.expr, path)
            match target:
                case ast.Name(id=name) if name not in self._arrays:
                    values[name] = value
                case ast.Index(object=ast.Name(id=name), indices=(index,)) if name in self._arrays:
                    before = values.get(name, ast.Slice(ast.Name(name), None, None))
                    values[name] = ast.Update(before, ((self._told(index, path), value),))
                case _:
                    raise Opaque
        return replace(path, values=values)

    def _told(self, expr: ast.Expr, path: Path) -> ast.Expr:
        told = path.told(expr, self._arrays)
        if told is None or any(isinstance(n, ast.Star | ast.StmtExpr | ast.UnknownExpr) for n in walk(told)):
            raise Opaque
        return told

    def _is_method(self, expr: ast.Expr) -> bool:
        callee = self._table.callables.get(_name_of(expr)) if isinstance(expr, ast.Call) else None
        return callee is not None and not callee.is_function


def _name_of(expr: ast.Expr) -> str:
    match expr:
        case ast.Call(function=ast.Name(id=name) | ast.Member(name=name)):
            return name
    return ""


def assigned(path: Path) -> frozenset[str]:
    """Variables and arrays that a path changes."""
    return frozenset(path.values)


def unchanged(expr: ast.Expr, path: Path) -> bool:
    """Whether a formula says the same at both ends of a path."""
    return not free_names(expr) & assigned(path)
