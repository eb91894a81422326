"""What is known at a program point by the text alone: variables in scope, and facts that hold there whenever the
verifier accepts what stands before.

Facts are read off preconditions, guards, invariants, assertions, assignments and the contracts of what is called, and
forgotten when something that they mention is assigned. Over-remembering is harmless: what is not known after all cannot
be used by a step that the verifier accepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dafny_env.scope import TypeTable, Variable, assigned_in, declared, formals, matched
from dafny_env.syntax import ast
from dafny_env.syntax.walk import conjuncts, free_names, substitute, walk


@dataclass(frozen=True)
class Point:
    """A place between statements: the variables in scope there, and what is known."""

    offset: int
    variables: tuple[Variable, ...]
    known: tuple[ast.Expr, ...]

    def scope(self) -> dict[str, ast.Type | None]:
        """Types by name; an inner declaration hides an outer one."""
        return {v.name: v.type for v in self.variables}


Chosen = Mapping[int, Sequence[ast.Expr]]
"""Invariants that are not in the text, by the offsets of their loops."""
NONE: Chosen = MappingProxyType({})


def point_at(decl: ast.Callable, offset: int, table: TypeTable, chosen: Chosen = NONE) -> Point:
    """What is known at an offset of a declaration's body, between statements."""
    known = [e for c in decl.clauses_of("requires") for x in c.exprs for e in conjuncts(x)]
    start = formals(decl) if isinstance(decl.body, ast.Block) else [v for v in formals(decl) if v.role == "param"]
    walker = _Walker(table, offset, chosen)
    if isinstance(decl.body, ast.Block):
        walker.block(decl.body.body, list(start), known)
    reached = walker.reached or (start, known)
    unique = {v.name: v for v in reached[0]}
    return Point(offset, tuple(unique.values()), tuple(dict.fromkeys(reached[1])))


class _Walker:
    """Follows statements up to a place. Nesting is bounded by the parser."""

    def __init__(self, table: TypeTable, offset: int, chosen: Chosen) -> None:
        self._table = table
        self._offset = offset
        self._chosen = chosen
        self.reached: tuple[list[Variable], list[ast.Expr]] | None = None

    def block(self, body: Sequence[ast.Stmt], scope: list[Variable], known: list[ast.Expr]) -> None:
        """Statements one after another."""
        for stmt in body:
            while isinstance(stmt, ast.Labelled | ast.Decorated):
                stmt = stmt.statement
            if self._offset <= stmt.span.start:
                break
            if self._offset < stmt.span.end:
                self._inside(stmt, scope, known)
                if self.reached is not None:
                    return
                break  # no place between statements: told as the one in front
            if isinstance(stmt, ast.VarDecl):
                scope = [*scope, *declared(stmt, scope, self._table)]
            known = self._behind(stmt, known)
        self.reached = (scope, known)

    # ------------------------------------------------------------------------------------------------------- on the way

    def _inside(self, stmt: ast.Stmt, scope: list[Variable], known: list[ast.Expr]) -> None:
        match stmt:
            case ast.Block(body=body):
                self.block(body, scope, known)
            case ast.If(guard=guard, then=then, orelse=orelse):
                inside = then.span.start < self._offset < then.span.end
                bound = [Variable(v.name, self._table.resolve(v.type), "local") for v in stmt.binder]
                if inside:
                    self.block(then.body, [*scope, *bound], [*known, *_true(guard)])
                elif orelse is not None:
                    self._inside(orelse, scope, known if bound else [*known, *_false(guard)])
            case ast.MatchStmt(subject=subject, cases=cases):
                type_ = self._table.of(subject, {v.name: v.type for v in scope})
                starts = [stmts[0].span.start if stmts else -1 for _, stmts in cases]
                for (pattern, stmts), start in zip(cases, starts, strict=True):
                    if stmts and start <= self._offset <= stmts[-1].span.end:
                        told = shape_of_case(subject, pattern, self._table) or known_of_case(
                            subject, pattern, self._table
                        )
                        self.block(stmts, [*scope, *matched(pattern, type_, self._table)], [*known, *told])
                        return
            case ast.While() | ast.For() | ast.Alternatives(loop=True):
                self._loop(stmt, scope, known)
            case ast.Alternatives(cases=cases):
                for guard, stmts in cases:
                    if stmts and stmts[0].span.start <= self._offset <= stmts[-1].span.end:
                        self.block(stmts, scope, [*known, *_true(guard)])
                        return
            case ast.ForallStmt(vars=bound_vars, range=range_, body=body) if body is not None:
                bound = [Variable(v.name, self._table.resolve(v.type), "local") for v in bound_vars]
                self.block(body.body, [*scope, *bound], [*known, *(_true(range_) if range_ is not None else ())])
            case ast.Assert(by=body) | ast.Assign(by=body) if body is not None:
                self.block(body.body, scope, known)

    def _loop(self, loop: ast.While | ast.For | ast.Alternatives, scope: list[Variable], known: list[ast.Expr]) -> None:
        stated = self._invariants(loop)
        known = [*self._kept(loop, known), *stated]
        match loop:
            case ast.While(guard=guard, body=body) if body is not None:
                self.block(body.body, scope, [*known, *_true(guard)])
            case ast.For(var=var, low=low, high=high, body=body) if body is not None:
                index = ast.Name(var.name)
                if loop.down:  # the body sees the index that the invariants will speak of at its end
                    behind: ast.Expr = ast.Binary("+", index, ast.Literal("int", 1))
                    known = [substitute(e, {var.name: behind}) if e in stated else e for e in known]
                least, most = (high, low) if loop.down else (low, high)
                known += [ast.Binary("<=", least, index)] if least is not None else []
                known += [ast.Binary("<", index, most)] if most is not None else []
                variable = Variable(var.name, self._table.resolve(var.type) or ast.Type("int"), "local")
                self.block(body.body, [*scope, variable], known)
            case ast.Alternatives(cases=cases):
                for guard, stmts in cases:
                    if stmts and stmts[0].span.start <= self._offset <= stmts[-1].span.end:
                        self.block(stmts, scope, [*known, *_true(guard)])
                        return

    # ---------------------------------------------------------------------------------------------------------- behind

    def _behind(self, stmt: ast.Stmt, known: list[ast.Expr]) -> list[ast.Expr]:
        """What is known behind a whole statement."""
        kept = self._kept(stmt, known)
        match stmt:
            case ast.VarDecl(names=names, rhs=rhs, such_that=such_that):
                if such_that is not None:
                    return [*kept, *conjuncts(such_that)]
                return [*kept, *self._given([ast.Name(n.name) for n in names], rhs)]
            case ast.Assign(targets=targets, rhs=rhs, such_that=such_that):
                if such_that is not None:
                    return [*kept, *conjuncts(such_that)]
                return [*kept, *self._given(list(targets), rhs)]
            case ast.Assert(expr=expr) | ast.Assume(expr=expr):
                return [*kept, *conjuncts(expr)]
            case ast.While(guard=guard):
                return [*kept, *self._invariants(stmt), *_false(guard)]
            case ast.For(var=var, low=low, high=high) if high is not None:
                last = {var.name: low if stmt.down else high}
                return [*kept, *(substitute(e, last) for e in self._invariants(stmt))]
            case ast.Alternatives(cases=cases, loop=True):
                return [*kept, *self._invariants(stmt), *(e for guard, _ in cases for e in _false(guard))]
        return kept

    def _given(self, targets: list[ast.Expr], rhs: Sequence[ast.Rhs]) -> list[ast.Expr]:
        """What an assignment tells of what it assigns."""
        if len(rhs) == 1 and isinstance(rhs[0].expr, ast.Call):
            callee = self._table.callables.get(_callee(rhs[0].expr))
            if callee is not None and not callee.is_function:
                return contract(callee, rhs[0].expr, targets)
        assigned = {n for t in targets for n in free_names(t)}
        found: list[ast.Expr] = []
        for target, value in zip(targets, rhs, strict=False):
            match value:
                case ast.Rhs(new_type=ast.Type(), dims=(size,)):
                    found.append(ast.Binary("==", ast.Member(target, "Length"), size))
                case ast.Rhs(expr=ast.Expr() as expr) if isinstance(target, ast.Name) and len(rhs) == len(targets):
                    if not isinstance(expr, ast.Star) and not free_names(expr) & assigned:
                        found.append(ast.Binary("==", target, expr))
        return found

    def _invariants(self, loop: ast.While | ast.For | ast.Alternatives) -> list[ast.Expr]:
        stated = [e for c in loop.clauses if c.kind == "invariant" for x in c.exprs for e in conjuncts(x)]
        return [*stated, *self._chosen.get(loop.span.start, ())]

    def _kept(self, stmt: ast.Stmt, known: list[ast.Expr]) -> list[ast.Expr]:
        """What a statement leaves true of what was known."""
        names, writes = assigned_in(stmt, self._table)
        kept = [e for e in known if not free_names(e) & (names | writes)]
        if "?" in writes or self._calls_writer(stmt):
            return [e for e in kept if not self._reads(e)]
        return kept

    def _calls_writer(self, stmt: ast.Stmt) -> bool:
        """Whether a method is called that may change what there is in the heap."""
        for node in walk(stmt):
            callee = self._table.callables.get(_callee(node)) if isinstance(node, ast.Call) else None
            if callee is not None and not callee.is_function and callee.clauses_of("modifies"):
                return True
        return False

    def _reads(self, expr: ast.Expr) -> bool:
        """Whether a formula may speak of the heap."""
        for node in walk(expr):
            if isinstance(node, ast.Index | ast.Slice):
                return True
            if isinstance(node, ast.Member) and node.name != "Length" and not node.name.endswith("?"):
                return True
            function = self._table.functions.get(_callee(node)) if isinstance(node, ast.Call) else None
            if function is not None and function.clauses_of("reads"):
                return True
        return False


def known_of_case(subject: ast.Expr, pattern: ast.Pattern, table: TypeTable) -> list[ast.Expr]:
    """What a match case tells of its subject and of the variables it binds."""
    constructor = table.constructors.get(pattern.name.rpartition(".")[2])
    if constructor is None:
        return []
    found: list[ast.Expr] = [ast.Member(subject, f"{constructor[1].name}?")]
    for argument, formal in zip(pattern.args or (), constructor[1].params, strict=False):
        if argument.args is None and formal.name and argument.name != "_":
            found.append(ast.Binary("==", ast.Name(argument.name), ast.Member(subject, formal.name)))
    return found


def shape_of_case(subject: ast.Expr, pattern: ast.Pattern, table: TypeTable) -> list[ast.Expr]:
    """The subject of a match case written out with the variables that the case binds."""
    constructor = table.constructors.get(pattern.name.rpartition(".")[2])
    names = [a.name for a in pattern.args or ()]
    if constructor is None or len(names) != len(constructor[1].params) or "_" in names:
        return []
    if any(a.args is not None for a in pattern.args or ()):
        return []
    shape: ast.Expr = ast.Name(pattern.name)
    if names:
        shape = ast.Call(shape, tuple(ast.Name(n) for n in names))
    return [ast.Binary("==", subject, shape)]


def contract(callee: ast.Callable, call: ast.Call, targets: Sequence[ast.Expr] = ()) -> list[ast.Expr]:
    """What a call's contract ensures, told of its arguments and targets; what it says of other states is left out."""
    values: dict[str, ast.Expr] = {p.name: a for p, a in zip(callee.params, call.args, strict=False)}
    values |= {r.name: t for r, t in zip(callee.returns, targets, strict=False)}
    return [
        substitute(e, values)
        for c in callee.clauses_of("ensures")
        for x in c.exprs
        for e in conjuncts(x)
        if not any(isinstance(n, ast.Old | ast.HeapPredicate) for n in walk(e))
    ]


def _callee(call: ast.Call) -> str:
    match call.function:
        case ast.Name(id=name) | ast.Member(name=name):
            return name
    return ""


def _true(guard: ast.Expr) -> Iterable[ast.Expr]:
    if isinstance(guard, ast.BindingGuard):
        return conjuncts(guard.cond)
    return () if isinstance(guard, ast.Star) else conjuncts(guard)


def _false(guard: ast.Expr) -> tuple[ast.Expr, ...]:
    if isinstance(guard, ast.Star | ast.BindingGuard):
        return ()
    return (negated(guard),)


_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def negated(expr: ast.Expr) -> ast.Expr:
    """What is true where a formula is false, without `!` where that is easy."""
    match expr:
        case ast.Binary(op=op, left=left, right=right) if op in _OPPOSITE:
            return ast.Binary(_OPPOSITE[op], left, right)
        case ast.Unary(op="!", operand=inner):
            return inner
        case ast.Tuple(items=(inner,)):
            return negated(inner)
    return ast.Unary("!", expr)
