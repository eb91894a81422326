function Power(base: int, e: nat): int
{
  if e == 0 then 1 else base * Power(base, e - 1)
}

lemma PowerOfSquare(x: int, k: nat)
  ensures Power(x, 2 * k) == Power(x * x, k)
{
  if k > 0 {
    calc {
      Power(x, 2 * k);
      x * Power(x, 2 * k - 1);
      x * (x * Power(x, 2 * k - 2));
      { assert 2 * k - 2 == 2 * (k - 1); PowerOfSquare(x, k - 1); }
      x * (x * Power(x * x, k - 1));
      (x * x) * Power(x * x, k - 1);
      Power(x * x, k);
    }
  }
}

method FastPower(base: int, e: nat) returns (p: int)
  ensures p == Power(base, e)
{
  p := 1;
  var x := base;
  var k: nat := e;
  while k > 0
    invariant p * Power(x, k) == Power(base, e)
  {
    ghost var half := k / 2;
    PowerOfSquare(x, half);
    if k % 2 == 1 {
      assert k == 2 * half + 1;
      calc {
        p * Power(x, k);
        p * (x * Power(x, 2 * half));
        (p * x) * Power(x, 2 * half);
      }
      p := p * x;
    }
    x := x * x;
    k := k / 2;
  }
}
