method Reverse(a: array<int>)
  modifies a
  ensures forall i :: 0 <= i < a.Length ==> a[i] == old(a[a.Length - 1 - i])
{
  var left := 0;
  var right := a.Length - 1;
  while left < right
    invariant 0 <= left <= a.Length
    invariant left + right == a.Length - 1
    invariant left <= right + 1
    invariant forall i :: 0 <= i < left ==> a[i] == old(a[a.Length - 1 - i])
    invariant forall i :: right < i < a.Length ==> a[i] == old(a[a.Length - 1 - i])
    invariant forall i :: left <= i <= right ==> a[i] == old(a[i])
  {
    a[left], a[right] := a[right], a[left];
    left := left + 1;
    right := right - 1;
  }
}
