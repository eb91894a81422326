// s[lo..hi] holds one value throughout.
predicate IsRun(s: seq<int>, lo: nat, hi: nat)
  requires lo <= hi <= |s|
{
  forall i :: lo <= i < hi ==> s[i] == s[lo]
}

method LongestRun(s: seq<int>) returns (start: nat, len: nat)
  ensures start + len <= |s|
  ensures IsRun(s, start, start + len)
  ensures forall lo, hi :: 0 <= lo <= hi <= |s| && IsRun(s, lo, hi) ==> hi - lo <= len
{
  start, len := 0, 0;
  var from, n := 0, 0;
  while n < |s|
    invariant 0 <= from <= n <= |s|
    invariant IsRun(s, from, n)
    invariant from < n || n == 0
    invariant from == 0 || s[from - 1] != s[from]
    invariant start + len <= n
    invariant IsRun(s, start, start + len)
    invariant n - from <= len
    invariant forall lo, hi :: 0 <= lo <= hi <= n && IsRun(s, lo, hi) ==> hi - lo <= len
  {
    if s[n] != s[from] {
      from := n;
    }
    n := n + 1;
    forall lo | 0 <= lo <= n && IsRun(s, lo, n)
      ensures n - lo <= n - from
    {
      if lo < from {
        assert s[from - 1] == s[lo] && s[from] == s[lo];
      }
    }
    if n - from > len {
      start, len := from, n - from;
    }
  }
}
