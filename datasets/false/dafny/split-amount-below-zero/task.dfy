// Splits an amount into whole units and the cents left over, both with the sign of the amount.
method SplitAmount(cents: int) returns (units: int, rest: int)
  ensures cents == 100 * units + rest
  ensures cents >= 0 ==> 0 <= rest < 100
  ensures cents <= 0 ==> -100 < rest <= 0
{
  units := cents / 100;
  rest := cents % 100;
}
