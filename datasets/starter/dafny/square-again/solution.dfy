function Pow(b: int, e: nat): int
{
  if e == 0 then 1 else b * Pow(b, e - 1)
}

function TwoTo(n: nat): nat
{
  if n == 0 then 1 else 2 * TwoTo(n - 1)
}

lemma PowOfSum(b: int, m: nat, n: nat)
  ensures Pow(b, m + n) == Pow(b, m) * Pow(b, n)
{
  if m > 0 {
    PowOfSum(b, m - 1, n);
    assert b * (Pow(b, m - 1) * Pow(b, n)) == b * Pow(b, m - 1) * Pow(b, n);
  }
}

method SquareAgain(b: int, times: nat) returns (p: int)
  ensures p == Pow(b, TwoTo(times))
{
  p := b;
  var k := 0;
  while k < times
    invariant k <= times
    invariant p == Pow(b, TwoTo(k))
  {
    PowOfSum(b, TwoTo(k), TwoTo(k));
    p := p * p;
    k := k + 1;
  }
}
