predicate SortedBetween(a: array<int>, lo: nat, hi: nat)
  requires lo <= hi <= a.Length
  reads a
{
  forall i, j :: lo <= i < j < hi ==> a[i] <= a[j]
}

// Stops as soon as a pass swaps nothing.
method BubbleSort(a: array<int>)
  modifies a
  ensures SortedBetween(a, 0, a.Length)
  ensures multiset(a[..]) == multiset(old(a[..]))
{
  var top := a.Length;
  var busy := true;
  while top > 1 && busy
  {
    var k := 1;
    while k < top
    {
      busy := a[k - 1] > a[k];
      if busy {
        a[k - 1], a[k] := a[k], a[k - 1];
      }
      k := k + 1;
    }
    top := top - 1;
  }
}
