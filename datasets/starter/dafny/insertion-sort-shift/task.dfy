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
  {
    var key := a[n];
    var hole := n;
    while hole > 0 && a[hole - 1] > key
    {
      a[hole] := a[hole - 1];
      hole := hole - 1;
    }
    a[hole] := key;
    n := n + 1;
  }
}
