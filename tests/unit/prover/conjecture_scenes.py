"""What the tests of conjectures share: programs, and what is conjectured about their functions."""

from __future__ import annotations

from policy_scenes import scene

from prover.policy.symbolic.conjecture.choose import conjectures
from prover.policy.symbolic.conjecture.lab import Lab
from prover.policy.symbolic.conjecture.recursion import recursive_functions
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.view import printed

SUM = "function Sum(s: seq<int>): int { if |s| == 0 then 0 else s[0] + Sum(s[1..]) }\n"
SUM_FROM_BACK = "function Sum(s: seq<int>): int { if |s| == 0 then 0 else Sum(s[..|s| - 1]) + s[|s| - 1] }\n"
POWER = "function Power(b: int, e: nat): int { if e == 0 then 1 else b * Power(b, e - 1) }\n"
LISTS = """\
datatype List = Nil | Cons(head: int, tail: List)
function Append(xs: List, ys: List): List { match xs case Nil => ys case Cons(x, rest) => Cons(x, Append(rest, ys)) }
function Rev(xs: List): List { match xs case Nil => Nil case Cons(x, rest) => Append(Rev(rest), Cons(x, Nil)) }
function RevOnto(xs: List, acc: List): List {
  match xs case Nil => acc case Cons(x, rest) => RevOnto(rest, Cons(x, acc))
}
function Length(xs: List): nat { match xs case Nil => 0 case Cons(x, rest) => 1 + Length(rest) }
"""
ALL_OF_THEM = "lemma Goal(xs: List) ensures RevOnto(Rev(xs), Nil) == xs && Length(xs) >= 0\n"


def setting(text: str, name: str | None = None) -> Setting:
    """The setting of the last declaration of a program, or of one by name."""
    return Setting(scene(text, name).goal, seed=0)


def conjectured(text: str, name: str | None = None) -> list[str]:
    """What is conjectured for the goal, each as `requires ==> ensures`."""
    there = setting(text, name)
    found = []
    for named in conjectures(there, recursive_functions(there), [], Lab(there)):
        conjecture = named.conjecture
        requires = " && ".join(map(printed, conjecture.requires))
        ensures = printed(conjecture.ensures)
        found.append(f"{requires} ==> {ensures}" if requires else ensures)
    return found
