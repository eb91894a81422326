"""4.x's `for` loops as `while` loops with the implied bounds as invariants, and `continue`."""

from __future__ import annotations

from dafny_env.dialect.context import Context
from dafny_env.syntax import ast as A
from dafny_env.syntax.walk import children, free_names, walk


def rewrite_for(context: Context, loop: A.For) -> None:
    """`for i := a to b {..}` becomes `{ var i := a; var i'first, i'end := i, b; while i < i'end {..; i := i + 1;} }`.

    Both bounds are evaluated once, as in 4.x, and the invariants are the bounds that its reference manual gives. The
    index cannot be assigned in 4.x, so a body that does is refused.
    """
    name = loop.var.name
    if loop.high is None:
        return context.refuse(loop, "for loops without an end (`to *`)")
    if name in free_names(loop.low) | free_names(loop.high):
        return context.refuse(loop, "for loops whose bounds name an outer variable called like the index")
    if loop.body is None:
        return context.refuse(loop, "for loops without a body")
    if _assigned(loop.body, name):
        return context.refuse(loop, "assignments to the index of a for loop")
    if any(isinstance(s, A.VarDecl) and any(v.name == name for v in s.names) for s in loop.body.body):
        return context.refuse(loop, "for loops whose body declares a variable called like the index")
    between = context.last_before("downto" if loop.down else "to", loop.high.span.start, loop.low.span.end)
    word = context.first(("for",), loop.span.start, loop.var.span.start)
    if between is None or word is None:
        return context.refuse(loop, "for loops of this form")
    first, end = context.fresh(f"{name}'first"), context.fresh(f"{name}'end")
    edits, anchor = context.edits, word.start
    edits.replace(word, "{ var")
    edits.replace(between, f"; var {first}, {end} := {name}, ")
    if loop.down:
        head = f"; while {end} < {name} invariant {end} <= {name} <= {first}"
    else:
        head = f"; while {name} < {end} invariant {first} <= {name} <= {end}"
    edits.closing(A.Span(loop.span.start, loop.header_end), head, anchor)
    inner = A.Span(loop.body.span.start + 1, loop.body.span.end - 1)
    if loop.down:
        edits.opening(inner, f" {name} := {name} - 1;", anchor)
    else:
        edits.closing(inner, f" {name} := {name} + 1; ", anchor)
    edits.closing(loop.span, " }", anchor)
    return None


def _assigned(body: A.Block, name: str) -> bool:
    """Whether something called so is assigned inside, be it the index or a variable that hides it."""
    targets = (target for node in walk(body) if isinstance(node, A.Assign) for target in node.targets)
    return any(isinstance(target, A.Name) and target.id == name for target in targets)


def rewrite_continues(context: Context, body: A.Block) -> None:
    """Every `continue` becomes a break out of a labelled block that encloses the rest of the loop's body."""
    _continues(context, body, [])


_Loop = A.For | A.While | A.Alternatives


def _continues(context: Context, node: A.Node, loops: list[tuple[_Loop, str | None, list[A.Jump]]]) -> None:
    """Collect the jumps of each enclosing loop (the loop, its label, its continues), innermost last."""
    if isinstance(node, A.Jump) and node.kind == "continue":
        found = [entry for entry in reversed(loops) if node.label is None or entry[1] == node.label]
        if len(found) < node.count:
            return context.refuse(node, "continue statements without a loop around them")
        found[node.count - 1][2].append(node)
        return None
    label = node.label if isinstance(node, A.Labelled) else None
    for child in children(node):
        inner = node.statement if isinstance(node, A.Labelled) and child is node.statement else child
        if isinstance(inner, A.For | A.While) or (isinstance(inner, A.Alternatives) and inner.loop):
            own = label or (inner.label if not isinstance(inner, A.Alternatives) else None)
            loops.append((inner, own, []))
            for below in children(inner):
                _continues(context, below, loops)
            _, _, jumps = loops.pop()
            if jumps:
                _wrap(context, inner, len(loops) + 1, jumps)
        else:
            _continues(context, child, loops)
    return None


def _wrap(context: Context, loop: _Loop, depth: int, jumps: list[A.Jump]) -> None:
    if isinstance(loop, A.Alternatives) or loop.body is None:
        return context.refuse(jumps[0], "continue statements in loops with cases")
    name = context.fresh(f"next'{depth}")
    inner = A.Span(loop.body.span.start + 1, loop.body.span.end - 1)
    # Inside what `rewrite_for` puts at the same places: a narrower construct than the whole body.
    context.edits.opening(A.Span(inner.start, inner.start), f" label {name}: {{", jumps[0].span.start)
    context.edits.closing(A.Span(inner.end, inner.end), "} ", jumps[0].span.start)
    for jump in jumps:
        context.edits.replace(jump.span, f"break {name};")
    return None
