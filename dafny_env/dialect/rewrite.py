"""Puts a file written for Dafny 4.x (or 3.x) into Dafny 2.3, line by line, with the way back.

Every rule looks at one construct and edits only its own tokens, so text inserted elsewhere changes nothing about how
the rest is rewritten. What is accepted must be a proof in 4.x too: each rule keeps the obligations or asks for more.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from dafny_env.dialect.binding import Env, Site, Types
from dafny_env.dialect.context import Context, Unsupported
from dafny_env.dialect.declarations import qualified, rewrite_declarations
from dafny_env.dialect.edits import Conflict, Edited
from dafny_env.dialect.expressions import (
    refuse_char_arithmetic,
    refuse_lacking,
    rewrite_conversion,
    rewrite_domains,
    rewrite_expect,
    rewrite_literal,
    rewrite_map_arithmetic,
    rewrite_named_arguments,
    rewrite_reveal,
    rewrite_seq,
)
from dafny_env.dialect.helpers import put_helpers
from dafny_env.dialect.loops import rewrite_continues, rewrite_for
from dafny_env.dialect.members import lift_members
from dafny_env.dialect.patterns import rewrite_match
from dafny_env.dialect.uses import Uses, field_names
from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Position
from dafny_env.syntax.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Translation:
    """A file for Dafny 2.3. `text` has the lines of the original; helper declarations stand behind its last one.

    promoted: the functions (qualified, original names) compiled here because 4.x compiles `function`. renamed:
    qualified names in `text` by original ones, for members of datatypes. helpers: names declared in `text` only.
    """

    text: str
    promoted: frozenset[str]
    renamed: dict[str, str]
    helpers: frozenset[str]
    program: A.Program = field(repr=False, compare=False)
    _edited: Edited = field(repr=False, compare=False)

    def origin(self, line: int, column: int) -> Position:
        """The original's line (from 1) and column (from 0, characters) for those of `text`."""
        return self._edited.position(line, column)

    def inserted(self, line: int, column: int) -> bool:
        """Whether a place of `text` lies in text that the original lacks."""
        return self._edited.inserted(line, column)

    def original_name(self, name: str) -> str:
        """A qualified name of `text` as the original has it."""
        return next((old for old, new in self.renamed.items() if new == name), name)

    def original_message(self, message: str) -> str:
        """A message of the verifier with lifted members called by their own names."""
        for old, new in self.renamed.items():
            short = new.rpartition(".")[2]
            message = re.sub(rf"(?<![\w']){re.escape(short)}(?![\w'])", ".".join(old.split(".")[-2:]), message)
        return message


def plain_functions_are_compiled(text: str) -> bool:
    """Whether `function` alone is compiled, as in 4.x, rather than ghost, as where `function method` occurs."""
    pairs = itertools.pairwise(tokenize(text))
    return not any(a.text in ("function", "predicate") and b.text == "method" for a, b in pairs)


def to_v2(
    text: str, demoted: frozenset[str] = frozenset(), *, plain_is_compiled: bool | None = None
) -> Translation | Unsupported:
    """Rewrite a file for Dafny 2.3.

    demoted: qualified names of functions that stay ghost although 4.x compiles them. plain_is_compiled: as
    `plain_functions_are_compiled` says of the file that candidates are made from; by default of `text` itself. Text
    that the parser cannot read is left as it is.
    """
    program = parse(text)
    compiled = plain_functions_are_compiled(text) if plain_is_compiled is None else plain_is_compiled
    context = Context(text, program, demoted, compiled)
    promoted = rewrite_declarations(context)
    renamed = lift_members(context)
    _Rewriter(context).run()
    if (refusal := context.refusal()) is not None:
        return refusal
    helpers = frozenset(name for _, name in context.helpers)
    put_helpers(context)
    try:
        edited = context.edits.apply()
    except Conflict as conflict:  # a defect of ours that hostile text may find must not end a search
        return Unsupported(f"the rewriter failed ({conflict})", 1, "text that the rewriter cannot cope with")
    return Translation(edited.text, promoted, renamed, helpers, program, edited)


class _Rewriter:
    """Visits the tree, parents first, and applies the rules for statements and expressions."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._types = Types(context)
        self._uses = Uses(context, self._types)

    def run(self) -> None:
        """Visit the whole file."""
        for decl in self._context.program.decls:
            self._visit(decl, {}, Site(), 0)

    def _visit(self, node: A.Node, env: Env, site: Site, matches: int) -> None:
        if isinstance(node, A.Import | A.Pattern | A.Type):
            return
        site = self._site(node, site)
        if isinstance(node, A.MatchExpr | A.MatchStmt):
            fields = field_names(site.owner) - set(env) if site.owner is not None else frozenset()
            matches += rewrite_match(self._context, node, matches, fields)
        else:
            self._rules(node, env, site)
        if self._context.lifted:
            self._uses.visit(node, env, site)
        for child, inner in self._types.below(node, env, site.owner):
            self._visit(child, inner, site, matches)

    def _site(self, node: A.Node, site: Site) -> Site:
        if isinstance(node, A.Module):
            return Site(qualified(site.module, node.name), node)
        if isinstance(node, A.Datatype):
            return Site(site.module, site.node, node)
        return site

    def _rules(self, node: A.Node, env: Env, site: Site) -> None:
        context = self._context
        match node:
            case A.For():
                rewrite_for(context, node)
            case A.Callable(body=A.Block() as body):
                rewrite_continues(context, body)
            case A.SeqComp():
                rewrite_seq(context, node, site)
            case A.Quantifier() | A.SetComp() | A.MapComp() | A.ForallStmt():
                rewrite_domains(context, node)
            case A.Reveal():
                rewrite_reveal(context, node)
            case A.Expect():
                rewrite_expect(context, node)
            case A.Literal():
                rewrite_literal(context, node)
            case A.Call(names=names) if any(name is not None for name in names):
                rewrite_named_arguments(context, node)
            case A.Convert(kind="as"):
                rewrite_conversion(context, node, self._types.of(node.operand, env, site.owner), site)
            case A.Binary(op="+" | "-"):
                left, right = (self._types.of(side, env, site.owner) for side in (node.left, node.right))
                refuse_char_arithmetic(context, node, left, right)
                rewrite_map_arithmetic(context, node, self._types.of(node, env, site.owner), site)
            case _:
                refuse_lacking(context, node)
