function Ayes(votes: seq<bool>): nat
{
  if |votes| == 0 then 0 else (if votes[0] then 1 else 0) + Ayes(votes[1..])
}

lemma NoMoreAyesThanVotes(votes: seq<bool>)
  ensures Ayes(votes) <= |votes|
{
}

// Counts no further than needed.
method Carried(votes: array<bool>, quorum: nat) returns (yes: bool)
  ensures yes <==> Ayes(votes[..]) >= quorum
{
  var ayes: nat := 0;
  var n := 0;
  while ayes < quorum && quorum <= ayes + (votes.Length - n)
    invariant 0 <= n <= votes.Length
    invariant ayes + Ayes(votes[n..]) == Ayes(votes[..])
    decreases votes.Length - n
  {
    if votes[n] {
      ayes := ayes + 1;
    }
    n := n + 1;
  }
  NoMoreAyesThanVotes(votes[n..]);
  yes := ayes >= quorum;
}
