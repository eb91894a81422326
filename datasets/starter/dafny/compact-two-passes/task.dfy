// The readings that are not 0, in their order.
function Kept(s: seq<int>): seq<int>
{
  if |s| == 0 then []
  else if s[0] != 0 then [s[0]] + Kept(s[1..])
  else Kept(s[1..])
}

function NonZeros(s: seq<int>): nat
{
  if |s| == 0 then 0
  else NonZeros(s[..|s| - 1]) + (if s[|s| - 1] != 0 then 1 else 0)
}

method CountNonZeros(a: array<int>) returns (count: nat)
  ensures count == NonZeros(a[..])
{
  count := 0;
  var i := 0;
  while i < a.Length
  {
    if a[i] != 0 {
      count := count + 1;
    }
    i := i + 1;
  }
}

method Compact(a: array<int>) returns (b: array<int>)
  ensures fresh(b)
  ensures b[..] == Kept(a[..])
{
  var count := CountNonZeros(a);
  b := new int[count];
  var used := 0;
  var i := 0;
  while i < a.Length
  {
    if a[i] != 0 {
      b[used] := a[i];
      used := used + 1;
    }
    i := i + 1;
  }
}
