predicate Divides(d: nat, n: nat)
  requires d > 0
{
  n % d == 0
}

method GreatestCommonDivisor(a: nat, b: nat) returns (g: nat)
  requires a > 0 && b > 0
  ensures g > 0 && Divides(g, a) && Divides(g, b)
  ensures forall e: nat :: e > 0 && Divides(e, a) && Divides(e, b) ==> e <= g
{
  var x, y := a, b;
  while x != y
  {
    if x > y {
      x := x - y;
    } else {
      y := y - x;
    }
  }
  g := x;
}
