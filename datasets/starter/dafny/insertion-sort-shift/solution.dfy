predicate Ascending(s: seq<int>)
{
  forall i, j :: 0 <= i < j < |s| ==> s[i] <= s[j]
}

method InsertionSort(a: array<int>)
  modifies a
  ensures Ascending(a[..])
  ensures multiset(a[..]) == multiset(old(a[..]))
{
  var n := 0;
  while n < a.Length
    invariant 0 <= n <= a.Length
    invariant forall i, j :: 0 <= i < j < n ==> a[i] <= a[j]
    invariant multiset(a[..]) == multiset(old(a[..]))
  {
    var key := a[n];
    var hole := n;
    assert a[..][hole := key] == a[..];
    while hole > 0 && a[hole - 1] > key
      invariant 0 <= hole <= n
      invariant forall i, j :: 0 <= i < j <= n && i != hole && j != hole ==> a[i] <= a[j]
      invariant forall j :: hole < j <= n ==> key < a[j]
      invariant multiset(a[..][hole := key]) == multiset(old(a[..]))
      decreases hole
    {
      ghost var before := a[..][hole := key];
      a[hole] := a[hole - 1];
      hole := hole - 1;
      ghost var after := a[..][hole := key];
      assert after == before[hole + 1 := before[hole]][hole := before[hole + 1]];
    }
    ghost var filled := a[..][hole := key];
    a[hole] := key;
    assert a[..] == filled;
    n := n + 1;
  }
}
