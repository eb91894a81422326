predicate Divides(d: nat, n: nat)
  requires d > 0
{
  n % d == 0
}

lemma MultipleHasNoRemainder(d: nat, k: nat)
  requires d > 0
  ensures (k * d) % d == 0
{
  if k > 0 {
    MultipleHasNoRemainder(d, k - 1);
    assert k * d == (k - 1) * d + d;
    AddingDivisor(d, (k - 1) * d);
  }
}

lemma AddingDivisor(d: nat, n: nat)
  requires d > 0
  ensures (n + d) % d == n % d
{
  var q, r := n / d, n % d;
  assert n + d == (q + 1) * d + r;
  UniqueRemainder(d, n + d, q + 1, r);
}

lemma UniqueRemainder(d: nat, n: nat, q: nat, r: nat)
  requires d > 0 && n == q * d + r && r < d
  ensures n % d == r
{
  var q', r' := n / d, n % d;
  assert n == q' * d + r';
  if q < q' {
    PositiveMultiple(q' - q, d);
    assert (q' - q) * d == q' * d - q * d;
  } else if q' < q {
    PositiveMultiple(q - q', d);
    assert (q - q') * d == q * d - q' * d;
  }
}

lemma PositiveMultiple(k: nat, d: nat)
  requires k > 0
  ensures k * d >= d
{
  if k > 1 {
    PositiveMultiple(k - 1, d);
    assert k * d == (k - 1) * d + d;
  }
}

lemma DividesDifference(d: nat, x: nat, y: nat)
  requires d > 0 && y <= x && Divides(d, y)
  ensures Divides(d, x) <==> Divides(d, x - y)
{
  var j, k := y / d, x / d;
  assert y == j * d;
  if Divides(d, x) {
    assert x == k * d;
    assert x - y == (k - j) * d;
    if k < j {
      PositiveMultiple(j - k, d);
      assert (j - k) * d == j * d - k * d;
    }
    MultipleHasNoRemainder(d, k - j);
  }
  if Divides(d, x - y) {
    var m := (x - y) / d;
    assert x - y == m * d;
    assert x == (m + j) * d;
    MultipleHasNoRemainder(d, m + j);
  }
}

method GreatestCommonDivisor(a: nat, b: nat) returns (g: nat)
  requires a > 0 && b > 0
  ensures g > 0 && Divides(g, a) && Divides(g, b)
  ensures forall e: nat :: e > 0 && Divides(e, a) && Divides(e, b) ==> e <= g
{
  var x, y := a, b;
  while x != y
    invariant x > 0 && y > 0
    invariant forall e: nat :: e > 0 ==>
      ((Divides(e, x) && Divides(e, y)) <==> (Divides(e, a) && Divides(e, b)))
    decreases x + y
  {
    forall e: nat | e > 0
      ensures x > y ==> ((Divides(e, x) && Divides(e, y)) <==> (Divides(e, x - y) && Divides(e, y)))
      ensures y > x ==> ((Divides(e, x) && Divides(e, y)) <==> (Divides(e, x) && Divides(e, y - x)))
    {
      if x > y && Divides(e, y) {
        DividesDifference(e, x, y);
      } else if y > x && Divides(e, x) {
        DividesDifference(e, y, x);
      }
    }
    if x > y {
      x := x - y;
    } else {
      y := y - x;
    }
  }
  g := x;
  assert Divides(g, g);
  forall e: nat | e > 0 && Divides(e, a) && Divides(e, b)
    ensures e <= g
  {
    assert Divides(e, g);
  }
}
