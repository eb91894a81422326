"""The file that the gate's tests edit, and how they do it."""

from dafny_env.gate.static import judge_text
from dafny_env.gate.surroundings import Surroundings
from dafny_env.syntax.parser import parse

BASE = """\
datatype Tree = Leaf | Node(left: Tree, right: Tree)

function Size(t: Tree): nat
{
  match t
  case Leaf => 1
  case Node(l, r) => Size(l) + Size(r)
}

function Sum(n: nat): nat
{
  if n == 0 then 0 else n + Sum(n - 1)
}

function Poly(x: int, y: int, z: int): int
{
  x * y + z
}

function Unknown(n: int): int

lemma SumGrows(n: nat)
  ensures Sum(n) >= n

lemma SizePositive(t: Tree)
  ensures Size(t) > 0
{
  match t
  case Leaf =>
  case Node(l, r) =>
    calc {
      Size(t);
      Size(l) + Size(r);
    }
}

trait Shape {
  function Area(): int
}

class Counter {
  var value: int
  ghost var history: int

  method Bump()
    modifies this
    ensures value == old(value) + 1
  {
    value := value + 1;
  }
}

method Helper(a: array<int>)
  modifies a
{
}

method Total(n: nat, c: Counter, a: array<int>) returns (s: nat)
  requires n < 100
  modifies c
  ensures s == Sum(n)
{
  s := 0;
  var i := 0;
  ghost var g := 0;
  while i < n
  {
    i := i + 1;
    s := s + i;
    if s > 1000 {
      g := 1;
    }
  }
  label done: g := g + 1;
  assume g < 3;
  assert s == Sum(i);
}
"""


def edited(*edits: tuple[str, str], base: str = BASE) -> str:
    """The base with each first text, which must occur exactly once, replaced by the second."""
    text = base
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    return text


PROVED = (
    ("lemma SumGrows(n: nat)\n  ensures Sum(n) >= n\n", "lemma SumGrows(n: nat)\n  ensures Sum(n) >= n\n{\n}\n"),
    ("  assume g < 3;", "  assert g < 3;"),
)
"""What closes the two goals of the base."""


def rules(original: str | None, candidate: str) -> set[str]:
    """The rules that a candidate breaks, by its text alone."""
    verdict = judge_text(parse(original) if original is not None else None, parse(candidate), Surroundings())
    return {o.rule for o in verdict.objections}
