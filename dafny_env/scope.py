"""Program-point helpers: loops of a method, the variables in scope there with their types, and what a loop changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import pattern_variables, walk
from dafny_env.type_table import BOOL, CHAR, INT, INTEGERS, REAL, TUPLE, TypeTable

__all__ = [
    "BOOL",
    "CHAR",
    "INT",
    "INTEGERS",
    "REAL",
    "Loop",
    "TypeTable",
    "Variable",
    "assigned_in",
    "declared",
    "formals",
    "loops",
    "matched",
]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable in scope. role: `param`, `result` or `local`. type: None where it could not be inferred."""

    name: str
    type: Type | None
    role: str
    ghost: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop with what its invariants may speak of.

    enclosing: the loops around it, outermost first. assigned: variables that its body assigns. writes: the arrays and
    objects whose elements or fields the body assigns (their names, `this`, `?` for longer expressions); `*` when it
    calls a method. first, last: where clauses may be inserted, before and behind those that it has. indent: of the line
    the loop starts in.
    """

    node: ast.While | ast.For | ast.Alternatives
    enclosing: tuple[ast.Stmt, ...]
    variables: tuple[Variable, ...]
    assigned: frozenset[str]
    writes: frozenset[str]
    first: int
    last: int
    indent: str

    @property
    def offset(self) -> int:
        """The loop's identity: where its node starts."""
        return self.node.span.start


def assigned_in(node: ast.Node, table: TypeTable | None = None) -> tuple[frozenset[str], frozenset[str]]:
    """(variables assigned or declared, arrays and objects written), as in `Loop`. With a table, calls of its functions
    and lemmas are known to write nothing."""
    names: set[str] = set()
    writes: set[str] = set()
    for inner in walk(node):
        if isinstance(inner, ast.VarDecl):
            names.update(b.name for b in inner.names)
            names.update(pattern_variables(inner.pattern) if inner.pattern is not None else ())
        elif isinstance(inner, ast.For):
            names.add(inner.var.name)
        elif isinstance(inner, ast.Modify):
            writes.add("*")
        if isinstance(inner, ast.Assign | ast.VarDecl):
            if any(_may_write(r, table) for r in inner.rhs):
                writes.add("*")
            for target in inner.targets if isinstance(inner, ast.Assign) else ():
                match target:
                    case ast.Name(id=name):
                        names.add(name)
                    case ast.Index(object=ast.Name(id=name)) | ast.Member(object=ast.Name(id=name)):
                        writes.add(name)
                    case ast.Member(object=ast.This(), name=name):
                        names.add(name)
                        writes.add("this")
                    case ast.Index() | ast.Member():
                        writes.add("?")
    return frozenset(names), frozenset(writes)


def _may_write(rhs: ast.Rhs, table: TypeTable | None) -> bool:
    """Whether a right-hand side may be a call of a method (a constructor writes only what is new)."""
    if not isinstance(rhs.expr, ast.Call):
        return False
    name = _callee(rhs.expr)
    callee = table.callables.get(name) if table is not None else None
    if callee is not None:
        return not (callee.is_function or callee.is_lemma)
    return table is None or name not in table.constructors


def _callee(call: ast.Call) -> str:
    match call.function:
        case ast.Name(id=name) | ast.Member(name=name):
            return name
    return ""


def formals(decl: ast.Callable) -> list[Variable]:
    """Parameters and results as variables."""
    inputs = [Variable(f.name, f.type, "param", f.ghost) for f in decl.params]
    return inputs + [Variable(f.name, f.type, "result", f.ghost) for f in decl.returns]


def loops(text: str, decl: ast.Callable, table: TypeTable) -> tuple[Loop, ...]:
    """All loops of a method or lemma, in source order, each with its scope."""
    if not isinstance(decl.body, ast.Block):
        return ()
    start = [Variable(v.name, table.resolve(v.type), v.role, v.ghost) for v in formals(decl)]
    finder = _Finder(text, table)
    finder.statements(decl.body.body, start, ())
    return tuple(sorted(finder.found, key=lambda loop: loop.offset))


def declared(stmt: ast.VarDecl, scope: Iterable[Variable], table: TypeTable) -> tuple[Variable, ...]:
    """The variables that a statement declares, given those in scope before it."""
    return tuple(_Finder("", table)._declared(stmt, {v.name: v.type for v in scope}))


def matched(pattern: ast.Pattern, subject: Type | None, table: TypeTable) -> tuple[Variable, ...]:
    """The variables that a pattern binds when a value of the subject's type is matched."""
    return tuple(_Finder("", table)._matched(pattern, subject))


class _Finder:
    """Walks statements with their scope. Nesting is bounded by the parser, so recursion is safe."""

    def __init__(self, text: str, table: TypeTable) -> None:
        self.text = text
        self.table = table
        self.found: list[Loop] = []

    def statements(self, body: Iterable[ast.Stmt], variables: list[Variable], around: tuple[ast.Stmt, ...]) -> None:
        """Statements that follow each other, each of which sees what those before it declare."""
        scope = list(variables)
        for stmt in body:
            while isinstance(stmt, ast.Labelled | ast.Decorated):
                stmt = stmt.statement
            if isinstance(stmt, ast.VarDecl):
                scope.extend(self._declared(stmt, {v.name: v.type for v in scope}))
            else:
                self._inside(stmt, scope, around)

    def _inside(self, stmt: ast.Stmt, scope: list[Variable], around: tuple[ast.Stmt, ...]) -> None:
        match stmt:
            case ast.Block(body=body):
                self.statements(body, scope, around)
            case ast.If(then=then, orelse=orelse):
                self.statements(then.body, [*scope, *self._bound(stmt.binder)], around)
                self.statements((orelse,) if orelse is not None else (), scope, around)
            case ast.MatchStmt(cases=cases):
                subject = self.table.of(stmt.subject, {v.name: v.type for v in scope})
                for pattern, stmts in cases:
                    self.statements(stmts, [*scope, *self._matched(pattern, subject)], around)
            case ast.Alternatives(cases=cases, loop=loop):
                if loop:
                    self._loop(stmt, scope, around)
                for guard, stmts in cases:
                    bound = self._bound(guard.vars) if isinstance(guard, ast.BindingGuard) else []
                    self.statements(stmts, [*scope, *bound], (*around, stmt) if loop else around)
            case ast.While(body=block) | ast.For(body=block):
                counter = [Variable(stmt.var.name, stmt.var.type or INT, "local")] if isinstance(stmt, ast.For) else []
                self._loop(stmt, [*scope, *counter], around)
                self.statements(block.body if block is not None else (), [*scope, *counter], (*around, stmt))
            case ast.ForallStmt(body=block) if block is not None:
                self.statements(block.body, [*scope, *self._bound(stmt.vars)], around)
            case ast.Modify(body=block) if block is not None:
                self.statements(block.body, scope, around)
            case ast.Calc(hints=hints):
                for hint in hints:
                    self.statements(hint, scope, around)
            case ast.Assert(by=block) | ast.Assign(by=block) if block is not None:
                self.statements(block.body, scope, around)

    def _loop(
        self, node: ast.While | ast.For | ast.Alternatives, scope: list[Variable], around: tuple[ast.Stmt, ...]
    ) -> None:
        names, writes = assigned_in(node, self.table)
        first = node.span.start + len("while") if isinstance(node, ast.Alternatives) else node.header_end
        last = max((c.span.end for c in node.clauses), default=first)
        line = self.text[self.text.rfind("\n", 0, node.span.start) + 1 : node.span.start]
        indent = line[: len(line) - len(line.lstrip())]
        unique = {v.name: v for v in scope}  # an inner declaration hides an outer one
        self.found.append(Loop(node, around, tuple(unique.values()), names, writes, first, last, indent))

    # ------------------------------------------------------------------------------------------------ declarations

    def _declared(self, stmt: ast.VarDecl, scope: Mapping[str, Type | None]) -> Iterator[Variable]:
        """The variables that a statement declares for what follows it."""
        if stmt.pattern is not None:
            value = self._value(stmt.rhs[0], 0, scope) if stmt.rhs else None
            yield from self._matched(stmt.pattern, value, ghost=stmt.ghost)
            return
        for k, bound in enumerate(stmt.names):
            type_ = bound.type
            if type_ is None and stmt.rhs:
                several = len(stmt.rhs) < len(stmt.names)  # the results of one call
                type_ = self._value(stmt.rhs[0 if several else k], k if several else 0, scope)
            yield Variable(bound.name, self.table.resolve(type_), "local", stmt.ghost)

    def _value(self, rhs: ast.Rhs, position: int, scope: Mapping[str, Type | None]) -> Type | None:
        """The type of a right-hand side; of a method's call, that of the result at a position."""
        if rhs.new_type is not None:
            if rhs.dims:
                return Type("array" if len(rhs.dims) == 1 else f"array{len(rhs.dims)}", (rhs.new_type,))
            return rhs.new_type
        if isinstance(rhs.expr, ast.Call):
            callee = self.table.callables.get(_callee(rhs.expr))
            if callee is not None and not callee.is_function:
                return callee.returns[position].type if position < len(callee.returns) else None
        return self.table.of(rhs.expr, scope)

    def _bound(self, bound: Iterable[ast.BoundVar]) -> list[Variable]:
        return [Variable(v.name, self.table.resolve(v.type), "local") for v in bound]

    def _matched(self, pattern: ast.Pattern, subject: Type | None, *, ghost: bool = False) -> Iterator[Variable]:
        """The variables of a pattern, with types where constructors or tuples tell them."""
        if pattern.args is None:
            if pattern_variables(pattern):
                yield Variable(pattern.name, self.table.resolve(pattern.type or subject), "local", ghost)
            return
        parts: tuple[Type | None, ...] = ()
        if pattern.name == TUPLE:
            parts = subject.args if subject is not None and subject.name == TUPLE else ()
        elif (name := pattern.name.rpartition(".")[2]) in self.table.constructors:
            parts = self._parameters(name, subject)
        for k, inner in enumerate(pattern.args):
            yield from self._matched(inner, parts[k] if k < len(parts) else None, ghost=ghost)

    def _parameters(self, constructor: str, subject: Type | None) -> tuple[Type | None, ...]:
        """The types of a constructor's parameters, the datatype's type arguments put in where they are known."""
        owner, node = self.table.constructors[constructor]
        formal = [p.name for p in self.table.datatypes[owner].type_params]
        known = subject.args if subject is not None and len(subject.args) == len(formal) else ()
        values = dict(zip(formal, known, strict=False))
        return tuple(_instance(p.type, values, formal) for p in node.params)


def _instance(type_: Type | None, values: Mapping[str, Type], formal: Iterable[str]) -> Type | None:
    """A type with type parameters replaced; None where one has no value."""
    if type_ is None or not type_.args:
        return type_ if type_ is None or type_.name not in formal else values.get(type_.name)
    args = tuple(_instance(a, values, formal) for a in type_.args)
    known = tuple(a for a in args if a is not None)
    return Type(type_.name, known) if len(known) == len(args) else None
