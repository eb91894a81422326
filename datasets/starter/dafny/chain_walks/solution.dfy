datatype Chain = End | Link(first: int, rest: Chain)

function Weight(c: Chain): int
{
  match c
  case End => 0
  case Link(x, more) => x + Weight(more)
}

function Contents(c: Chain): seq<int>
{
  match c
  case End => []
  case Link(x, more) => [x] + Contents(more)
}

method Weigh(c: Chain) returns (sum: int)
  ensures sum == Weight(c)
{
  sum := 0;
  var cur := c;
  while cur.Link?
    invariant sum + Weight(cur) == Weight(c)
    decreases cur
  {
    sum := sum + cur.first;
    cur := cur.rest;
  }
}

method ToSeq(c: Chain) returns (s: seq<int>)
  ensures s == Contents(c)
{
  s := [];
  var cur := c;
  while cur != End
    invariant s + Contents(cur) == Contents(c)
    decreases cur
  {
    assert s + Contents(cur) == (s + [cur.first]) + Contents(cur.rest);
    s := s + [cur.first];
    cur := cur.rest;
  }
}

method FromSeq(s: seq<int>) returns (c: Chain)
  ensures Contents(c) == s
{
  c := End;
  var n := |s|;
  while n > 0
    invariant 0 <= n <= |s|
    invariant Contents(c) == s[n..]
  {
    n := n - 1;
    c := Link(s[n], c);
  }
}
