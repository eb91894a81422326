include "lib.dfy"

method DotProduct(x: array<int>, y: array<int>) returns (d: int)
  requires x.Length == y.Length
  ensures d == Dot(x[..], y[..])
{
  d := 0;
  var i := 0;
  while i < x.Length
  {
    d := d + x[i] * y[i];
    i := i + 1;
  }
}
