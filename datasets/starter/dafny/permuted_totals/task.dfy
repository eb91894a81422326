function Total(s: seq<int>): int
{
  if |s| == 0 then 0 else s[0] + Total(s[1..])
}

lemma PermutedTotals(a: seq<int>, b: seq<int>)
  requires multiset(a) == multiset(b)
  ensures Total(a) == Total(b)
{
}
