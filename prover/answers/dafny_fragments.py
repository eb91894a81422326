"""Fragments of Dafny, put where they can only belong in a declaration."""

from __future__ import annotations

from textwrap import dedent, indent

from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Edit, apply_edits
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.walk import walk
from prover.answers.dafny_code import CLAUSES, LOOPS
from prover.answers.reading import NotAnEdit

_Loop = ast.While | ast.For


def with_fragment(base: str, decl: ast.Callable, code: str) -> str | NotAnEdit:
    """The text of a declaration of `base` with a fragment put in, the fragment's own declarations in front of it."""
    helpers, fragment = _split(code)
    tokens = tokenize(fragment)
    if not tokens:
        return NotAnEdit("lemmas alone prove nothing of the goal: say where they are used", "missing")
    first = tokens[0].text
    if first in CLAUSES:
        edits = _clauses(base, decl, fragment)
    elif first in LOOPS:
        edits = _headers(base, decl, fragment)
    elif first == "{":
        edits = _body(decl, fragment)
    else:
        edits = _statements(base, decl, fragment)
    if isinstance(edits, NotAnEdit):
        return edits
    start, end = decl.span
    text = apply_edits(base[start:end], (Edit(s - start, e - start, t) for s, e, t in edits))
    return f"{helpers}\n\n{text}" if helpers.strip() else text


def _split(code: str) -> tuple[str, str]:
    """The declarations that a piece of code begins with, and the rest of it."""
    program = parse(code)
    end = 0
    for decl in program.decls:
        broken = any(decl.span.start <= p.span.start <= decl.span.end for p in program.problems)
        if not isinstance(decl, ast.Callable) or broken:
            break
        end = decl.span.end
    return code[:end], code[end:]


def _loops(decl: ast.Callable) -> list[_Loop]:
    found = [n for n in walk(decl) if isinstance(n, ast.While | ast.For)]
    return sorted(found, key=lambda loop: loop.span.start)


def _under(base: str, place: int, fragment: str) -> str:
    """A fragment on lines of its own, moved in by two from the line of a place in the base."""
    line = base[base.rfind("\n", 0, place) + 1 : place]
    lead = line[: len(line) - len(line.lstrip())] + "  "
    return indent(dedent(fragment.strip("\n")).rstrip(), lead)


def _unread(fragment: str) -> NotAnEdit:
    lines = fragment.strip().split("\n")
    return NotAnEdit(f"this could not be read: `{lines[0].strip()[:60]}`", "unreadable")


def _clauses(base: str, decl: ast.Callable, fragment: str) -> list[Edit] | NotAnEdit:
    whole = parse(f"method _() {{ while true\n{fragment}\n{{ }} }}")
    only = _only(whole)
    if only is None or only.body is None or only.body.body:
        return _unread(fragment)
    loops = _loops(decl)
    if len(loops) == 1:
        loop = loops[0]
        at = max((c.span.end for c in loop.clauses), default=loop.header_end)
        return [Edit(at, at, f"\n{_under(base, loop.span.start, fragment)}\n")]
    if not loops and all(c.kind == "decreases" for c in only.clauses):
        at = decl.body_span.start if decl.body_span is not None else decl.span.end
        return [Edit(at, at, f"\n{_under(base, decl.span.start, fragment)}\n")]
    count = f"there are {len(loops)} loops" if loops else "there is no loop"
    return NotAnEdit(f"{count}: repeat the loop's header in front of its clauses", "no-place")


def _only(program: ast.Program) -> ast.While | None:
    """The loop that is all of a text with one method, if it was read without problems."""
    statements = _statements_of(program)
    only = statements[0] if statements is not None and len(statements) == 1 else None
    return only if isinstance(only, ast.While) else None


def _headers(base: str, decl: ast.Callable, fragment: str) -> list[Edit] | NotAnEdit:
    """Loops, each with or without its body, for those of the declaration with the same heads."""
    opening = "method _() {\n"
    program = parse(f"{opening}{fragment}\n}}")
    statements = _statements_of(program)
    if statements is None or not all(isinstance(s, ast.While | ast.For) for s in statements):
        return _unread(fragment)
    left = _loops(decl)
    edits: list[Edit] = []
    behind = 0
    for given in statements:
        assert isinstance(given, ast.While | ast.For)
        same = next((k for k, loop in enumerate(left) if loop.span.start >= behind and _same_head(given, loop)), None)
        if same is None:
            return NotAnEdit("a loop that the declaration does not have", "code-changed")
        loop = left.pop(same)
        if given.body is not None:
            edits.append(Edit(*loop.span, program.text[slice(*given.span)]))
            behind = loop.span.end
            continue
        at = max((c.span.end for c in loop.clauses), default=loop.header_end)
        new = [program.text[slice(*c.span)] for c in given.clauses if c not in loop.clauses]
        edits.append(Edit(at, at, "".join(f"\n{_under(base, loop.span.start, text)}" for text in new) + "\n"))
    return edits


def _same_head(given: _Loop, loop: _Loop) -> bool:
    if isinstance(given, ast.While) and isinstance(loop, ast.While):
        return given.guard == loop.guard
    if isinstance(given, ast.For) and isinstance(loop, ast.For):
        return (given.var, given.low, given.high, given.down) == (loop.var, loop.low, loop.high, loop.down)
    return False


def _body(decl: ast.Callable, fragment: str) -> list[Edit] | NotAnEdit:
    statements = _statements_of(parse(f"lemma _()\n{fragment}"))
    if statements is None and decl.body is None:
        return _unread(fragment)
    if decl.body_span is not None:
        return [Edit(*decl.body_span, fragment.strip())]
    return [Edit(decl.span.end, decl.span.end, f"\n{fragment.strip()}")]


def _statements(base: str, decl: ast.Callable, fragment: str) -> list[Edit] | NotAnEdit:
    statements = _statements_of(parse(f"lemma _() {{\n{fragment}\n}}"))
    if statements is None:
        return _unread(fragment)
    if decl.body is None:
        if not decl.is_lemma:
            return NotAnEdit(f"`{decl.name}` has no body to put statements into", "no-place")
        body = _under(base, decl.span.start, fragment)
        return [Edit(decl.span.end, decl.span.end, f"\n{{\n{body}\n}}")]
    if not isinstance(decl.body, ast.Block) or decl.body_span is None:
        return NotAnEdit("statements have no place in an expression", "no-place")
    if decl.body.body and isinstance(decl.body.body[-1], ast.Return):
        return NotAnEdit("behind the `return` nothing is reached: say where the statements belong", "no-place")
    at = decl.body_span.end - 1
    return [Edit(at, at, f"\n{_under(base, at, fragment)}\n")]


def _statements_of(program: ast.Program) -> tuple[ast.Stmt, ...] | None:
    """The statements of a text with one declaration, if it was read without problems."""
    decls = program.decls
    if program.problems or len(decls) != 1 or not isinstance(decls[0], ast.Callable):
        return None
    body = decls[0].body
    if not isinstance(body, ast.Block) or body.span.end != len(program.text.rstrip()):
        return None
    return body.body
