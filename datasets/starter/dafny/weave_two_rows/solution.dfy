// Takes elements from the two rows in turn, like a zip fastener.

function Weave(a: seq<int>, b: seq<int>): seq<int>
  decreases |a| + |b|
{
  if |a| == 0 then b else [a[0]] + Weave(b, a[1..])
}

lemma WeaveLength(a: seq<int>, b: seq<int>)
  ensures |Weave(a, b)| == |a| + |b|
  decreases |a| + |b|
{
  if |a| > 0 {
    WeaveLength(b, a[1..]);
  }
}

lemma WeaveKeepsElements(a: seq<int>, b: seq<int>)
  ensures multiset(Weave(a, b)) == multiset(a) + multiset(b)
  decreases |a| + |b|
{
  if |a| > 0 {
    WeaveKeepsElements(b, a[1..]);
    assert a == [a[0]] + a[1..];
    assert multiset(a) == multiset([a[0]]) + multiset(a[1..]);
  }
}
