"""Matches that 2.3 cannot read: literals, wildcards and variables for whole cases, overlapping nested patterns.

They become chains of `if`, case by case in the order of the file, each with a `var` of its pattern. The last case
asserts its pattern where it could fail, which is 4.x's own obligation for missing cases.
"""

from __future__ import annotations

from dataclasses import dataclass

from dafny_env.dialect.context import Context
from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse
from dafny_env.syntax.walk import walk


class _CannotSay(Exception):
    """A pattern whose test has no expression."""


@dataclass(frozen=True, slots=True)
class _Arm:
    """One case: its pattern, from its `case` to behind its `=>`."""

    pattern: A.Pattern
    whole: A.Span


def needs_chain(context: Context, node: A.MatchExpr | A.MatchStmt) -> bool:
    """Whether 2.3 lacks a pattern of this match."""
    patterns = [pattern for pattern, _ in node.cases]
    if any(_new(context, p) for p in patterns) or any(not _refutable(context, p) for p in patterns):
        return True
    if any(_hidden(context, p) for p in patterns):
        return True
    if isinstance(node, A.MatchStmt) and any(_assigns(pattern, body) for pattern, body in node.cases):
        return True
    return not _separable(context, [[p] for p in patterns])


def _hidden(context: Context, pattern: A.Pattern) -> bool:
    """Whether a constructor's bare name stands inside one of another datatype, where 2.3 takes it for a variable."""
    outer = context.owners.get(pattern.name.rpartition(".")[2], frozenset())
    for arg in pattern.args or ():
        if pattern.name not in ("(,)", "|") and arg.args is None and context.is_constructor(arg):
            owner = context.owners.get(arg.name.rpartition(".")[2], frozenset())
            if len(owner) != 1 or owner != outer:
                return True
        if _hidden(context, arg):
            return True
    return False


def is_misread(text: str) -> bool:
    """Whether Dafny 2.3 reads the file otherwise than 4.x does, in silence: `case Some(Nil)` with a variable `Nil`,
    which matches everything. Constants are variables to it, too."""
    if "case" not in text:
        return False
    context = Context(text, parse(text), frozenset(), False)
    matches = (n for n in walk(context.program) if isinstance(n, A.MatchExpr | A.MatchStmt))
    patterns = [pattern for match in matches for pattern, _ in match.cases]
    return any(_hidden(context, p) or _bare_names(p) & context.constants for p in patterns)


def _assigns(pattern: A.Pattern, body: tuple[A.Stmt, ...]) -> bool:
    """Whether a case assigns a variable of its pattern, which in 2.3 is a constant."""
    names = _bare_names(pattern)
    assigned = (t for stmt in body for n in walk(stmt) if isinstance(n, A.Assign) for t in n.targets)
    return any(isinstance(target, A.Name) and target.id in names for target in assigned)


def _separable(context: Context, rows: list[list[A.Pattern]]) -> bool:
    """Whether 2.3 can tell the cases apart from left to right: in each column either every case tests or none does."""
    if not rows[0]:
        return len(rows) == 1
    column = [row[0] for row in rows]
    if not any(_refutable(context, p) for p in column) and all(p.name != "(,)" for p in column):
        return _separable(context, [row[1:] for row in rows])
    if not all(_refutable(context, p) or p.name == "(,)" for p in column):
        return False
    groups: dict[str, list[list[A.Pattern]]] = {}
    for row in rows:
        groups.setdefault(row[0].name, []).append([*(row[0].args or ()), *row[1:]])
    same_width = all(len({len(row) for row in group}) == 1 for group in groups.values())
    return same_width and all(_separable(context, group) for group in groups.values())


def _new(context: Context, pattern: A.Pattern) -> bool:
    """Whether it has literals, alternatives or qualified constructors somewhere."""
    if pattern.literal is not None or pattern.name == "|" or "." in pattern.name:
        return True
    return any(_new(context, arg) for arg in pattern.args or ())


def _refutable(context: Context, pattern: A.Pattern) -> bool:
    """Whether it may fail to match: it tests for a constructor or a value."""
    if pattern.name == "(,)" or pattern.name == "|":
        return any(_refutable(context, arg) for arg in pattern.args or ())
    return pattern.literal is not None or pattern.args is not None or context.is_constructor(pattern)


def _bare_names(pattern: A.Pattern) -> frozenset[str]:
    """Names without arguments in a pattern: variables, constructors, or 4.x's constants."""
    if pattern.args is not None:
        return frozenset(name for arg in pattern.args for name in _bare_names(arg))
    return frozenset() if pattern.literal is not None or pattern.name == "_" else frozenset([pattern.name])


def rewrite_match(context: Context, node: A.MatchExpr | A.MatchStmt, depth: int, implicit: frozenset[str]) -> bool:
    """Rewrite a match that 2.3 lacks; whether it was one. depth: enclosing rewritten matches. implicit: names that are
    themselves rewritten (fields of `this`)."""
    names = {name for pattern, _ in node.cases for name in _bare_names(pattern)}
    if names & context.constants:
        context.refuse(node, "constants as match patterns")
        return False
    if not node.cases or not needs_chain(context, node):
        return False
    if context.includes and names - context.constructors.keys():
        context.refuse(node, "match patterns that 2.3 lacks, beside included files,")
        return False
    if node.attributes:
        context.refuse(node, "attributes of matches")
        return False
    arms = _arms(context, node)
    subject = node.subject
    direct = isinstance(subject, A.Name) and subject.id not in implicit
    parts = _parts(subject, implicit)
    name = subject.id if isinstance(subject, A.Name) and direct else context.fresh(f"match'{depth + 1}")
    if arms is None:
        context.refuse(node, "matches of this form")
        return False
    try:
        chain = _Chain(context, node, name, parts)
        texts = [chain.arm(arm, first=arm is arms[0], last=arm is arms[-1]) for arm in arms]
    except _CannotSay as reason:
        context.refuse(node, str(reason))
        return False
    _edit(context, node, arms, texts, "" if direct or parts is not None else name)
    return True


def _parts(subject: A.Expr, implicit: frozenset[str]) -> tuple[str, ...] | None:
    """The names of a tuple of variables, which are then tested one by one."""
    if not isinstance(subject, A.Tuple):
        return None
    names = tuple(item.id for item in subject.items if isinstance(item, A.Name) and item.id not in implicit)
    return names if len(names) == len(subject.items) and names else None


def _edit(context: Context, node: A.MatchExpr | A.MatchStmt, arms: list[_Arm], texts: list[str], variable: str) -> None:
    edits, statement = context.edits, isinstance(node, A.MatchStmt)
    word = A.Span(node.span.start, node.span.start + len("match"))
    outer = context.enclosed(node.subject, word.end)
    opener, closer = ("{", "}") if statement else ("(", ")")
    if variable:
        edits.replace(word, f"{opener} var {variable} := ")
        edits.closing(A.Span(node.span.start, outer.end), ";")
    else:
        edits.replace(A.Span(word.start, outer.end), opener)
    brace = context.first(("{",), outer.end, arms[0].whole.start)
    if brace is not None:
        edits.delete(brace)
        edits.replace(A.Span(node.span.end - 1, node.span.end), " }" + closer if statement else closer)
    else:
        edits.closing(node.span, " }" + closer if statement else closer)
    for arm, text in zip(arms, texts, strict=True):
        edits.replace(arm.whole, text, arm.pattern.span.start)


def _arms(context: Context, node: A.MatchExpr | A.MatchStmt) -> list[_Arm] | None:
    arms = []
    behind = node.subject.span.end
    for pattern, body in node.cases:
        case = context.last_before("case", pattern.span.start, behind)
        arrow = context.first(("=>",), pattern.span.end, node.span.end)
        if case is None or arrow is None:
            return None
        arms.append(_Arm(pattern, A.Span(case.start, arrow.end)))
        behind = arrow.end if isinstance(body, tuple) else body.span.end
    return arms


class _Chain:
    """The text of each case of one match."""

    def __init__(
        self, context: Context, node: A.MatchExpr | A.MatchStmt, subject: str, parts: tuple[str, ...] | None
    ) -> None:
        self._context = context
        self._statement = isinstance(node, A.MatchStmt)
        self._subject = subject
        self._parts = parts

    def arm(self, arm: _Arm, *, first: bool, last: bool) -> str:
        """What stands for `case PATTERN =>`."""
        tests = self._tests(self._subject, self._parts, arm.pattern)
        test = " && ".join(tests)
        binding = self._binding(arm.pattern)
        if self._statement:
            close = "" if first else "} else "
            if not test or last:
                check = f"assert {test}; " if test else ""
                return f"{close}{{ {check}{binding}"
            return f"{close}if {test} {{ {binding}"
        lead = "" if first else " else "
        if not test or last:
            check = f"assert {test}; " if test else ""
            return f"{lead}{check}{binding}"
        return f"{lead}if {test} then {binding}"

    def _tests(self, path: str, parts: tuple[str, ...] | None, pattern: A.Pattern) -> list[str]:
        if pattern.literal is not None:
            return [f"{path} == {self._context.one_line(pattern)}"]
        if pattern.name == "|":
            found = [self._tests(path, parts, arg) for arg in pattern.args or ()]
            return ["(" + " || ".join(" && ".join(tests) or "true" for tests in found) + ")"]
        if pattern.name == "(,)":
            args = enumerate(pattern.args or ())
            paths = parts or ()
            return [t for i, arg in args for t in self._tests(paths[i] if i < len(paths) else f"{path}.{i}", None, arg)]
        if not _refutable(self._context, pattern):
            return []
        name = pattern.name.rpartition(".")[2]
        tests = [f"{path}.{name}?"]
        for index, arg in enumerate(pattern.args or ()):
            if _refutable(self._context, arg):
                tests += self._tests(f"{path}.{self._destructor(name, index)}", None, arg)
        return tests

    def _destructor(self, constructor: str, index: int) -> str:
        known = self._context.constructors.get(constructor, [])
        names = {c.params[index].name for c in known if index < len(c.params)}
        if len(names) != 1 or not (name := next(iter(names))):
            raise _CannotSay("nested match patterns below parameters without a name")
        return name

    def _binding(self, pattern: A.Pattern) -> str:
        """Declares the variables of a pattern that matches."""
        if not self._variables(pattern):
            return ""
        if pattern.name != "(,)" or self._parts is None:
            return self._declare(self._text(pattern), self._subject)
        pairs = [(self._text(arg), part) for arg, part in zip(pattern.args or (), self._parts, strict=False)]
        pairs = [(text, part) for text, part in pairs if text not in ("_", part)]
        if len(pairs) < 2:
            return "".join(self._declare(text, part) for text, part in pairs)
        # All at once: a variable may be called like another part.
        return f"var ({', '.join(t for t, _ in pairs)}) := ({', '.join(p for _, p in pairs)}); "

    @staticmethod
    def _declare(text: str, value: str) -> str:
        return "" if text == value else f"var {text} := {value}; "

    def _variables(self, pattern: A.Pattern) -> bool:
        if pattern.args is not None:
            return any(self._variables(arg) for arg in pattern.args)
        return pattern.literal is None and pattern.name != "_" and not self._context.is_constructor(pattern)

    def _text(self, pattern: A.Pattern) -> str:
        """The pattern as 2.3 writes it in a `var`: parts that bind nothing are wildcards."""
        if not self._variables(pattern):
            return "_"
        if pattern.args is None:
            return pattern.name + (f": {self._context.one_line(pattern.type)}" if pattern.type else "")
        name = "" if pattern.name == "(,)" else pattern.name.rpartition(".")[2]
        return f"{name}({', '.join(self._text(arg) for arg in pattern.args)})"
