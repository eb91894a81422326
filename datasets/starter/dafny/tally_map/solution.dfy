function Count(s: seq<char>, c: char): nat
{
  if |s| == 0 then 0
  else Count(s[..|s| - 1], c) + (if s[|s| - 1] == c then 1 else 0)
}

lemma CountOfAbsent(s: seq<char>, c: char)
  ensures c in s <==> Count(s, c) > 0
{
  if |s| > 0 {
    CountOfAbsent(s[..|s| - 1], c);
    assert s == s[..|s| - 1] + [s[|s| - 1]];
  }
}

method Tally(s: seq<char>) returns (seen: map<char, nat>)
  ensures forall c :: c in seen <==> c in s
  ensures forall c :: c in seen ==> seen[c] == Count(s, c)
{
  seen := map[];
  for i := 0 to |s|
    invariant forall c :: c in seen <==> c in s[..i]
    invariant forall c :: Count(s[..i], c) == if c in seen then seen[c] else 0
  {
    assert s[..i + 1][..i] == s[..i];
    var c := s[i];
    if c in seen {
      seen := seen[c := seen[c] + 1];
    } else {
      seen := seen[c := 1];
    }
  }
  assert s[..|s|] == s;
}

method OccursAtLeast(s: seq<char>, c: char, times: nat) returns (yes: bool)
  ensures yes <==> Count(s, c) >= times
{
  var seen := Tally(s);
  CountOfAbsent(s, c);
  if c in seen {
    yes := seen[c] >= times;
  } else {
    yes := times == 0;
  }
}
