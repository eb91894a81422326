method Reverse(a: array<int>)
  modifies a
  ensures forall i :: 0 <= i < a.Length ==> a[i] == old(a[a.Length - 1 - i])
{
  var left := 0;
  var right := a.Length - 1;
  while left < right
  {
    a[left], a[right] := a[right], a[left];
    left := left + 1;
    right := right - 1;
  }
}
