function DigitSum(n: nat): nat
{
  if n == 0 then 0 else n % 10 + DigitSum(n / 10)
}

method AddDigits(n: nat) returns (total: nat)
  ensures total == DigitSum(n)
{
  total := 0;
  var rest: nat := n;
  while rest != 0
    invariant total + DigitSum(rest) == DigitSum(n)
    decreases rest
  {
    total := total + rest % 10;
    rest := rest / 10;
  }
}
