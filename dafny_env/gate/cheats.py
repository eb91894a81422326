"""Every way of having Dafny accept something without proof, looked for in a whole file: by its tokens where that is
possible (no misreading of the tree can hide them then), by its tree otherwise."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from dafny_env.gate.attributes import rule_for
from dafny_env.gate.lexical import directives
from dafny_env.syntax import ast
from dafny_env.syntax.tokens import Token, tokenize
from dafny_env.syntax.walk import children

_ENDS_CLAUSE = frozenset([";", "decreases", "invariant", "requires", "ensures", "reads", "modifies"])


@dataclass(frozen=True, slots=True)
class Finding:
    """A cheat where it stands. owner: the qualified name of the declaration around it, empty outside of all. text: the
    tokens that make it up, one space between; equal findings are the same cheat in two files. goal: in an original it
    marks something to be proved rather than a frozen assumption."""

    rule: str
    message: str
    offset: int
    owner: str
    text: str
    goal: bool = False


def find_cheats(program: ast.Program) -> tuple[Finding, ...]:
    """All cheats of a file, in source order."""
    tokens = tokenize(program.text)
    owners = _Owners(program)
    found = [*_from_tokens(program, tokens, owners), *_from_tree(program, tokens, owners)]
    message = "Dafny 2.3 reads lines that start with `#` itself: remove the line"
    found.extend(Finding("preprocessor", message, at, owners.at(at), text) for at, text in directives(program.text))
    return tuple(sorted(found, key=lambda f: (f.offset, f.rule)))


class _Owners:
    """Which declaration an offset lies in."""

    def __init__(self, program: ast.Program) -> None:
        self._spans: list[tuple[int, int, str]] = []
        stack = [(decl, "") for decl in reversed(program.decls)]
        while stack:
            decl, scope = stack.pop()
            name = scope + (getattr(decl, "name", "") or "_ctor")
            self._spans.append((decl.span.start, decl.span.end, name))
            stack.extend((member, f"{name}.") for member in reversed(getattr(decl, "members", ())))
        self._spans.sort()
        self._starts = [s for s, _, _ in self._spans]

    def at(self, offset: int) -> str:
        for k in range(bisect_right(self._starts, offset) - 1, -1, -1):
            start, end, name = self._spans[k]
            if start <= offset < end:
                return name
        return ""


# --------------------------------------------------------------------------------------------------------- by tokens


def _from_tokens(program: ast.Program, tokens: list[Token], owners: _Owners) -> Iterator[Finding]:
    words = [t.text for t in tokens]
    for k, word in enumerate(words):
        found: tuple[str, str] | None = None
        end = k + 1
        if word == "assume":
            found, end = _assume(words, k), _statement_end(words, k)
        elif word == "{:" or (word == "{" and words[k + 1 : k + 2] == [":"]):
            name_at = k + 1 if word == "{:" else k + 2
            name = words[name_at] if name_at < len(words) else ""
            rule = rule_for(name)
            if rule:
                found, end = (rule, _attribute_message(rule, name)), _closing(words, k)
        elif word == "free" and words[k + 1 : k + 2] and words[k + 1] in ("requires", "ensures", "invariant"):
            found = ("free-clause", f"`free {words[k + 1]}` is taken for granted: drop `free`")
            end = _statement_end(words, k + 2)
        elif word == "decreases" and (star := _wildcard(words, k + 1)) is not None:
            found = ("decreases-star", "`decreases *` gives up termination: give a measure")
            end = star + 1
        elif word == "extern" and tokens[k].kind == "ident" and words[k - 1 : k] not in (["{:"], [":"], ["."]):
            found = ("extern", "what is `extern` is taken for granted: implement it here")
        if found:
            goal = found[0] == "assume"
            at = tokens[k].start
            yield Finding(found[0], found[1], at, owners.at(at), " ".join(words[k:end]), goal)


def _assume(words: list[str], k: int) -> tuple[str, str]:
    if k and words[k - 1] in (":|", ":-"):
        return "assume-such-that", f"`{words[k - 1]} assume` takes a fact for granted: prove that such a value exists"
    if words[k + 1 : k + 3] == ["{:", "axiom"]:
        return "assume-axiom", "`assume {:axiom}` takes a fact for granted: prove it, with `assert`"
    return "assume", "`assume` takes a fact for granted: prove it, with `assert`"


def _wildcard(words: list[str], k: int) -> int | None:
    """Where a `*` stands alone in the list behind a `decreases`; None where there is none."""
    while words[k : k + 1] == ["{:"] or words[k : k + 2] == ["{", ":"]:
        k = _closing(words, k)
    depth = 0
    first = True
    for at in range(k, len(words)):
        word = words[at]
        if word == "*" and first:
            return at
        first = depth == 0 and word == ","
        depth += (word in ("{", "{:", "(", "[")) - (word in ("}", ")", "]"))
        if depth < 0 or word in _ENDS_CLAUSE:
            return None
    return None


def _attribute_message(rule: str, name: str) -> str:
    if rule == "attribute-not-allowed":
        return f"the attribute `{name}` is not on the list of harmless ones: remove it"
    return f"with the attribute `{name}` something is not verified: remove it"


def _closing(words: list[str], k: int) -> int:
    depth = 0
    for end in range(k, len(words)):
        depth += words[end] in ("{", "{:")
        depth -= words[end] == "}"
        if depth == 0:
            return end + 1
    return len(words)


def _statement_end(words: list[str], k: int) -> int:
    """Behind the next semicolon at this level, or before the bracket that ends the level."""
    depth = 0
    for end in range(k, len(words)):
        if words[end] in ("{", "{:", "(", "["):
            depth += 1
        elif words[end] in ("}", ")", "]"):
            depth -= 1
            if depth < 0:
                return end
        elif words[end] == ";" and depth == 0:
            return end + 1
    return len(words)


# ----------------------------------------------------------------------------------------------------------- by tree


def _from_tree(program: ast.Program, tokens: list[Token], owners: _Owners) -> Iterator[Finding]:
    starts = [t.start for t in tokens]

    def text(span: ast.Span) -> str:
        first = bisect_right(starts, span.start - 1)
        return " ".join(t.text for t in tokens[first : bisect_right(starts, span.end - 1)])

    interface = False  # inside a trait or an abstract module, where members without bodies are promises of others
    stack: list[tuple[ast.Node, bool]] = [(program, False)]
    while stack:
        node, interface = stack.pop()
        found = _of_node(node)
        if found:
            at = node.span.start
            span = ast.Span(at, max(node.header_end, at)) if isinstance(node, ast.While | ast.For) else node.span
            goal = found[0] == "bodyless-lemma" and not interface and not _is_axiom(node)
            yield Finding(found[0], found[1], at, owners.at(at), text(span), goal)
        inner = interface or (isinstance(node, ast.ClassLike) and node.kind == "trait")
        inner = inner or (isinstance(node, ast.Module) and node.abstract)
        stack.extend((child, inner) for child in reversed(children(node)))


def _of_node(node: ast.Node) -> tuple[str, str] | None:
    if isinstance(node, ast.Callable):
        if node.body is None and node.by_method is None and not node.refining:
            kind = "lemma" if node.is_lemma else "function" if node.is_function else "method"
            return f"bodyless-{kind}", f"`{node.name}` has no body: what it says is taken for granted; give it a body"
    elif isinstance(node, ast.While | ast.For):
        if node.body is None:
            return "bodyless-loop", "a loop without a body is taken for granted: give it a body"
    elif isinstance(node, ast.ForallStmt):
        if node.body is None:
            return "bodyless-forall", "a forall statement without a body proves nothing: give it a body"
    elif isinstance(node, ast.Expect):
        return "expect", "`expect` is tested when the program runs, not proved: use `assert`"
    elif isinstance(node, ast.Assign | ast.VarDecl):
        if node.keyword == "expect":
            return "expect", "`:- expect` is tested when the program runs, not proved"
    elif isinstance(node, ast.Clause):
        if node.kind == "requires" and any(_is_false(e) for e in node.exprs):
            return "requires-false", "`requires false` can never be called: everything holds there"
    elif isinstance(node, ast.Attribute) and node.at:
        rule = rule_for(node.name)
        if rule:
            return rule, _attribute_message(rule, node.name)
    elif isinstance(node, ast.Import) and node.kind == "include" and node.text.rstrip("\"' ").endswith(".doo"):
        return "library", "a compiled library is not verified again: include its source"
    return None


def _is_false(expr: ast.Expr) -> bool:
    while isinstance(expr, ast.Binary) and expr.op == "&&":
        if _is_false(expr.right):
            return True
        expr = expr.left
    return isinstance(expr, ast.Literal) and expr.value is False


def _is_axiom(node: ast.Node) -> bool:
    attributes = getattr(node, "attributes", ())
    return any(a.name.lower() in ("axiom", "extern") for a in attributes) or "extern" in getattr(node, "modifiers", ())
