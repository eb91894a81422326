// Moves the distinct values of a sorted array to the front and returns how many there are.
method Dedup(a: array<int>) returns (n: nat)
  requires forall i, j :: 0 <= i < j < a.Length ==> a[i] <= a[j]
  modifies a
  ensures n <= a.Length
  ensures forall i, j :: 0 <= i < j < n ==> a[i] < a[j]
  ensures forall v :: v in a[..n] <==> v in old(a[..])
  ensures forall i :: n <= i < a.Length ==> a[i] == old(a[i])
{
  n := 0;
  var k := 0;
  while k < a.Length
    invariant 0 <= n <= k <= a.Length
    invariant n == 0 <==> k == 0
    invariant forall i, j :: 0 <= i < j < n ==> a[i] < a[j]
    invariant forall i :: n <= i < a.Length ==> a[i] == old(a[i])
    invariant n > 0 ==> a[n - 1] == old(a[k - 1])
    invariant forall i :: 0 <= i < n ==> a[i] in old(a[..])
    invariant forall i :: 0 <= i < k ==> old(a[i]) in a[..n]
  {
    if n == 0 || a[k] != a[n - 1] {
      ghost var front := a[..n];
      a[n] := a[k];
      n := n + 1;
      assert a[..n] == front + [old(a[k])];
    }
    k := k + 1;
  }
  assert forall v :: v in a[..n] ==> v in old(a[..]);
}
