method SmallestFrom(a: array<int>, start: nat) returns (at: nat)
  requires start < a.Length
  ensures start <= at < a.Length
  ensures forall i :: start <= i < a.Length ==> a[at] <= a[i]
{
  at := start;
  var k := start + 1;
  while k < a.Length
    invariant start < k <= a.Length
    invariant start <= at < a.Length
    invariant forall i :: start <= i < k ==> a[at] <= a[i]
  {
    if a[k] < a[at] {
      at := k;
    }
    k := k + 1;
  }
}

method SelectionSort(a: array<int>)
  modifies a
  ensures forall i, j :: 0 <= i < j < a.Length ==> a[i] <= a[j]
  ensures multiset(a[..]) == multiset(old(a[..]))
{
  var n := 0;
  while n < a.Length
    invariant 0 <= n <= a.Length
    invariant forall i, j :: 0 <= i < j < n ==> a[i] <= a[j]
    invariant forall i, j :: 0 <= i < n <= j < a.Length ==> a[i] <= a[j]
    invariant multiset(a[..]) == multiset(old(a[..]))
  {
    var m := SmallestFrom(a, n);
    a[n], a[m] := a[m], a[n];
    n := n + 1;
  }
}
