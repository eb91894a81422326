"""Constructs of both dialects that the parser must read without a problem."""

import pytest

from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.walk import walk

DECLARATIONS = """
include "lib/seq.dfy"
include "a.dfy" method M() { }
module A.B refines C { import opened D = E.F import G import H as I default J import opened K`{X, Y} }
module {:options "-x"} M { export provides f, g reveals T export E extends F provides * module N { } }
abstract module M { import A : B }
module M refines N { method P... { ...; assert ...; if ... { x := 1; } else { } while ... invariant true { ...; } } }
replaceable module M { } module N replaces M { }
class C<T(==), +U, -V> extends A<T>, M.B { var x: int; ghost var y: T, z: set<U>; const c := 3; static const d: int }
class {:autocontracts} C { constructor () { new; x := 1; } constructor Init(a: int) requires a > 0 modifies this { } }
trait T { function F(): int ghost function G(): int method M() returns (r: int) ensures r > 0 }
datatype D<T> = | A | B(x: int, ghost y: T) | C(int, seq<T>) { function F(): int { 3 } method M() { } }
codatatype Stream<T> = Cons(head: T, tail: Stream<T>);
datatype {:a} D extends T = {:b} A(0: int, x: int := 3) | ghost B
type T(==) type U<A, B(!new)> = map<A, B> type Nat = x: int | x >= 0 witness 1 type P = x: int | x > 3 ghost witness 4
type Q = x | x > 0 witness * newtype N = x: int | 0 <= x < 256 newtype R = int type S { function F(): int }
type {:extern} X(==,!new,0) extends Y
function F(x: int): (r: int) requires x > 0; ensures r > 0 reads {} decreases x { x } by method { return x; }
function method F<T>(s: seq<T>): nat decreases |s|, s { if s == [] then 0 else 1 + F(s[1..]) }
ghost predicate P(nameonly x: int := 3, older y: C, new z: D) reads this, x, `f, a`f { x > 3 && old(y) == z }
predicate method {:opaque} P() { true }
predicate P { true }
function {:opaque} F(): int -> bool { x => x > 3 }
opaque ghost function F(): (int, bool) ~> seq<int> { G }
twostate predicate P(new x: C) reads x { old(x.f) == x.f }
twostate lemma L() requires A: x > 3 { reveal A; assert f@L(x) == old@M(y) && unchanged@N(x`f, y) && fresh@K(z); }
inductive predicate E(n: int) { n == 0 || E(n - 2) } inductive lemma L(n: int) { }
copredicate C(s: S) { C(s.tail) } colemma M(s: S) ensures s ==#[k] t { } greatest lemma G[nat](x: int) { }
least predicate L[ORDINAL](x: int) { x == 0 }
lemma {:induction x, y} L<T>(x: T, y: T) requires A && B ensures C { }
@Axiom @Compile(false) lemma L()
@T method {:verify false} {:limit 10} M(ghost x: int, y: array?<int>) returns (a: int) modifies y, {y} decreases * { }
method M() ensures forall x | x in s :: x > 0; { } method N() free ensures true { }
iterator It<T>(s: set<T>) yields (x: T) yield requires true yield ensures x in s invariant true { yield; yield 3; }
ghost method M()
static ghost function G(): int
function F(x: int): int { 3 }; method K() { }
method M(x': int, y?: int, _z: int, a'b: int) { var c := 'a'; var d := '\\n'; }
""".strip().split("\n")


@pytest.mark.parametrize("text", DECLARATIONS)
def test_reads_declarations(text: str) -> None:
    assert_read(text)


def test_reads_the_declarations_together() -> None:
    assert_read("\n".join(d for d in DECLARATIONS if "include" not in d))


STATEMENTS = """
var x; var y: int, z := 1, *; ghost var {:a} w: seq<seq<int>> := [[1]]; var (a, b) := t; var C(d, _) := e;
var x :| x > 3; var y, z :| assume y < z; x :| P(x); x :| assume {:axiom} P(x); x, y := y, x; a[i], b.f := 1, M();
var x :- F(); x :- G(x); :- H(); var y: int :- expect I(); x :- assume {:axiom} J();
var c := new C; var d := new C.Init(3); var e := new C<int>(x);
a := new int[3, 4]; a := new int[n](i => i);
a := new int[] [1, 2]; a := new M.C<int>.Init(4); a := new [3]; var f := new array<int>[3];
if x < y { } else if (x == z) { } else { } if * { } if (*) { } if x :| P(x) { } if x: int, y :| x < y { }
if { case x < y => z := 1; case x :| P(x) => } if case a => b := 1; case c => d := 2;
if a <b { } if a<b && c>d { } if f<int>(x) < g { } if x as int < 3 { } if x is T { }
while x < y invariant x > 0; free invariant true decreases y - x, *; modifies a { break; } while (x > 0) decreases x { }
while * { } while { case x => y := 1; } while invariant I decreases 3 case x => { break break; } while x > y invariant z
label L: while true { break L; continue L; continue; break continue; } label 0: x := 1; label M: { }
for i := 0 to n invariant i < n { } for i: int := n downto 0 { } for _ := 0 to * { }
forall x | x in s { f(x) := 3; } forall (x: int, y | x < y) ensures P(x, y) { } forall x: int ensures P(x); { L(x); }
forall x <- s, y <- t(x) | x < y ensures P(x, y) { } forall i {:trigger f(i)} | 0 <= i < n { a[i] := 1; } forall () { }
assert P; assert {:a} L: P by { M(); } assert forall x :: P(x) by { } assume {:axiom} Q; assume Q; expect x > 3, "no";
calc { a; b; } calc <= { a; == { L(); } b; < c; == { } { assert x; } d; }
calc {:verify} ==> { a; { L(); } b; calc { 1; 2; } c; } calc ==#[k] { a; ==#[k] b; }
match x { case A => y := 1; case B(z, C(w)) => { } case (a, b) => case 3 => case -1 => case "s" | 'c' => case _ => }
match x case A => y := 1; case B => match z case C => w := 2; case D =>
match (x, y) { case {:split false} (A, B(c: int)) => case A.B(x) => case _ => }
return; return x, y + 1; return new C; print "x\\n", 3; reveal f(), L, g; reveal *; hide f; hide *;
modify x, y`f; modify x { }
{ var x := 1; { } } opaque ensures x > 3 { x := 4; } @Attr(3) assert true; M(x, y := 3) by { }
var z := F() by { reveal G(); }
var f := (x: int, y) requires x > 0 reads a => x + y; var g := x => y => x; var h := () => 3; F(x => y, (z) => w);
var s := set x | x in t; var u := map x | x in t :: f(x) := g(x), 3;
L(x); M<int>(y); a.b.M(z)[3].N(); f(x)(y); this.M();
var x {:assumption} := true; var y := z {:a}; ghost var a, {:c} b: int;
x := if a then b else c; x := match y case A => 1 case B => 2; y := var z := 1; z + 2;
x := assert y; z; x := (L(y); z); expect x; expect(x, "m");
expect := 3; hide.f(); for := 4; least, greatest := to, downto; var opaque, is, older := 1, 2, 3;
""".strip().split("\n")


@pytest.mark.parametrize("text", STATEMENTS)
def test_reads_statements(text: str) -> None:
    assert_read("method M() {\n" + text + "\n}")


EXPRESSIONS = """
a <==> b ==> c ==> d || e
a <== b <== c && d
&& a && b && (|| c || d)
a == b < c <= d
a !in b && c !! d && !c in d
x ==#[k] y && y !=#[3] z
a << 1 >> 2 + 3 * 4 & 5
(a | b) | c
|a| + | |b| - c|
|set x | x in s| == |s| && |{1} + {2}|
-x.f[3](y).0.1 + !a(b) as int
!!a && !!!b
!exists x: T, y :: P
forall x | x in s, y | y in t :: x < y
forall x <- s | P(x), y <- t {:a} | Q(y) :: R
forall x: int {:trigger f(x)} {:trigger g(x), h(x)} | P(x) :: Q(x)
∀ x • x ≥ 0 ∧ ¬(x ≤ 3 ∨ x ≠ 4) ⇒ true
set x, y | x in s && y in t :: x + y
iset x: int | x > 3
map x: int | x in s :: x + 1
map x, y | x in s :: x + y := x
imap x {:a} | P(x) :: x
multiset{1, 2} + multiset(s) - multiset{}
map[1 := 2, 3 := 4][5 := 6][..3] + imap[] + map[]
s[1..] + s[..2] + s[1..2] + s[..] + s[1 := 2, 3 := 4] + s[1:2:3] + s[2:3:] + m[1, 2]
seq(3, i => i) + seq<int>(n, f) + [1, 2] + []
d.(x := 1, y := 2).B? && d.Cons?
if x :| x in s then x else y
if a then b else if c then d else e
var x := 1; var (y, z: int) := (2, 3); x + y
var A(b, _) := c; b
var x, y := 1, 2; x
ghost var x :| x > 0; x
var {:a} x: int :| P(x); x
var x :- f(y); x
:- f(y); x
match x { case A => 1 case B(c, _) => 2 case (d, e) => 3 }
match x case A => match y case B => 1 case C => 2
match x { case 0 | 1 => 2 case 'c' => 3 case "s" => 4 case -5 => 6 case D.E => 7 case f => 8 }
match x { case A(g(3)) => g } + 1
x => x + 1
(x, y: int) requires x > y reads a, b => x
() => 3
(x) => (x)
_ => 3
f(x => y, (z: int) => w)(3)
assert P; assume {:axiom} Q; x
assert P by { L(); } x
calc { a; == b; } c
reveal f(); L(x); y
(L(x); y) + z
forall x ensures P(x) { } Q
old(x) + old@L(y) + f@M(z)
fresh(x) && allocated(y) && unchanged(this`f, x) && unchanged@L(y)
int(x) + real(y).Floor == z && x as int as real is nat && y as M.T<int> == z
F<int>(x) + G<seq<int>, M.T>.H + a.b<int>(c)
a < b && c > d
f(a < b, c > d)
x <- 3
x<-3
this.f + this
null != true && false == 'a' && "b" == @"c""d\\" && "e\\"f"
0x1F + 1_000 + 1.5 + 0.0 + 1_0.0_1
(a, b, (c, d)) == () && (e)
f() && f.requires(x) && f.reads(x) && a.Floor
var f: int -> (int, bool) --> seq<int> ~> () -> bool := g; f
x as bv8 & 3 == 4
x in s ==> y
a[i].b[j := k](l).m
{a, b} <= {} - {{1}} && {3} !! {2} !! {4}
""".strip().split("\n")


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_reads_expressions(text: str) -> None:
    found = parse_expression(text)
    assert not isinstance(found, A.SyntaxProblem), found
    assert_read(f"method M() {{ x := ({text}); }}")
    assert_read(f"function F(): int {{ {text} }} function G(): int")


def assert_read(text: str) -> None:
    program = parse(text)
    assert program.problems == ()
    assert not [n for n in walk(program) if isinstance(n, A.UnknownDecl | A.UnknownStmt | A.UnknownExpr)]
