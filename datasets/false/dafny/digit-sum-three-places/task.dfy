function DigitSum(n: nat): nat
{
  if n == 0 then 0 else n % 10 + DigitSum(n / 10)
}

// Ticket numbers have at most four digits.
method AddDigits(n: nat) returns (total: nat)
  requires n < 10000
  ensures total == DigitSum(n)
{
  total := 0;
  var rest: nat := n;
  var places := 3;
  while places > 0
  {
    total := total + rest % 10;
    rest := rest / 10;
    places := places - 1;
  }
}
