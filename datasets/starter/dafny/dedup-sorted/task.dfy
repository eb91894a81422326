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
  {
    if n == 0 || a[k] != a[n - 1] {
      a[n] := a[k];
      n := n + 1;
    }
    k := k + 1;
  }
}
