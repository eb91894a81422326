"""Functions that stand for expressions 2.3 lacks. They have bodies and are verified with the file that needs them."""

from __future__ import annotations

from enum import Enum

from dafny_env.dialect.binding import Site
from dafny_env.dialect.context import Context
from dafny_env.syntax.ast import Span

_SEQ = (
    "requires forall i: nat :: i < n ==> f.requires(i) {reads}ensures |{{name}}(n, f)| == n "
    "ensures forall i: nat :: i < n ==> {{name}}(n, f)[i] == f(i) decreases n "
    "{{{{ if n == 0 then [] else {{name}}(n - 1, f) + [f(n - 1)] }}}}"
)


class Helper(Enum):
    """A helper declaration: its usual name and its text, on one line."""

    SEQ = ("Seq'", "function method {name}<T>(n: nat, f: nat --> T): seq<T> " + _SEQ.format(reads=""))
    SEQ_READS = (
        "SeqReads'",
        "function method {name}<T>(n: nat, f: nat ~> T): seq<T> "
        + _SEQ.format(reads="reads set i: nat, o | i < n && o in f.reads(i) :: o "),
    )
    MAP_PLUS = (
        "MapPlus'",
        "function method {name}<K, V>(m: map<K, V>, n: map<K, V>): map<K, V> "
        "ensures {name}(m, n).Keys == m.Keys + n.Keys "
        "ensures forall k :: k in n ==> {name}(m, n)[k] == n[k] "
        "ensures forall k :: k in m && k !in n ==> {name}(m, n)[k] == m[k] "
        "{{ map k | k in m.Keys + n.Keys :: if k in n then n[k] else m[k] }}",
    )
    MAP_MINUS = (
        "MapMinus'",
        "function method {name}<K, V>(m: map<K, V>, s: set<K>): map<K, V> "
        "ensures {name}(m, s).Keys == m.Keys - s ensures forall k :: k in {name}(m, s) ==> {name}(m, s)[k] == m[k] "
        "{{ map k | k in m && k !in s :: m[k] }}",
    )
    # Characters of 2.3 have 16 bits, those of 4.x more, without surrogates: what both agree on is all that is known.
    CHAR_TO_INT = (
        "CharToInt'",
        "function method {{:opaque}} {name}(c: char): int "
        "ensures c <= '\\uD7FF' ==> {name}(c) == c as int ensures c > '\\uD7FF' ==> {name}(c) > 0xD7FF {{ c as int }}",
    )
    INT_TO_CHAR = (
        "IntToChar'",
        "function method {name}(n: int): char requires 0 <= n < 0xD800 {{ n as char }}",
    )


def want(context: Context, helper: Helper, site: Site) -> str:
    """The name of a helper, which is declared once in the module of a site."""
    usual, text = helper.value
    name = context.fresh(usual)
    at = site.node.span.end - 1 if site.node is not None else len(context.text)
    context.helpers[at, name] = text.format(name=name)
    return name


def put_helpers(context: Context) -> None:
    """Insert the wanted helpers at the ends of their modules, or on a line behind the last of the file."""
    for (at, _), text in sorted(context.helpers.items()):
        behind = at == len(context.text) and not context.text.endswith(("\n", "\r"))
        context.edits.closing(Span(0, at), ("\n" if behind else " ") + text, 0)
