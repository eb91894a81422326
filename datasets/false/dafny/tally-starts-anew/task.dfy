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
    ensures count == xs.Length
    ensures total == old(total) + Total(xs[..])
  {
    var i := 0;
    while i < xs.Length
    {
      Add(xs[i]);
      i := i + 1;
    }
  }
}
