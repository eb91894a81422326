function Backwards(s: seq<char>): seq<char>
{
  if |s| == 0 then [] else Backwards(s[1..]) + [s[0]]
}

lemma BackwardsLength(s: seq<char>)
  ensures |Backwards(s)| == |s|
{
  if |s| > 0 {
    BackwardsLength(s[1..]);
  }
}

lemma BackwardsOfConcat(a: seq<char>, b: seq<char>)
  ensures Backwards(a + b) == Backwards(b) + Backwards(a)
{
  if |a| == 0 {
    assert a + b == b;
    assert Backwards(b) + Backwards(a) == Backwards(b);
  } else {
    assert (a + b)[1..] == a[1..] + b;
    BackwardsOfConcat(a[1..], b);
    assert Backwards(a + b) == Backwards(b) + Backwards(a);
  }
}

lemma BackwardsTwice(s: seq<char>)
  ensures Backwards(Backwards(s)) == s
{
  if |s| > 0 {
    BackwardsOfConcat(Backwards(s[1..]), [s[0]]);
    BackwardsTwice(s[1..]);
    assert Backwards([s[0]]) == [s[0]];
    assert s == [s[0]] + s[1..];
  }
}

lemma BackwardsAt(s: seq<char>, i: nat)
  requires i < |s|
  ensures |Backwards(s)| == |s| && Backwards(s)[i] == s[|s| - 1 - i]
{
  BackwardsLength(s);
  BackwardsLength(s[1..]);
  if i < |s| - 1 {
    BackwardsAt(s[1..], i);
  }
}
