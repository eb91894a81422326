// Does every reading reach the limit?
method AllAtLeast(a: array<int>, limit: int) returns (ok: bool)
  ensures ok <==> forall i :: 0 <= i < a.Length ==> a[i] > limit
{
  ok := true;
  var n := 0;
  while n < a.Length && ok
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
  {
    n := n - 1;
    if a[n] < limit {
      return true;
    }
  }
  return false;
}
