"""Members of datatypes as declarations beside them: `e.f(x)` becomes `D'f(e, x)`."""

from __future__ import annotations

from dafny_env.dialect.context import Context, Lifted
from dafny_env.dialect.declarations import scoped
from dafny_env.syntax import ast as A

RECEIVER = "this'"
"""What `this` becomes in a lifted member: an identifier to 2.3, and unlikely to be anybody's name."""


def lift_members(context: Context) -> dict[str, str]:
    """Rewrite every datatype with members. Returns the new qualified names of the members by their old ones."""
    renamed: dict[str, str] = {}
    for scope, decl in list(scoped(context.program.decls)):
        if not isinstance(decl, A.Datatype) or not decl.members:
            continue
        if RECEIVER in context.words:
            context.refuse(decl, f"datatypes with members beside something called {RECEIVER}")
        after = decl.constructors[-1].span.end if decl.constructors else decl.span.start
        brace = context.first(("{",), after, decl.span.end)
        if brace is None:
            context.refuse(decl, "datatypes of this form")
            continue
        context.edits.delete(brace)
        context.edits.delete(A.Span(decl.span.end - 1, decl.span.end))
        for member in decl.members:
            if isinstance(member, A.Callable):
                lifted = Lifted(scope, decl, member, context.fresh(f"{decl.name}'{member.name}"))
                context.lifted.setdefault(member.name, []).append(lifted)
                _head(context, lifted)
                prefix = f"{scope}." if scope else ""
                renamed[f"{prefix}{decl.name}.{member.name}"] = prefix + lifted.new_name
    return renamed


def _head(context: Context, lifted: Lifted) -> None:
    """The signature of a lifted member: its name, the datatype's type parameters, and the receiver."""
    member, owner, edits = lifted.member, lifted.owner, context.edits
    if "static" in member.modifiers:
        word = context.first(("static",), member.span.start, member.name_span.start)
        if word is not None:
            edits.delete(word)
    edits.replace(member.name_span, lifted.new_name)
    words = {t.text for t in context.between(*member.span)}
    kept = [p for p in owner.type_params if not lifted.static or p.name in words]
    params = ", ".join(p.text.lstrip("+-*! \t").replace("00", "0") for p in kept)
    behind = member.name_span.end
    if params and member.type_params:
        edits.opening(A.Span(member.type_params[0].span.start, member.span.end), f"{params}, ")
        behind = member.type_params[-1].span.end
    elif params:
        edits.closing(member.name_span, f"<{params}>")
    paren = context.first(("(",), behind, member.header_end)
    if paren is None or member.refining:
        return context.refuse(member, "members of this form")
    if not lifted.static:
        arguments = ", ".join(p.name for p in owner.type_params)
        type_ = f"{owner.name}<{arguments}>" if arguments else owner.name
        receiver = f"{RECEIVER}: {type_}" + (", " if member.params else "")
        edits.opening(A.Span(paren.end, paren.end), receiver, member.name_span.start)
    return None
