// Count the elements of a sequence that are smaller than a limit, in one pass from left to right.

// <preamble>
function CountBelow(s: seq<int>, limit: int): nat
{
  if |s| == 0 then 0 else CountBelow(s[..|s| - 1], limit) + (if s[|s| - 1] < limit then 1 else 0)
}
// </preamble>

// <helpers>

// </helpers>

// <proofs>

// </proofs>

// <spec>
method Count(s: seq<int>, limit: int) returns (count: int)
  ensures count == CountBelow(s, limit)
  ensures 0 <= count <= |s|
// </spec>
// <code>
{
}
// </code>
