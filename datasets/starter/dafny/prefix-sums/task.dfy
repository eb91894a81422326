function Total(s: seq<int>): int
{
  if |s| == 0 then 0 else Total(s[..|s| - 1]) + s[|s| - 1]
}

method BuildPrefixSums(a: array<int>) returns (p: array<int>)
  ensures fresh(p)
  ensures p.Length == a.Length + 1
  ensures forall i :: 0 <= i <= a.Length ==> p[i] == Total(a[..i])
{
  p := new int[a.Length + 1];
  p[0] := 0;
  var n := 0;
  while n < a.Length
  {
    p[n + 1] := p[n] + a[n];
    n := n + 1;
  }
}

method RangeTotal(a: array<int>, lo: nat, hi: nat) returns (t: int)
  requires lo <= hi <= a.Length
  ensures t == Total(a[lo..hi])
{
  var p := BuildPrefixSums(a);
  t := p[hi] - p[lo];
}
