"""What the tests of splitting share: programs, and claims about their functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy_scenes import Scene, expression

from dafny_env.scope import Variable
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.claims import Claim, claim_about
from prover.policy.symbolic.splitting.trials import Trials
from prover.policy.symbolic.splitting.wider import widened
from prover.policy.symbolic.view import printed

POWER = """\
function Power(base: int, e: nat): int
{
  if e == 0 then 1 else base * Power(base, e - 1)
}

method FastPower(base: int, e: nat) returns (p: int)
  ensures p == Power(base, e)
{
  p := 1;
  var x := base;
  var k: nat := e;
  while k > 0
  {
    if k % 2 == 1 {
      p := p * x;
    }
    x := x * x;
    k := k / 2;
  }
}
"""
TOTAL = """\
function Total(s: seq<int>): int
{
  if |s| == 0 then 0 else Total(s[..|s| - 1]) + s[|s| - 1]
}

method Prefixes(a: array<int>) returns (p: array<int>)
  ensures p.Length == a.Length + 1
  ensures forall i :: 0 <= i <= a.Length ==> p[i] == Total(a[..i])

method Range(a: array<int>, lo: nat, hi: nat) returns (t: int)
  requires lo <= hi <= a.Length
  ensures t == Total(a[lo..hi])
{
  var p := Prefixes(a);
  t := p[hi] - p[lo];
}
"""
CHAINS = """\
datatype Chain = End | Link(first: int, rest: Chain)

function Join(a: Chain, b: Chain): Chain
{
  match a
  case End => b
  case Link(x, more) => Link(x, Join(more, b))
}

function Reversed(a: Chain): Chain
{
  match a
  case End => End
  case Link(x, more) => Join(Reversed(more), Link(x, End))
}

lemma ReversedTwice(a: Chain)
  ensures Reversed(Reversed(a)) == a
"""


def setting_of(scene: Scene) -> Setting:
    return Setting(scene.goal, 0)


def variables(types: Mapping[str, str]) -> list[Variable]:
    found = []
    for name, type_ in types.items():
        decl = parse(f"lemma L(x: {type_})").decls[0]
        assert isinstance(decl, ast.Callable)
        found.append(Variable(name, decl.params[0].type, "local"))
    return found


def claim(scene: Scene, types: Mapping[str, str], known: Sequence[str], ensures: str) -> Claim:
    made = claim_about(expression(ensures), [expression(k) for k in known], variables(types), scene.table)
    assert made is not None
    return made


def widest(scene: Scene, types: Mapping[str, str], known: Sequence[str], ensures: str) -> Claim | None:
    """The widest form in which a claim is believed."""
    found = widened(claim(scene, types, known, ensures), Trials(setting_of(scene)), scene.table)
    return found[0] if found else None


def said(claim: Claim | None) -> tuple[dict[str, str], list[str], str]:
    """A claim's parameters with what they stand for, its hypotheses and its conclusion."""
    assert claim is not None, "not believed"
    values = {p.name: printed(claim.values[p.name]) for p in claim.params}
    return values, [printed(e) for e in claim.requires], printed(claim.ensures)
