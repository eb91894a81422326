method MaxOf(a: array<int>) returns (m: int)
  requires a.Length > 0
  ensures forall i :: 0 <= i < a.Length ==> a[i] <= m
  ensures exists i :: 0 <= i < a.Length && a[i] == m
{
  m := 0;
  var k := 0;
  while k < a.Length
  {
    if a[k] > m {
      m := a[k];
    }
    k := k + 1;
  }
}
