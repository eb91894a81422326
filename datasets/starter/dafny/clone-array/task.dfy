method Clone(src: array<int>) returns (dst: array<int>)
  ensures fresh(dst)
  ensures dst[..] == src[..]
{
  dst := new int[src.Length];
  var i := 0;
  while i < src.Length
  {
    dst[i] := src[i];
    i := i + 1;
  }
}
