function Power(base: int, e: nat): int
{
  if e == 0 then 1 else base * Power(base, e - 1)
}

method FastPower(base: int, e: nat) returns (p: int)
  ensures p == Power(base, e)
{
  p := 1;
  var x := base;
  var k: nat := e;
  while k > 0
  {
    if k % 2 == 1 {
      p := p * x;
    } else {
      x := x * x;
    }
    k := k / 2;
  }
}
