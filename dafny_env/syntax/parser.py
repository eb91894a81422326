"""Parses Dafny text, 2.3 and 4.x alike, into the tree of `ast`.

Hand-written recursive descent. It never raises and always ends: what cannot be read is skipped up to where the next
statement, clause or declaration seems to start, kept as an Unknown node, and reported as a SyntaxProblem.
"""

from __future__ import annotations

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_base import MAX_HEIGHT, Unreadable
from dafny_env.syntax.parse_decl import DeclParser


def parse(text: str) -> A.Program:
    """The tree of a whole file. `problems` is empty when everything was read."""
    parser = DeclParser(text)
    decls = parser.declarations(top=True)
    _report_errors(parser)
    parser.problems.sort(key=lambda p: p.span)
    return A.Program(text, decls, tuple(parser.problems), span=A.Span(0, len(text)))


def parse_expression(text: str) -> A.Expr | A.SyntaxProblem:
    """The tree of an expression that makes up the whole text, or what is wrong with it (the first problem)."""
    parser = DeclParser(text)
    try:
        found = parser.full()
        if parser.kinds[parser.pos] != "eof":
            raise parser.unreadable("the end of the expression expected")
        if parser.too_high([found]):
            raise Unreadable(f"a tree of more than {MAX_HEIGHT} levels", 0)
    except Unreadable as problem:
        span = A.Span(parser.starts[problem.position], parser.ends[problem.position])
        return A.SyntaxProblem(problem.message, span=span)
    except RecursionError:
        return A.SyntaxProblem("nested too deep to read", span=A.Span(0, len(text)))
    return parser.problems[0] if parser.problems else found


def _report_errors(parser: DeclParser) -> None:
    """Text that is no token at all is a problem even where the parser skipped over it in silence."""
    known = sorted(parser.problems, key=lambda p: p.span)
    covered = index = 0
    for token, kind in enumerate(parser.kinds):
        if kind != "error":
            continue
        start, end = parser.starts[token], parser.ends[token]
        while index < len(known) and known[index].span.start <= start:
            covered = max(covered, known[index].span.end)
            index += 1
        if start >= covered:
            parser.problems.append(A.SyntaxProblem("not a token of Dafny", span=A.Span(start, end)))
