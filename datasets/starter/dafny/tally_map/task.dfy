function Count(s: seq<char>, c: char): nat
{
  if |s| == 0 then 0
  else Count(s[..|s| - 1], c) + (if s[|s| - 1] == c then 1 else 0)
}

lemma CountOfAbsent(s: seq<char>, c: char)
  ensures c in s <==> Count(s, c) > 0

method Tally(s: seq<char>) returns (seen: map<char, nat>)
  ensures forall c :: c in seen <==> c in s
  ensures forall c :: c in seen ==> seen[c] == Count(s, c)
{
  seen := map[];
  for i := 0 to |s|
  {
    var c := s[i];
    if c in seen {
      seen := seen[c := seen[c] + 1];
    } else {
      seen := seen[c := 1];
    }
  }
}

method OccursAtLeast(s: seq<char>, c: char, times: nat) returns (yes: bool)
  ensures yes <==> Count(s, c) >= times
{
  var seen := Tally(s);
  if c in seen {
    yes := seen[c] >= times;
  } else {
    yes := times == 0;
  }
}
