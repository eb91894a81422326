"""Which variables are in scope where, with their types as far as they are written or follow at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dafny_env.dialect.context import Context
from dafny_env.syntax import ast as A
from dafny_env.syntax.walk import children

Env = Mapping[str, A.Type | None]
"""Variables in scope; None where the type is not known."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a node stands: the module's path (`""` for none), its node, and the datatype whose member it is in."""

    module: str = ""
    node: A.Module | None = None
    owner: A.Datatype | None = None


class Types:
    """What names of a file stand for, by simple name. Ambiguous names have no type."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._owners: dict[str, set[str]] = {}
        self._results: dict[tuple[str | None, str], list[A.Type | None]] = {}
        self._fields: dict[tuple[str, str], A.Type | None] = {}
        self._params: dict[str, tuple[str, ...]] = {}
        self._collect(context.program.decls, None)

    def _collect(self, decls: Iterable[A.Decl], owner: str | None) -> None:
        for decl in decls:
            if isinstance(decl, A.Callable):
                result = decl.result if decl.is_function else decl.returns[0].type if len(decl.returns) == 1 else None
                if "predicate" in decl.kind:
                    result = A.Type("bool")
                self._results.setdefault((owner, decl.name), []).append(result)
            elif isinstance(decl, A.Field) and owner is not None:
                self._fields[owner, decl.name] = decl.type
            elif isinstance(decl, A.Module):
                self._collect(decl.members, None)
            elif isinstance(decl, A.Datatype | A.ClassLike | A.TypeDecl):
                self._params[decl.name] = tuple(p.name for p in decl.type_params)
                if isinstance(decl, A.Datatype):
                    for constructor in decl.constructors:
                        self._owners.setdefault(constructor.name, set()).add(decl.name)
                        for formal in constructor.params:
                            self._fields[decl.name, formal.name] = formal.type
                self._collect(decl.members, decl.name)

    def of_constructor(self, name: str) -> A.Type | None:
        """The datatype of a constructor."""
        owners = self._owners.get(name.rpartition(".")[2], set())
        return A.Type(next(iter(owners))) if len(owners) == 1 else None

    def of(self, expr: A.Expr | None, env: Env, owner: A.Datatype | None) -> A.Type | None:
        """The type of an expression, None where it is not plain to see."""
        match expr:
            case A.This():
                return A.Type(owner.name) if owner else env.get("this")
            case A.Name(id=name) if name in env:
                return env[name]
            case A.Name(id=name):
                if owner is not None and (owner.name, name) in self._fields:
                    return self._fields[owner.name, name]
                return self.of_constructor(name)
            case A.Call(function=A.Name(id=name)):
                return self.of_constructor(name) or self._result(owner.name if owner else None, name)
            case A.Call(function=A.Member(object=inner, name=name)):
                of = self.of(inner, env, owner)
                if of is not None:
                    return self._result(simple(of), name)
                return self.of_constructor(name) or self._result(None, name)
            case A.Member(object=inner, name=name):
                of = self.of(inner, env, owner)
                return self._fields.get((simple(of), name)) if of else self.of_constructor(name)
            case A.Index(object=inner):
                of = self.of(inner, env, owner)
                if of is not None and of.name == "string":
                    return A.Type("char")
                return of.args[-1] if of and of.args else None
            case A.Slice(object=inner) | A.Update(object=inner) | A.DatatypeUpdate(object=inner):
                return self.of(inner, env, owner)
            case A.IfExpr(then=then, orelse=orelse):
                return self.of(then, env, owner) or self.of(orelse, env, owner)
            case A.Convert(kind="as", type=type_):
                return type_
            case A.MatchExpr(subject=subject, cases=cases):
                matched = self.of(subject, env, owner)
                found = (self.of(body, {**env, **self.variables(p, matched)}, owner) for p, body in cases)
                return next((type_ for type_ in found if type_ is not None), None)
            case A.Let():
                return self.of(expr.body, self._let(expr, env, owner), owner)
            case A.StmtExpr(body=body):
                return self.of(body, env, owner)
            case A.MapDisplay() | A.MapComp():
                return A.Type("imap" if expr.infinite else "map")
            case A.Binary(op="+" | "-", left=left, right=right):
                return self.of(left, env, owner) or (self.of(right, env, owner) if expr.op == "+" else None)
            case _:
                return None

    def _result(self, owner: str | None, name: str) -> A.Type | None:
        found = self._results.get((owner, name)) or self._results.get((None, name))
        if found is None:
            found = [t for (_, called), types in self._results.items() if called == name for t in types]
        return found[0] if len(found) == 1 else None

    # ----------------------------------------------------------------------------------------------------------- scopes

    def below(self, node: A.Node, env: Env, owner: A.Datatype | None) -> Iterator[tuple[A.Node, Env]]:
        """The children of a node with the variables in scope in each."""
        match node:
            case A.Callable():
                formals = {f.name: f.type for f in (*node.params, *node.returns)}
                if node.result_name:
                    formals[node.result_name] = node.result
                yield from ((child, {**env, **formals}) for child in children(node))
            case A.ClassLike():
                fields = {f.name: f.type for f in node.members if isinstance(f, A.Field)}
                yield from ((child, {**env, **fields, "this": A.Type(node.name)}) for child in children(node))
            case A.Quantifier() | A.SetComp() | A.MapComp() | A.ForallStmt() | A.BindingGuard():
                yield from self._all(node, env, owner, node.vars)
            case A.Lambda():
                yield from self._all(node, env, owner, node.params)
            case A.IfExpr() | A.If() if node.binder:
                inner = self._bind(node.binder, env, owner)
                yield from ((c, env if c is node.orelse else inner) for c in children(node))
            case A.For():
                inner = {**env, node.var.name: node.var.type or A.Type("int")}
                yield from ((c, inner if c is node.body or isinstance(c, A.Clause) else env) for c in children(node))
            case A.Let():
                inner = self._let(node, env, owner)
                yield from ((c, inner if c is node.body or node.such_that else env) for c in children(node))
            case A.MatchExpr() | A.MatchStmt():
                yield node.subject, env
                subject = self.of(node.subject, env, owner)
                for pattern, body in node.cases:
                    inner = {**env, **self.variables(pattern, subject)}
                    yield pattern, env
                    yield from self._sequence(body, inner, owner) if isinstance(body, tuple) else [(body, inner)]
                yield from ((attribute, env) for attribute in node.attributes)
            case A.Block():
                yield from self._sequence(node.body, env, owner)
            case A.Alternatives():
                yield from ((c, env) for c in (*node.clauses, *node.attributes))
                for guard, stmts in node.cases:
                    yield guard, env
                    bound = self._bind(guard.vars, env, owner) if isinstance(guard, A.BindingGuard) else env
                    yield from self._sequence(stmts, bound, owner)
            case A.Calc():
                for line in node.lines:
                    yield line, env
                for hint in node.hints:
                    yield from self._sequence(hint, env, owner)
            case _:
                yield from ((child, env) for child in children(node))

    def _let(self, node: A.Let, env: Env, owner: A.Datatype | None) -> Env:
        inner = dict(env)
        for index, pattern in enumerate(node.patterns):
            value = node.values[index] if index < len(node.values) and not node.such_that else None
            inner.update(self.variables(pattern, self.of(value, env, owner)))
        return inner

    def _all(
        self, node: A.Node, env: Env, owner: A.Datatype | None, variables: Iterable[A.BoundVar]
    ) -> Iterator[tuple[A.Node, Env]]:
        inner = self._bind(variables, env, owner)
        yield from ((child, inner) for child in children(node))

    def _bind(self, variables: Iterable[A.BoundVar], env: Env, owner: A.Datatype | None) -> Env:
        inner = dict(env)
        for variable in variables:
            domain = self.of(variable.domain, inner, owner) if variable.domain is not None else None
            inner[variable.name] = variable.type or (domain.args[0] if domain and domain.args else None)
        return inner

    def _sequence(
        self, statements: Iterable[A.Stmt], env: Env, owner: A.Datatype | None
    ) -> Iterator[tuple[A.Node, Env]]:
        for statement in statements:
            inner = statement.statement if isinstance(statement, A.Labelled) else statement
            if not isinstance(inner, A.VarDecl):
                yield statement, env
                continue
            declared = dict(env)
            for index, name in enumerate(inner.names):
                rhs = inner.rhs[index] if index < len(inner.rhs) else None
                known = rhs.new_type if rhs and rhs.new_type and not rhs.dims else None
                value = self.of(rhs.expr, env, owner) if rhs is not None and rhs.expr is not None else None
                declared[name.name] = name.type or known or value
            if inner.pattern is not None:
                value = self.of(inner.rhs[0].expr, env, owner) if inner.rhs else None
                declared.update(self.variables(inner.pattern, value))
            yield statement, declared if inner.such_that is not None else env
            env = declared

    def variables(self, pattern: A.Pattern, subject: A.Type | None) -> dict[str, A.Type | None]:
        """The variables that a pattern binds. Constructors are told from variables by the file's datatypes."""
        if pattern.args is not None:
            known = self._context.constructors.get(pattern.name.rpartition(".")[2], [])
            types: tuple[A.Type | None, ...] = tuple(f.type for f in known[0].params) if len(known) == 1 else ()
            if subject is not None and subject.args:
                given = dict(zip(self._params.get(simple(subject), ()), subject.args, strict=False))
                types = tuple(given.get(t.name, t) if t is not None else None for t in types)
            if pattern.name == "(,)" and subject is not None and subject.name == "(,)":
                types = subject.args
            found: dict[str, A.Type | None] = {}
            for index, arg in enumerate(pattern.args):
                found.update(self.variables(arg, types[index] if index < len(types) else None))
            return found
        if pattern.literal is not None or pattern.name in ("_", "") or self._context.is_constructor(pattern):
            return {}
        return {pattern.name: pattern.type or subject}


def simple(type_: A.Type) -> str:
    """The last part of a type's name."""
    return type_.name.rpartition(".")[2]
