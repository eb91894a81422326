method SmallestFrom(a: array<int>, start: nat) returns (at: nat)
  requires start <= a.Length
  ensures start <= at < a.Length
  ensures forall i :: start <= i < a.Length ==> a[at] <= a[i]
{
  at := start;
  var k := start + 1;
  while k < a.Length
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
  {
    var m := SmallestFrom(a, n);
    a[n], a[m] := a[m], a[n];
    n := n + 1;
  }
}
