method FindPair(a: array<int>, target: int) returns (found: bool, i: nat, j: nat)
  requires forall p, q :: 0 <= p < q < a.Length ==> a[p] <= a[q]
  ensures found ==> i < j < a.Length && a[i] + a[j] == target
  ensures !found ==> forall p, q :: 0 <= p < q < a.Length ==> a[p] + a[q] != target
{
  found, i, j := false, 0, a.Length;
  while i + 1 < j
    invariant i <= j <= a.Length
    invariant forall p, q :: 0 <= p < q < a.Length && (p < i || j <= q) ==> a[p] + a[q] != target
    decreases j - i
  {
    var s := a[i] + a[j - 1];
    if s == target {
      found := true;
      j := j - 1;
      return;
    }
    if s < target {
      i := i + 1;
    } else {
      j := j - 1;
    }
  }
}
