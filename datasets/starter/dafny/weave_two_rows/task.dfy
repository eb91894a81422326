// Takes elements from the two rows in turn, like a zip fastener.

function Weave(a: seq<int>, b: seq<int>): seq<int>
{
  if |a| == 0 then b else [a[0]] + Weave(b, a[1..])
}

lemma WeaveLength(a: seq<int>, b: seq<int>)
  ensures |Weave(a, b)| == |a| + |b|
{
}

lemma WeaveKeepsElements(a: seq<int>, b: seq<int>)
  ensures multiset(Weave(a, b)) == multiset(a) + multiset(b)
{
}
