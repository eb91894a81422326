method Clone(src: array<int>) returns (dst: array<int>)
  ensures fresh(dst)
  ensures dst[..] == src[..]
{
  dst := new int[src.Length];
  var i := 0;
  while i < src.Length
    invariant 0 <= i <= src.Length
    invariant dst[..i] == src[..i]
  {
    dst[i] := src[i];
    i := i + 1;
  }
}
