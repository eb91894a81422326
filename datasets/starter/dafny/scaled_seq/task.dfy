function Scaled(k: int, s: seq<int>): seq<int>
{
  seq(|s|, i requires 0 <= i < |s| => k * s[i])
}

function Ramp(n: nat): seq<int>
{
  seq(n, i => i)
}

function Total(s: seq<int>): int
{
  if |s| == 0 then 0 else s[0] + Total(s[1..])
}

lemma TotalOfScaled(k: int, s: seq<int>)
  ensures Total(Scaled(k, s)) == k * Total(s)
{
}

lemma TotalWithLast(s: seq<int>, x: int)
  ensures Total(s + [x]) == Total(s) + x
{
}

lemma TotalOfRamp(n: nat)
  ensures 2 * Total(Ramp(n)) == n * (n - 1)
{
}

method ScaledTotal(k: int, s: seq<int>) returns (t: int)
  ensures t == Total(Scaled(k, s))
{
  t := 0;
  for i := |s| downto 0
  {
    t := t + k * s[i];
  }
}

method HandshakeCount(guests: nat) returns (count: int)
  ensures 2 * count == guests * (guests - 1)
{
  var ramp := Ramp(guests);
  count := Total(ramp);
}
