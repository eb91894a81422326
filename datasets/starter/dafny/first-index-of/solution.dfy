// Position of the first occurrence of key, or -1.
method FirstIndexOf(a: array<int>, key: int) returns (pos: int)
  ensures -1 <= pos < a.Length
  ensures pos >= 0 ==> a[pos] == key && forall i :: 0 <= i < pos ==> a[i] != key
  ensures pos == -1 ==> forall i :: 0 <= i < a.Length ==> a[i] != key
{
  var n := 0;
  while n < a.Length
    invariant 0 <= n <= a.Length
    invariant forall i :: 0 <= i < n ==> a[i] != key
  {
    if a[n] == key {
      return n;
    }
    n := n + 1;
  }
  return -1;
}
