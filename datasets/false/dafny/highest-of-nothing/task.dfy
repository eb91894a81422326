// The highest number of a sequence, 0 if there is none.
function Highest(s: seq<int>): int
{
  if |s| == 0 then 0
  else if |s| == 1 || Highest(s[1..]) < s[0] then s[0]
  else Highest(s[1..])
}

lemma HighestIsThere(s: seq<int>)
  requires |s| > 0
  ensures Highest(s) in s
{
}

lemma HighestOfConcat(a: seq<int>, b: seq<int>)
  ensures Highest(a + b) == (if Highest(a) < Highest(b) then Highest(b) else Highest(a))
{
}
