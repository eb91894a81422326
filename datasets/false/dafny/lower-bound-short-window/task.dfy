// First position at which key could be inserted without breaking the order.
method LowerBound(a: array<int>, key: int) returns (pos: nat)
  requires a.Length > 0
  requires forall i, j :: 0 <= i < j < a.Length ==> a[i] <= a[j]
  ensures pos <= a.Length
  ensures forall i :: 0 <= i < pos ==> a[i] < key
  ensures forall i :: pos <= i < a.Length ==> key <= a[i]
{
  var lo, hi := 0, a.Length - 1;
  while lo < hi
  {
    var mid := lo + (hi - lo) / 2;
    if a[mid] < key {
      lo := mid + 1;
    } else {
      hi := mid;
    }
  }
  pos := lo;
}
