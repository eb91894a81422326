"""Whether a candidate is the original with its regions filled in, and with nothing there that cheats. Static: no
verifier runs.

The frozen text must be there token by token, in front of, between and behind the same tags. Then its declarations mean
what they meant, because what is written into a region is whole declarations with names that occur nowhere in the
frozen text, or the body of one declaration whose head is frozen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dafny_env.gate.attributes import may_be_inserted
from dafny_env.gate.cheats import find_cheats
from dafny_env.gate.compare import lexical_objections
from dafny_env.gate.insertable import UNREADABLE, Insertable
from dafny_env.gate.names import collect_names, frozen_names
from dafny_env.gate.objections import Objection, Refusal, objection_at
from dafny_env.gate.regions import Marked, Region, is_stub, read_regions, words
from dafny_env.gate.static import StaticVerdict, told_baseline, without_doubles
from dafny_env.gate.surroundings import Surroundings
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import LineMap
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.walk import walk

_COMPILED = frozenset(["method", "function method", "predicate method"])
_CONTAINERS = (ast.Module, ast.ClassLike)
_MODIFIERS = frozenset(["ghost", "static", "opaque"])


@dataclass(slots=True)
class _Layout:
    """Which declaration lies where. owners: the declaration whose body each code region is (by the region's start)."""

    inside: list[tuple[Region, ast.Decl]] = field(default_factory=list)
    owners: dict[int, ast.Callable] = field(default_factory=dict)
    objections: list[tuple[int, Refusal]] = field(default_factory=list)


def judge_regions(original: Marked, candidate: str, surroundings: Surroundings) -> StaticVerdict:
    """What can be said of a candidate without a verifier. Never raises for what the texts say."""
    lines = LineMap(candidate)
    marked = read_regions(candidate)
    if isinstance(marked, str):
        return StaticVerdict(
            (Objection("regions-changed", f"the tags of the regions must stay as they are: {marked}"),)
        )
    if marked.tags != original.tags:
        message = "there are other tags of regions than in the original: write none into a region"
        return StaticVerdict((Objection("regions-changed", message),))
    changed = _frozen_changed(original, marked, lines)
    if changed is not None:
        return StaticVerdict((changed,))
    program = parse(candidate)
    objections = list(lexical_objections(original.text, candidate, lines))
    objections += (
        objection_at(lines, p.span.start, "unreadable", f"this could not be read: {p.message}")
        for p in program.problems
    )
    frozen = frozen_names(parse(original.skeleton), surroundings.programs)
    insertable = Insertable(collect_names(program, frozen, surroundings.programs))
    layout = _laid_out(program, marked)
    found = [*layout.objections, *_uncovered(marked, layout)]
    for region, decl in layout.inside:
        found += _declared(region, decl, insertable)
    for region in marked.regions:
        if region.kind == "code":
            found += _code(region, layout.owners.get(region.start), marked)
    objections += (objection_at(lines, at, refusal.rule, refusal.message) for at, refusal in found)
    baseline: list[str] = []
    owned = {owner.span.start for owner in layout.owners.values()}
    for finding in find_cheats(program):
        written = any(r.start <= finding.offset < r.end for r in marked.regions)
        bodyless = finding.rule.startswith("bodyless-") and finding.offset in owned
        if written or bodyless:
            objections.append(objection_at(lines, finding.offset, finding.rule, finding.message))
        else:
            baseline.append(told_baseline(finding, lines.position(finding.offset).line, ""))
    for file in surroundings.files:
        where = LineMap(file.program.text)
        for finding in find_cheats(file.program):
            baseline.append(told_baseline(finding, where.position(finding.offset).line, file.shown))
    return StaticVerdict(without_doubles(objections), tuple(baseline))


# ---------------------------------------------------------------------------------------------------------------- text


def _frozen_changed(original: Marked, marked: Marked, lines: LineMap) -> Objection | None:
    edges = [0, *(r.end for r in marked.regions)]
    for start, before, after in zip(edges, original.frozen, marked.frozen, strict=True):
        wanted, given = words(before), tokenize(after)
        if wanted == [t.text for t in given]:
            continue
        k = next((k for k, (a, b) in enumerate(zip(wanted, given, strict=False)) if a != b.text), None)
        k = min(len(wanted), len(given)) if k is None else k
        at = start + (given[k].start if k < len(given) else len(after))
        expected = " ".join(wanted[k : k + 6]) or "nothing"
        message = f"the text outside of the regions must stay: here the original has `{expected}`"
        return objection_at(lines, at, "frozen-changed", message)
    return None


def _laid_out(program: ast.Program, marked: Marked) -> _Layout:
    layout = _Layout()
    stack = list(reversed(program.decls))
    while stack:
        decl = stack.pop()
        met = [r for r in marked.regions if r.meets(*decl.span)]
        if not met:
            continue
        region = met[0]
        if region.holds(*decl.span):
            layout.inside.append((region, decl))
        elif (
            isinstance(decl, ast.Callable)
            and met == [region]
            and region.kind == "code"
            and decl.span.start < region.start
        ):
            layout.owners[region.start] = decl  # what stands behind its body is looked at there
        elif not all(decl.span.start < r.start and r.end <= decl.span.end for r in met):
            message = "a declaration reaches over the edge of a region: write whole declarations into it"
            layout.objections.append((max(decl.span.start, region.start), Refusal("region-crossed", message)))
        elif isinstance(decl, _CONTAINERS):
            stack.extend(reversed(decl.members))
        else:
            message = "a region stands inside of a declaration where nothing may be written"
            layout.objections.append((region.start, Refusal("region-crossed", message)))
    return layout


def _uncovered(marked: Marked, layout: _Layout) -> Iterator[tuple[int, Refusal]]:
    """Text in regions for declarations that belongs to none."""
    for region in marked.regions:
        if region.kind == "code":
            continue
        spans = [d.span for r, d in layout.inside if r is region]
        for token in tokenize(marked.text[region.start : region.end]):
            at = region.start + token.start
            if not any(s.start <= at < s.end for s in spans):
                message = f"`{token.text}` belongs to no declaration: only whole declarations may stand here"
                yield at, Refusal("unreadable", message)
                break


# -------------------------------------------------------------------------------------------------------- declarations


def _declared(region: Region, decl: ast.Decl, insertable: Insertable) -> Iterator[tuple[int, Refusal]]:
    at = decl.span.start
    if region.kind == "code":
        message = "only the body may stand in a code region: declare what it needs among the helpers"
        yield at, Refusal("declaration-not-allowed", message)
        return
    if region.kind == "helpers" and isinstance(decl, ast.Datatype):
        refusal = _datatype(decl, insertable)
    elif region.kind == "helpers" and isinstance(decl, ast.Callable) and decl.kind in _COMPILED:
        refusal = _compiled(decl, insertable)
    else:
        refusal = insertable.declaration(decl)
        name = getattr(decl, "name", "")
        refusal = refusal or (_taken(name) if name.startswith("reveal_") else None)
    if refusal is not None:
        yield at, refusal
    yield from _written(walk(decl), ghost=isinstance(decl, ast.Callable) and decl.kind not in _COMPILED)


def _compiled(decl: ast.Callable, insertable: Insertable) -> Refusal | None:
    """Why a method or compiled function may not be declared."""
    if decl.body is None:
        kind = "function" if decl.is_function else "method"
        return Refusal(f"bodyless-{kind}", f"`{decl.name}` has no body: what it says is taken for granted")
    if decl.by_method is not None or decl.refining or not set(decl.modifiers) <= _MODIFIERS:
        return Refusal("declaration-not-allowed", f"`{decl.name}`: only plain methods and functions may be declared")
    return _name(decl.name, insertable)


def _datatype(decl: ast.Datatype, insertable: Insertable) -> Refusal | None:
    if decl.co or decl.members or decl.parents or decl.modifiers or decl.attributes:
        return Refusal("declaration-not-allowed", f"`{decl.name}`: only plain datatypes may be declared")
    names = [decl.name, *(c.name for c in decl.constructors)]
    names += (p.name for c in decl.constructors for p in c.params if p.name)
    return next((r for n in names if (r := _name(n, insertable))), None)


def _name(name: str, insertable: Insertable) -> Refusal | None:
    if name in insertable.names.declared:
        return Refusal("redefinition", f"`{name}` is declared already: choose a new name")
    fresh = name and insertable.names.is_fresh(name) and not name.startswith("reveal_")
    return None if fresh else _taken(name)


def _taken(name: str) -> Refusal:
    return Refusal("name-not-fresh", f"`{name}` is a name of the original: choose a name that occurs nowhere in it")


# ---------------------------------------------------------------------------------------------------------------- code


def _code(region: Region, owner: ast.Callable | None, marked: Marked) -> Iterator[tuple[int, Refusal]]:
    """What is wrong with the text of a code region: it must be a body in braces, perhaps behind measures."""
    if owner is None or owner.body_span is None or owner.refining or owner.by_method is not None:
        yield region.start, Refusal("code-missing", "there is no body here: write one, in braces")
        return
    if any(a.name == "verify" for a in owner.attributes):
        yield (
            owner.span.start,
            Refusal("verify-false", f"`{owner.name}` is marked not to be verified: nothing is known"),
        )
        return
    text = marked.text[region.start : region.end]
    if is_stub(text) and words(text) != ["{", "}"]:
        yield region.start, Refusal("code-missing", "nothing is implemented here yet")
    tokens = tokenize(text)
    starts = [region.start + t.start for t in tokens]
    first = bisect_left(starts, owner.body_span.start)
    last_end = region.start + tokens[-1].end if tokens else region.end
    if not region.holds(*owner.body_span) or owner.body_span.end != last_end or not _one_group(tokens[first:]):
        yield (
            region.start,
            Refusal("region-crossed", "exactly one body in braces may stand here, and nothing behind it"),
        )
        return
    measures = [c.span for c in owner.clauses if c.kind == "decreases" and region.holds(*c.span)]
    for token, at in zip(tokens[:first], starts, strict=False):
        if token.text in ("{", "{:") or not any(s.start <= at < s.end for s in measures):
            message = f"`{token.text}` stands in front of the body: there only `decreases` may be written"
            yield at, Refusal("spec-changed", message)
            return
    for clause in owner.clauses:
        if region.holds(*clause.span) and clause.kind != "decreases":
            yield clause.span.start, Refusal("spec-changed", f"`{clause.kind}` is added to what is to be implemented")
        elif region.meets(*clause.span) and not region.holds(*clause.span):
            yield region.start, Refusal("spec-changed", f"the `{clause.kind}` of the original goes on in the region")
    yield from _written((n for n in walk(owner) if region.holds(*n.span)), ghost=False)


def _one_group(tokens: Sequence[object]) -> bool:
    """Whether tokens are one pair of braces with what is between."""
    depth = 0
    for k, token in enumerate(tokens):
        text = getattr(token, "text", "")
        depth += (text in ("{", "{:")) - (text == "}")
        if depth <= 0:
            return k == len(tokens) - 1 and text == "}"
    return False


def _written(nodes: Iterator[ast.Node], *, ghost: bool) -> Iterator[tuple[int, Refusal]]:
    """What may stand in no region, whatever declares it; `find_cheats` knows the rest."""
    for node in nodes:
        refusal: Refusal | None = None
        if isinstance(node, UNREADABLE):
            refusal = Refusal("unreadable", "this text could not be read: write it in plainer Dafny")
        elif isinstance(node, ast.Skeleton):
            refusal = Refusal("unreadable", "`...` stands for text of another module: write it out")
        elif isinstance(node, ast.Attribute) and not may_be_inserted(node.name):
            refusal = Refusal("attribute-not-allowed", f"the attribute `{node.name}` may not be written here")
        elif isinstance(node, ast.Assume):
            refusal = Refusal("assume", "`assume` takes a fact for granted: prove it, with `assert`")
        elif isinstance(node, ast.VarDecl | ast.Assign | ast.Let) and node.failing:
            refusal = Refusal("failing-assignment", "`:-` is not understood here: use `:=`")
        elif not ghost and _chosen(node):
            message = "`:|` chooses what no program computes: compute it, or make the variable `ghost`"
            refusal = Refusal("not-computed", message)
        if refusal is not None:
            yield node.span.start, refusal


def _chosen(node: ast.Node) -> bool:
    """Whether compiled variables get values that are described and not computed; members of a collection are."""
    if not isinstance(node, ast.VarDecl | ast.Assign | ast.Return) or (isinstance(node, ast.VarDecl) and node.ghost):
        return False
    if any(isinstance(inner, ast.Let) and inner.such_that for rhs in node.rhs for inner in walk(rhs)):
        return True
    if isinstance(node, ast.Return) or node.such_that is None:
        return False
    names = (
        {v.name for v in node.names}
        if isinstance(node, ast.VarDecl)
        else {t.id if isinstance(t, ast.Name) else "" for t in node.targets}
    )
    taken: set[str] = set()
    todo: list[ast.Expr] = [node.such_that]
    while todo:
        expr = todo.pop()
        if isinstance(expr, ast.Binary) and expr.op == "&&":
            todo += (expr.left, expr.right)
        elif isinstance(expr, ast.Binary) and expr.op == "in" and isinstance(expr.left, ast.Name):
            taken.add(expr.left.id)
    return not names <= taken
