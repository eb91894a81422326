include "lib.dfy"

method DotProduct(x: array<int>, y: array<int>) returns (d: int)
  requires x.Length == y.Length
  ensures d == Dot(x[..], y[..])
{
  d := 0;
  var i := 0;
  while i < x.Length
    invariant 0 <= i <= x.Length
    invariant d == Dot(x[..i], y[..i])
  {
    DotExtend(x[..i], y[..i], x[i], y[i]);
    assert x[..i + 1] == x[..i] + [x[i]];
    assert y[..i + 1] == y[..i] + [y[i]];
    d := d + x[i] * y[i];
    i := i + 1;
  }
  assert x[..x.Length] == x[..];
  assert y[..x.Length] == y[..];
}
