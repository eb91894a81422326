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
  if |s| > 0 {
    assert Scaled(k, s)[1..] == Scaled(k, s[1..]);
    TotalOfScaled(k, s[1..]);
    assert k * Total(s) == k * s[0] + k * Total(s[1..]);
  }
}

lemma TotalWithLast(s: seq<int>, x: int)
  ensures Total(s + [x]) == Total(s) + x
{
  if |s| > 0 {
    assert (s + [x])[1..] == s[1..] + [x];
    TotalWithLast(s[1..], x);
  }
}

lemma TotalOfRamp(n: nat)
  ensures 2 * Total(Ramp(n)) == n * (n - 1)
{
  if n > 0 {
    TotalOfRamp(n - 1);
    assert Ramp(n) == Ramp(n - 1) + [n - 1];
    TotalWithLast(Ramp(n - 1), n - 1);
  }
}

method ScaledTotal(k: int, s: seq<int>) returns (t: int)
  ensures t == Total(Scaled(k, s))
{
  t := 0;
  for i := |s| downto 0
    invariant t == k * Total(s[i..])
  {
    assert s[i..][1..] == s[i + 1..];
    assert k * Total(s[i..]) == k * s[i] + k * Total(s[i + 1..]);
    t := t + k * s[i];
  }
  assert s[0..] == s;
  TotalOfScaled(k, s);
}

method HandshakeCount(guests: nat) returns (count: int)
  ensures 2 * count == guests * (guests - 1)
{
  var ramp := Ramp(guests);
  TotalOfRamp(guests);
  count := Total(ramp);
}
