predicate Rising(s: seq<int>)
{
  forall i, j :: 0 <= i < j < |s| ==> s[i] < s[j]
}

function Insert(s: seq<int>, x: int): seq<int>
{
  if |s| == 0 then [x]
  else if x <= s[0] then [x] + s
  else [s[0]] + Insert(s[1..], x)
}

lemma InsertAdds(s: seq<int>, x: int)
  ensures multiset(Insert(s, x)) == multiset(s) + multiset{x}
{
}

lemma InsertKeepsRising(s: seq<int>, x: int)
  requires Rising(s)
  ensures Rising(Insert(s, x))
{
}
