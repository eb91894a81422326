method AllAtLeast(a: array<int>, limit: int) returns (ok: bool)
  ensures ok <==> forall i :: 0 <= i < a.Length ==> a[i] >= limit
{
  ok := true;
  var n := 0;
  while n < a.Length && ok
    invariant 0 <= n <= a.Length
    invariant ok ==> forall i :: 0 <= i < n ==> a[i] >= limit
    invariant !ok ==> exists i :: 0 <= i < a.Length && a[i] < limit
    decreases a.Length - n
  {
    ok := a[n] >= limit;
    n := n + 1;
  }
}

method AnyBelow(a: array<int>, limit: int) returns (found: bool)
  ensures found <==> exists i :: 0 <= i < a.Length && a[i] < limit
{
  var n := a.Length;
  while n > 0
    invariant 0 <= n <= a.Length
    invariant forall i :: n <= i < a.Length ==> a[i] >= limit
  {
    n := n - 1;
    if a[n] < limit {
      return true;
    }
  }
  return false;
}
