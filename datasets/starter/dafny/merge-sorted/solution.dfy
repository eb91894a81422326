predicate Ascending(s: seq<int>)
{
  forall i, j :: 0 <= i < j < |s| ==> s[i] <= s[j]
}

method Merge(a: seq<int>, b: seq<int>) returns (m: seq<int>)
  requires Ascending(a) && Ascending(b)
  ensures Ascending(m)
  ensures multiset(m) == multiset(a) + multiset(b)
{
  m := [];
  var i, j := 0, 0;
  while i < |a| && j < |b|
    invariant 0 <= i <= |a| && 0 <= j <= |b|
    invariant Ascending(m)
    invariant forall p, q :: 0 <= p < |m| && i <= q < |a| ==> m[p] <= a[q]
    invariant forall p, q :: 0 <= p < |m| && j <= q < |b| ==> m[p] <= b[q]
    invariant multiset(m) == multiset(a[..i]) + multiset(b[..j])
    decreases |a| - i + |b| - j
  {
    if a[i] <= b[j] {
      assert a[..i + 1] == a[..i] + [a[i]];
      m := m + [a[i]];
      i := i + 1;
    } else {
      assert b[..j + 1] == b[..j] + [b[j]];
      m := m + [b[j]];
      j := j + 1;
    }
  }
  assert a == a[..i] + a[i..];
  assert b == b[..j] + b[j..];
  m := m + a[i..] + b[j..];
}
