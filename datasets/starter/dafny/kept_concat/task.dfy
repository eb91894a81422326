predicate Wanted(x: int)
{
  x % 3 == 0
}

function Kept(s: seq<int>): seq<int>
{
  if |s| == 0 then []
  else if Wanted(s[0]) then [s[0]] + Kept(s[1..])
  else Kept(s[1..])
}

lemma KeptOfConcat(a: seq<int>, b: seq<int>)
  ensures Kept(a + b) == Kept(a) + Kept(b)
{
  if |a| == 0 {
    assert a + b == b;
  } else {
    assert (a + b)[1..] == a[1..] + b;
    assume Kept(a[1..] + b) == Kept(a[1..]) + Kept(b);
  }
}

lemma KeptAreWanted(s: seq<int>, x: int)
  requires x in Kept(s)
  ensures x in s && Wanted(x)

lemma KeptTwice(s: seq<int>)
  ensures Kept(Kept(s)) == Kept(s)
{
}
