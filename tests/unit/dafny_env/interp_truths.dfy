// Facts that hold by Dafny's semantics. The unit tests evaluate each assertion with the interpreter; an integration test
// lets the real verifier prove the same ones.

datatype List = Nil | Cons(head: int, tail: List)
datatype Colour = Red | Green | Blue
datatype Shape = Circle(radius: int) | Box(width: int, height: int)
type Even = x: int | x % 2 == 0

function method Length(l: List): nat { match l case Nil => 0 case Cons(_, t) => 1 + Length(t) }
function method Fact(n: nat): nat { if n == 0 then 1 else n * Fact(n - 1) }
predicate Sorted(s: seq<int>) { forall i, j :: 0 <= i < j < |s| ==> s[i] <= s[j] }
function method Area(s: Shape): int { match s { case Circle(r) => 3 * r * r case Box(w, h) => w * h } }

method Integers()
{
  assert 7 / 2 == 3 && 7 % 2 == 1;
  assert -7 / 2 == -4 && -7 % 2 == 1;
  assert 7 / -2 == -3 && 7 % -2 == 1;
  assert -7 / -2 == 4 && -7 % -2 == 1;
  assert 0 / 5 == 0 && -1 % 5 == 4 && -5 / 5 == -1;
  assert 1 < 2 <= 2 < 3 && !(1 < 2 <= 1);
  assert 0x10 == 16 && 1_000 == 1000;
  assert 2 + 3 * 4 - 1 == 13;
}

method Booleans()
{
  assert true ==> true;
  assert false ==> 1 / 1 == 2;
  assert (true <==> !false) && !(true <==> false);
  assert true <== false;
  assert (false && true) || true;
}

method Reals()
{
  assert 1.5 + 1.5 == 3.0 && 1.0 / 4.0 == 0.25;
  assert (3.7).Floor == 3 && (-0.5).Floor == -1;
  assert 3 as real == 3.0 && 3.0 as int == 3;
  assert 0.1 + 0.2 == 0.3;
}

method Characters()
{
  assert 'a' < 'b' && 'a' as int == 97 && 98 as char == 'b';
  assert "abc"[1] == 'b' && |"abc"| == 3;
  assert "ab" + "c" == "abc" && "ab" <= "abc" && "ab" < "abc" && !("abc" < "abc");
  assert ['a', 'b'] == "ab";
  assert forall c :: 'a' <= c <= 'c' ==> c in "abc";
}

method Sequences()
{
  var s := [1, 2, 3, 4];
  assert s[1..3] == [2, 3] && s[..2] == [1, 2] && s[2..] == [3, 4] && s[..] == s;
  assert s[1..1] == [] && |s[4..]| == 0;
  assert s[1 := 9] == [1, 9, 3, 4];
  assert s[0 := 5][3 := 6] == [5, 2, 3, 6];
  assert s[2] in s;
  assert ([1] + [2])[0] != ([2] + [1])[0];
  assert Sorted(s);
  assert Sorted([]);
  assert [1, 2] <= s && [1, 2] < s && !([2] <= s);
}

method Sets()
{
  var a, b := {1, 2, 3}, {3, 4};
  assert a + b == {1, 2, 3, 4};
  assert a * b == {3};
  assert a - b == {1, 2};
  assert {1} !! {2} && !(a !! b);
  assert {1, 2} <= a && {1, 2} < a && !(a < a) && a >= {3};
  assert {1, 1, 2} == {2, 1};
  assert 2 in a && 4 !in a;
  assert (set x | x in a && x > 1 :: x * 10) == {20, 30};
  assert (set x | 0 <= x < 3) == {0, 1, 2};
}

method Multisets()
{
  var m := multiset{1, 1, 2};
  assert m[1] == 2 && m[2] == 1 && m[5] == 0 && |m| == 3;
  assert multiset([1, 2, 1]) == m;
  assert m + multiset{2} == multiset{1, 1, 2, 2};
  assert m - multiset{1} == multiset{1, 2};
  assert m * multiset{1, 2, 2} == multiset{1, 2};
  assert m[1 := 0] == multiset{2};
  assert multiset{1} <= m && !(multiset{2, 2} <= m) && multiset{1} < m;
  assert 1 in m && 5 !in m;
}

method Maps()
{
  var m := map[1 := 10, 2 := 20];
  assert m[1] == 10 && 3 !in m && 2 in m;
  assert m[1 := 11][1] == 11 && 3 in m[3 := 0].Keys;
  assert m.Values == {10, 20};
  assert (map x | x in {1, 2} :: x * 10)[2] == 20;
  assert m[2 := 20] == m;
}

method Datatypes()
{
  var l := Cons(1, Cons(2, Nil));
  assert l.Cons? && !l.Nil? && l.head == 1 && l.tail.head == 2;
  assert l.(head := 7) == Cons(7, Cons(2, Nil));
  assert Length(l) == 2;
  assert Nil != l && Cons(1, Nil) == List.Cons(1, Nil);
  assert Red != Green;
  assert forall c: Colour :: c == Red || c == Green || c == Blue;
  assert Area(Box(2, 3)) == 6 && Area(Circle(1)) == 3;
  assert (1, true).0 == 1 && (1, true).1;
}

method Bindings()
{
  assert (var x := 3; x + x) == 6;
  assert (var (p, q) := (1, 2); p + q) == 3;
  assert (var x :| x in {5}; x) == 5;
  assert ((x: int) => x + 1)(4) == 5;
  assert (if 1 < 2 then 3 else 4) == 3;
  assert (match Cons(4, Nil) case Nil => 0 case Cons(h, _) => h) == 4;
  assert Fact(4) == 24;
}

method Quantifiers()
{
  var s := [3, 1, 2];
  assert forall i :: 0 <= i < |s| ==> s[i] > 0;
  assert s[1] == 1;
  assert exists i :: 0 <= i < |s| && s[i] == 1;
  assert forall x :: x in s ==> 1 <= x <= 3;
  assert forall x :: x in {1, 2} <==> x == 1 || x == 2;
  assert forall i, j :: 0 <= i < j < |s| ==> i + 1 <= j;
  assert forall i :: forall j :: 0 <= i <= j < |s| ==> i < 3;
  assert forall b: bool :: b || !b;
  assert forall i :: !(0 <= i < 3) || i * i <= 4;
  assert !exists i :: 0 <= i < |s| && s[i] == 9;
  assert forall e: Even :: 0 <= e < 5 ==> e != 3;
  assert forall x, y :: (x, y) in {(1, 2), (3, 4)} ==> x < y;
  assert forall i :: 2 <= i + 1 < 4 ==> i == 1 || i == 2;
  assert forall i :: 0 <= 2 * i < 6 ==> i < 3;
  assert forall i :: 0 <= 5 - i < 2 ==> i == 5 || i == 4;
}
