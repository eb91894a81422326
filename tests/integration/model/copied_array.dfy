// An array copied, under other names, with the index declared first.
method Copy(from: array<int>) returns (to: array<int>)
  ensures fresh(to)
  ensures to[..] == from[..]
{
  var at := 0;
  to := new int[from.Length];
  while at < from.Length
  {
    to[at] := from[at];
    at := at + 1;
  }
}
