function Pow(b: int, e: nat): int
{
  if e == 0 then 1 else b * Pow(b, e - 1)
}

function TwoTo(n: nat): nat
{
  if n == 0 then 1 else 2 * TwoTo(n - 1)
}

method SquareAgain(b: int, times: nat) returns (p: int)
  ensures p == Pow(b, TwoTo(times))
{
  p := b;
  var k := 0;
  while k < times
  {
    p := p * p;
    k := k + 1;
  }
}
