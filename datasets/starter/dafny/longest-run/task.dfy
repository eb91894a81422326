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
  {
    if s[n] != s[from] {
      from := n;
    }
    n := n + 1;
    if n - from > len {
      start, len := from, n - from;
    }
  }
}
