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
    invariant 0 <= top <= a.Length
    invariant SortedBetween(a, top, a.Length)
    invariant forall i, j :: 0 <= i < top <= j < a.Length ==> a[i] <= a[j]
    invariant !busy ==> SortedBetween(a, 0, top)
    invariant multiset(a[..]) == multiset(old(a[..]))
    decreases top
  {
    busy := false;
    var k := 1;
    while k < top
      invariant 1 <= k <= top
      invariant SortedBetween(a, top, a.Length)
      invariant forall i, j :: 0 <= i < top <= j < a.Length ==> a[i] <= a[j]
      invariant forall i :: 0 <= i < k ==> a[i] <= a[k - 1]
      invariant !busy ==> SortedBetween(a, 0, k)
      invariant multiset(a[..]) == multiset(old(a[..]))
    {
      if a[k - 1] > a[k] {
        a[k - 1], a[k] := a[k], a[k - 1];
        busy := true;
      }
      k := k + 1;
    }
    top := top - 1;
  }
}
