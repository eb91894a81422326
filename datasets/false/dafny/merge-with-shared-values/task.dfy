predicate Ascending(s: seq<int>)
{
  forall i, j :: 0 <= i < j < |s| ==> s[i] < s[j]
}

method Merge(a: seq<int>, b: seq<int>) returns (m: seq<int>)
  requires Ascending(a) && Ascending(b)
  ensures Ascending(m)
  ensures multiset(m) == multiset(a) + multiset(b)
{
  m := [];
  var i, j := 0, 0;
  while i < |a| && j < |b|
  {
    if a[i] <= b[j] {
      m := m + [a[i]];
      i := i + 1;
    } else {
      m := m + [b[j]];
      j := j + 1;
    }
  }
  m := m + a[i..] + b[j..];
}
