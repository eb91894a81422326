method FillRange(a: array<int>, lo: nat, hi: nat, v: int)
  requires lo <= hi <= a.Length
  modifies a
  ensures forall i :: lo <= i < hi ==> a[i] == v
  ensures forall i :: 0 <= i < a.Length && !(lo <= i < hi) ==> a[i] == old(a[i])
{
  var j := lo;
  while j != hi
    invariant lo <= j <= hi
    invariant forall i :: lo <= i < j ==> a[i] == v
    invariant forall i :: 0 <= i < a.Length && !(lo <= i < j) ==> a[i] == old(a[i])
    decreases hi - j
  {
    a[j] := v;
    j := j + 1;
  }
}
