function Total(s: seq<int>): int
{
  if |s| == 0 then 0 else Total(s[..|s| - 1]) + s[|s| - 1]
}

lemma TotalOfParts(s: seq<int>, lo: nat, hi: nat)
  requires lo <= hi <= |s|
  ensures Total(s[..hi]) == Total(s[..lo]) + Total(s[lo..hi])
  decreases hi - lo
{
  if lo < hi {
    TotalOfParts(s, lo, hi - 1);
    assert s[..hi][..hi - 1] == s[..hi - 1];
    assert s[lo..hi][..hi - 1 - lo] == s[lo..hi - 1];
  }
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
    invariant 0 <= n <= a.Length
    invariant forall i :: 0 <= i <= n ==> p[i] == Total(a[..i])
  {
    assert a[..n + 1][..n] == a[..n];
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
  TotalOfParts(a[..], lo, hi);
  assert a[..][..hi] == a[..hi];
  assert a[..][..lo] == a[..lo];
  assert a[..][lo..hi] == a[lo..hi];
}
