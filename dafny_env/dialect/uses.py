"""Uses of lifted members: `e.f(x)` becomes `D'f(e, x)`; inside a member, `f(x)` becomes `D'f(this', x)`."""

from __future__ import annotations

from dafny_env.dialect.binding import Env, Site, Types, simple
from dafny_env.dialect.context import Context, Lifted
from dafny_env.dialect.declarations import qualified, scoped
from dafny_env.dialect.members import RECEIVER
from dafny_env.syntax import ast as A


class Uses:
    """Rewrites what refers to lifted members. Nodes must be visited parents first."""

    def __init__(self, context: Context, types: Types) -> None:
        self._context = context
        self._types = types
        self._elsewhere = _other_names(context)
        self._handled: set[int] = set()

    def visit(self, node: A.Node, env: Env, site: Site) -> None:
        """Rewrite one node (not those below it)."""
        context, owner = self._context, site.owner
        match node:
            case A.Call(function=A.Member() as member) if member.name in context.lifted:
                self._call(node, member, env, site)
            case A.Call(function=A.Name(id=name) as function) if owner is not None and name not in env:
                lifted = self._own(owner, name)
                if lifted is not None:
                    self._implicit(node, function, lifted)
            case A.Reveal():
                for expr in node.exprs:
                    if isinstance(expr, A.Member) and expr.name in context.lifted:
                        self._static(expr, context.lifted[expr.name][0])
            case A.Member(name=name) if name in context.lifted and id(node) not in self._handled:
                if name not in self._elsewhere:
                    context.refuse(node, "members of datatypes used as values")
            case A.This() if owner is not None:
                context.edits.replace(node.span, RECEIVER)
            case A.Name(id=name) if owner is not None and name not in env and id(node) not in self._handled:
                if name in field_names(owner):
                    context.edits.opening(node.span, f"{RECEIVER}.")
                elif self._own(owner, name) is not None:
                    context.refuse(node, "members of datatypes used as values")

    def _own(self, owner: A.Datatype, name: str) -> Lifted | None:
        return next((c for c in self._context.lifted.get(name, ()) if c.owner is owner), None)

    def _call(self, call: A.Call, member: A.Member, env: Env, site: Site) -> None:
        context = self._context
        candidates = context.lifted[member.name]
        path = _path(member.object, env)
        self._handled.add(id(member))
        static = [c for c in candidates if path and path[-1] == c.owner.name and c.static]
        if static:
            return self._static(member, static[0])
        if len(candidates) > 1 or member.name in self._elsewhere:
            type_ = self._types.of(member.object, env, site.owner)
            if type_ is None and path and path[-1] in self._context.outer_names:
                return None  # a function of a module or a class
            known = [c for c in candidates if type_ is not None and c.owner.name == simple(type_)]
            if type_ is not None and not known and simple(type_) in self._context.outer_names:
                return None  # a class with a member of this name
            if len(known) != 1:
                return context.refuse(call, f"members called {member.name} of several types")
            candidates = known
        lifted = candidates[0]
        prefix = self._prefix(site, lifted)
        name = A.Span(member.span.end - len(member.name), member.span.end)
        dot = context.last_before(".", name.start, member.object.span.end)
        paren = context.first(("(",), name.end, call.span.end)
        if prefix is None or dot is None or paren is None or member.type_args or call.label:
            return context.refuse(call, "calls of members in this form")
        context.edits.opening(call.span, f"{prefix}{lifted.new_name}(", name.start)
        context.edits.replace(A.Span(dot.start, paren.end), ", " if call.args else "", name.start)
        return None

    def _static(self, member: A.Member, lifted: Lifted) -> None:
        """`M.D.f` becomes `M.D'f`."""
        start = self._context.last_before(lifted.owner.name, member.span.end - len(member.name), member.span.start)
        if start is None or member.type_args:
            return self._context.refuse(member, "calls of members in this form")
        self._handled.update((id(member), id(member.object)))
        self._context.edits.replace(A.Span(start.start, member.span.end), lifted.new_name)
        return None

    def _implicit(self, call: A.Call, function: A.Name, lifted: Lifted) -> None:
        paren = self._context.first(("(",), function.span.end, call.span.end)
        if paren is None or function.type_args or call.label:
            return self._context.refuse(call, "calls of members in this form")
        receiver = "" if lifted.static else RECEIVER + (", " if call.args else "")
        self._handled.add(id(function))
        self._context.edits.replace(A.Span(function.span.start, paren.end), f"{lifted.new_name}({receiver}")
        return None

    def _prefix(self, site: Site, lifted: Lifted) -> str | None:
        """How a site's module names what stands beside a datatype: `""` in its own module and with `import opened`."""
        if site.module == lifted.scope:
            return ""
        target = lifted.scope.rpartition(".")[2]
        members = site.node.members if site.node is not None else self._context.program.decls
        for decl in members:
            if isinstance(decl, A.Module) and qualified(site.module, decl.name) == lifted.scope:
                return f"{decl.name}."
            if not isinstance(decl, A.Import) or decl.kind != "import":
                continue
            words = [t.text for t in self._context.between(*decl.span) if t.kind == "ident"]
            if words and target in (words[-1], *words[1:]):
                return "" if "opened" in words else f"{words[0]}."
        return None


def _path(expr: A.Expr, env: Env) -> tuple[str, ...]:
    """The names of `M.D`, none where it starts with a variable or is something else."""
    if isinstance(expr, A.Name):
        return () if expr.id in env else (expr.id,)
    if isinstance(expr, A.Member):
        inner = _path(expr.object, env)
        return (*inner, expr.name) if inner else ()
    return ()


def field_names(owner: A.Datatype) -> frozenset[str]:
    """Destructors and discriminators of a datatype."""
    destructors = (f.name for c in owner.constructors for f in c.params if f.name)
    return frozenset((*destructors, *(f"{c.name}?" for c in owner.constructors)))


def _other_names(context: Context) -> frozenset[str]:
    """Names behind a dot that need not be lifted members: fields, and members of classes, modules and other types."""
    names: set[str] = set()
    for scope, decl in scoped(context.program.decls):
        if isinstance(decl, A.Datatype):
            names |= field_names(decl)
        lifted = any(c.member is decl for c in context.lifted.get(getattr(decl, "name", ""), ()))
        if isinstance(decl, A.Callable | A.Field) and scope and not lifted:
            names.add(decl.name)
    return frozenset(names)
