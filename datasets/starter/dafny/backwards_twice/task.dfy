function Backwards(s: seq<char>): seq<char>
{
  if |s| == 0 then [] else Backwards(s[1..]) + [s[0]]
}

lemma BackwardsLength(s: seq<char>)
  ensures |Backwards(s)| == |s|

lemma BackwardsOfConcat(a: seq<char>, b: seq<char>)
  ensures Backwards(a + b) == Backwards(b) + Backwards(a)
{
}

lemma BackwardsTwice(s: seq<char>)
  ensures Backwards(Backwards(s)) == s
{
}

lemma BackwardsAt(s: seq<char>, i: nat)
  requires i < |s|
  ensures |Backwards(s)| == |s| && Backwards(s)[i] == s[|s| - 1 - i]
{
}
