function Total(s: seq<int>): int
{
  if |s| == 0 then 0 else Total(s[..|s| - 1]) + s[|s| - 1]
}

class Tally {
  var count: nat
  var total: int

  constructor ()
    ensures count == 0 && total == 0
  {
    count := 0;
    total := 0;
  }

  method Add(x: int)
    modifies this
    ensures count == old(count) + 1
    ensures total == old(total) + x
  {
    count := count + 1;
    total := total + x;
  }

  method AddAll(xs: array<int>)
    modifies this
    ensures count == old(count) + xs.Length
    ensures total == old(total) + Total(xs[..])
  {
    var i := 0;
    while i < xs.Length
      invariant 0 <= i <= xs.Length
      invariant count == old(count) + i
      invariant total == old(total) + Total(xs[..i])
    {
      Add(xs[i]);
      assert xs[..i + 1][..i] == xs[..i];
      i := i + 1;
    }
    assert xs[..xs.Length] == xs[..];
  }
}
