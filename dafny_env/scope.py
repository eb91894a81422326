"""Program-point helpers: loops of a method, the variables in scope there with their types, and what a loop changes.

Types are inferred from what is written, without resolution: enough to choose templates by. A wrong or missing type costs
a candidate that the verifier then rejects, never soundness.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import walk

INT, BOOL, REAL, CHAR = Type("int"), Type("bool"), Type("real"), Type("char")
INTEGERS = frozenset({"int", "nat"})
COLLECTIONS = frozenset({"seq", "set", "multiset", "map", "iset", "imap"})


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable in scope. role: `param`, `result`, `local` or `field`. type: None where it could not be inferred."""

    name: str
    type: Type | None
    role: str
    ghost: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop with what its invariants may speak of.

    enclosing: the loops around it, outermost first. assigned: variables that its body assigns. writes: text of the arrays
    and objects whose elements or fields the body assigns; `*` when it calls a method. first, last: where clauses may be
    inserted, before and behind those that it has. indent: of the line the loop starts in.
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


class TypeTable:
    """Types of everything that a file declares, by simple name."""

    def __init__(self, program: ast.Program) -> None:
        self.functions: dict[str, ast.Callable] = {}
        self.callables: dict[str, ast.Callable] = {}
        self.fields: dict[str, Type | None] = {}
        self.constructors: dict[str, tuple[str, ast.Constructor]] = {}
        self.datatypes: dict[str, ast.Datatype] = {}
        self.synonyms: dict[str, Type] = {}
        for node in walk(program):
            if isinstance(node, ast.Callable):
                self.callables.setdefault(node.name, node)
                if node.is_function:
                    self.functions.setdefault(node.name, node)
            elif isinstance(node, ast.Field):
                self.fields.setdefault(node.name, node.type)
            elif isinstance(node, ast.Datatype):
                self.datatypes[node.name] = node
                for constructor in node.constructors:
                    self.constructors[constructor.name] = (node.name, constructor)
                    for formal in constructor.params:
                        self.fields.setdefault(formal.name, formal.type)
            elif isinstance(node, ast.TypeDecl) and node.base is not None:
                self.synonyms[node.name] = node.base

    def resolve(self, type_: Type | None) -> Type | None:
        """Follow synonyms and subset types to their base (at most 10 deep: declarations may be circular nonsense)."""
        for _ in range(10):
            if type_ is None or type_.name not in self.synonyms:
                break
            type_ = self.synonyms[type_.name]
        return type_

    def of(self, expr: ast.Expr | None, scope: Mapping[str, Type | None]) -> Type | None:
        """The type of an expression as far as its text tells, None otherwise."""
        match expr:
            case ast.Literal(kind="int"):
                return INT
            case ast.Literal(kind=("bool" | "real" | "char") as kind):
                return Type(kind)
            case ast.Literal(kind="string"):
                return Type("seq", (CHAR,))
            case ast.Name(id=name):
                if name in scope:
                    return self.resolve(scope[name])
                if name in self.constructors:
                    return Type(self.constructors[name][0])
                return self.resolve(self.fields.get(name))
            case ast.Cardinality():
                return INT
            case ast.Unary(op="!"):
                return BOOL
            case ast.Unary(operand=inner) | ast.Old(operand=inner):
                return self.of(inner, scope)
            case ast.Binary(op=op, left=left):
                if op in ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"):
                    return self.of(left, scope) or self.of(expr.right, scope)
                return BOOL
            case ast.Chain() | ast.Quantifier():
                return BOOL
            case ast.IfExpr(then=then, orelse=orelse):
                return self.of(then, scope) or self.of(orelse, scope)
            case ast.Convert(kind=kind, type=type_):
                return type_ if kind == "as" else BOOL
            case ast.Member(object=inner, name=name):
                if name == "Length" or name.startswith("Length") and name[6:].isdigit() or name == "Floor":
                    return INT
                if name.endswith("?"):
                    return BOOL
                base = self.of(inner, scope)
                if base is not None and base.name == "map" and name in ("Keys", "Values"):
                    return Type("set", (base.args[0 if name == "Keys" else 1],)) if len(base.args) == 2 else None
                return self.resolve(self.fields.get(name))
            case ast.Call(function=ast.Name(id=name)) | ast.Call(function=ast.Member(name=name)):
                if name in self.functions:
                    function = self.functions[name]
                    return BOOL if "predicate" in function.kind else self.resolve(function.result)
                return Type(self.constructors[name][0]) if name in self.constructors else None
            case ast.Index(object=inner, indices=indices):
                base = self.of(inner, scope)
                if base is None or not base.args:
                    return INT if base is not None and base.name == "multiset" else None
                if base.name == "map":
                    return self.resolve(base.args[-1])
                if base.name == "multiset":
                    return INT
                return self.resolve(base.args[0]) if indices else None
            case ast.Slice(object=inner):
                base = self.of(inner, scope)
                return Type("seq", base.args) if base is not None else None
            case ast.Update(object=inner) | ast.DatatypeUpdate(object=inner):
                return self.of(inner, scope)
            case ast.SeqDisplay(items=items):
                element = self.of(items[0], scope) if items else None
                return Type("seq", (element,) if element else ())
            case ast.SetDisplay(kind=kind, items=items):
                element = self.of(items[0], scope) if items else None
                return Type(kind, (element,) if element else ())
            case ast.MapDisplay(items=items):
                if not items:
                    return Type("map")
                key, value = self.of(items[0][0], scope), self.of(items[0][1], scope)
                return Type("map", (key, value) if key and value else ())
            case ast.SetComp():
                return Type("set")
            case ast.MapComp():
                return Type("map")
            case ast.MultisetOf(operand=inner):
                base = self.of(inner, scope)
                return Type("multiset", base.args if base else ())
        return None


def _declared(stmt: ast.Stmt, table: TypeTable, scope: dict[str, Type | None]) -> Iterator[Variable]:
    """The variables that a statement declares for what follows it."""
    if not isinstance(stmt, ast.VarDecl):
        return
    for k, bound in enumerate(stmt.names):
        type_ = bound.type
        if type_ is None and stmt.rhs:
            rhs = stmt.rhs[k] if k < len(stmt.rhs) else stmt.rhs[0]
            type_ = _rhs_type(rhs, k if len(stmt.rhs) < len(stmt.names) else 0, table, scope)
        yield Variable(bound.name, table.resolve(type_), "local", stmt.ghost)


def _rhs_type(rhs: ast.Rhs, position: int, table: TypeTable, scope: dict[str, Type | None]) -> Type | None:
    if rhs.new_type is not None:
        if rhs.dims:
            return Type("array" if len(rhs.dims) == 1 else f"array{len(rhs.dims)}", (rhs.new_type,))
        return rhs.new_type
    call = rhs.expr
    if isinstance(call, ast.Call):
        name = getattr(call.function, "id", None) or getattr(call.function, "name", "")
        callee = table.callables.get(name)
        if callee is not None and not callee.is_function:
            return callee.returns[position].type if position < len(callee.returns) else None
    return table.of(rhs.expr, scope)


def assigned_in(node: ast.Node) -> tuple[frozenset[str], frozenset[str]]:
    """(variables assigned, arrays and objects written as text of their expression; `*` for any method call's effect)."""
    names: set[str] = set()
    writes: set[str] = set()
    for inner in walk(node):
        if isinstance(inner, ast.VarDecl):
            names.update(b.name for b in inner.names)
        if isinstance(inner, ast.Assign | ast.VarDecl):
            if any(isinstance(r.expr, ast.Call) for r in inner.rhs):
                writes.add("*")
            for target in inner.targets if isinstance(inner, ast.Assign) else ():
                match target:
                    case ast.Name(id=name):
                        names.add(name)
                    case ast.Index(object=ast.Name(id=name)):
                        writes.add(name)
                    case ast.Member(object=ast.This(), name=name):
                        names.add(name)
                        writes.add("this")
                    case ast.Index() | ast.Member():
                        writes.add("?")
        elif isinstance(inner, ast.For):
            names.add(inner.var.name)
    return frozenset(names), frozenset(writes)


def formals(decl: ast.Callable) -> list[Variable]:
    """Parameters and results as variables."""
    inputs = [Variable(f.name, f.type, "param", f.ghost) for f in decl.params]
    return inputs + [Variable(f.name, f.type, "result", f.ghost) for f in decl.returns]


def loops(text: str, decl: ast.Callable, table: TypeTable) -> tuple[Loop, ...]:
    """All loops of a method or lemma, in source order, each with its scope."""
    if not isinstance(decl.body, ast.Block):
        return ()
    found: list[Loop] = []
    start = [Variable(v.name, table.resolve(v.type), v.role, v.ghost) for v in formals(decl)]
    _visit(text, decl.body.body, start, (), table, found)
    return tuple(sorted(found, key=lambda loop: loop.offset))


def _visit(
    text: str,
    body: tuple[ast.Stmt, ...],
    variables: list[Variable],
    enclosing: tuple[ast.Stmt, ...],
    table: TypeTable,
    found: list[Loop],
) -> None:
    scope = list(variables)
    for stmt in body:
        while isinstance(stmt, ast.Labelled):
            stmt = stmt.statement
        types = {v.name: v.type for v in scope}
        match stmt:
            case ast.VarDecl():
                scope.extend(_declared(stmt, table, types))
            case ast.Block(body=inner):
                _visit(text, inner, scope, enclosing, table, found)
            case ast.If(then=then, orelse=orelse):
                _visit(text, then.body, scope, enclosing, table, found)
                if orelse is not None:
                    _visit(text, (orelse,), scope, enclosing, table, found)
            case ast.MatchStmt(cases=cases):
                for _, stmts in cases:
                    _visit(text, stmts, scope, enclosing, table, found)
            case ast.Alternatives(cases=cases, loop=loop):
                if loop:
                    found.append(_loop(text, stmt, scope, enclosing))
                for _, stmts in cases:
                    _visit(text, stmts, scope, (*enclosing, stmt) if loop else enclosing, table, found)
            case ast.While(body=block) | ast.For(body=block) if block is not None:
                inside = list(scope)
                if isinstance(stmt, ast.For):
                    inside.append(Variable(stmt.var.name, stmt.var.type or INT, "local"))
                found.append(_loop(text, stmt, inside, enclosing))
                _visit(text, block.body, inside, (*enclosing, stmt), table, found)
            case ast.ForallStmt(body=block) if block is not None:
                _visit(text, block.body, scope, enclosing, table, found)


def _loop(
    text: str,
    node: ast.While | ast.For | ast.Alternatives,
    scope: list[Variable],
    enclosing: tuple[ast.Stmt, ...],
) -> Loop:
    names, writes = assigned_in(node)
    if isinstance(node, ast.Alternatives):
        first = node.span.start + len("while")
    else:
        first = node.header_end
    last = max((c.span.end for c in node.clauses), default=first)
    line_start = text.rfind("\n", 0, node.span.start) + 1
    indent = text[line_start : node.span.start]
    indent = indent[: len(indent) - len(indent.lstrip())]
    unique = {v.name: v for v in scope}  # an inner declaration hides an outer one
    return Loop(node, enclosing, tuple(unique.values()), names, writes, first, last, indent)
