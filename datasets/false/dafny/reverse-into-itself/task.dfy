method ReverseInto(src: array<int>, dst: array<int>)
  requires dst.Length == src.Length
  modifies dst
  ensures forall i :: 0 <= i < dst.Length ==> dst[i] == old(src[src.Length - 1 - i])
{
  var left := 0;
  var right := src.Length - 1;
  while right >= 0
  {
    dst[left] := src[right];
    left := left + 1;
    right := right - 1;
  }
}
