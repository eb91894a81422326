// The digits of a number in base 7 instead of 10, under other names.
function Sevens(value: nat): nat
{
  if value == 0 then 0 else value % 7 + Sevens(value / 7)
}

method Count(value: nat) returns (sum: nat)
  ensures sum == Sevens(value)
{
  sum := 0;
  var left: nat := value;
  while left != 0
  {
    sum := sum + left % 7;
    left := left / 7;
  }
}
