"""What must hold of every tree, and programs to try it on."""

from __future__ import annotations

import json
import os
from pathlib import Path

from dafny_env.syntax import ast as A
from dafny_env.syntax.walk import children, walk

SAMPLES = [
    """module M { import opened N
  class C<T(==)> extends B { var x: int, y: T; const c := 3
    constructor (n: int) requires n > 0 modifies this ensures x == n { x := n; new; M(); }
    static function method F(s: seq<T>): nat decreases |s| { if s == [] then 0 else 1 + F(s[1..]) } } }
method Sum(a: array<int>, n: int) returns (s: int)
  requires 0 <= n <= a.Length; // bounds
  ensures {:focus} s == Total(a[..n])
{
  s := 0; var i, j := 0, *;
  while (i < n)
    invariant 0 <= i <= n && s == Total(a[..i])
    decreases n - i
  { assert a[..i+1] == a[..i] + [a[i]] by { L(a, i); } s, i := s + a[i], i + 1; if s > 3 { break; } else if * { } }
  forall k | 0 <= k < n ensures a[k] == old(a[k]) { calc == { a[k]; { M(); } old(a[k]); } }
}""",
    """datatype Tree<T> = Leaf | Node(left: Tree<T>, value: T, right: Tree<T>) { predicate P() { true } }
type Nat = x: int | x >= 0 witness 1
lemma {:induction t} Deep(t: Tree<int>) ensures Depth(t) >= 0 ==> forall x: int {:trigger f(x)} | x in t :: f(x) > 0
{ match t { case Leaf => case Node(l, v, r) => { Deep(l); } } var m := map k | k in s :: k := g(k); x :| assume x > 0; }
function Depth(t: Tree<int>): int { match t case Leaf => 0 case Node(l, _, r) => var d := Depth(l);
  (assert d >= 0; d) + 1 }
@Attr method For(s: set<int>) returns (r: (int, bool)) { for i := 0 to 10 invariant |s| > i { r.0 := i; }
  label L: if { case i < 3 => r := f<int>(x => x + 1, multiset{1, 2}); case true => expect a as int == 'c' as int; } }
iterator I(n: nat) yields (x: int) yield ensures x < n { yield 3; } export provides I, For""",
]


def assert_in_order(program: A.Program) -> None:
    """Children lie within their parents, in order and disjoint."""
    for node in walk(program):
        last = node.span.start
        for child in children(node):
            assert last <= child.span.start <= child.span.end <= node.span.end, (type(node), type(child), child.span)
            last = child.span.end


def benchmark_programs() -> list[tuple[str, str]]:
    """Names and texts of the real programs at hand; none when the data is absent."""
    root = Path(os.environ.get("LEMMATREE_BENCH") or Path(__file__).parents[3] / ".." / "shared" / "bench")
    found = []
    dafnybench = root / "dafnybench_dev" / "test.json"
    if dafnybench.is_file():
        for task in json.loads(dafnybench.read_text(encoding="utf-8")):
            found.append((f"dafnybench/{task['test_ID']}", task["ground_truth"]))
    for path in sorted((root / "algoveri" / "algoveri_data").glob("*/dafny_spec.dfy")):
        found.append((f"algoveri/{path.parent.name}", path.read_text(encoding="utf-8")))
    return found
