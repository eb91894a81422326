// Fibonacci's loop over numbers that begin elsewhere, the variables declared in another order.
function Rabbits(months: nat): nat
{
  if months < 2 then months + 3 else Rabbits(months - 1) + Rabbits(months - 2)
}

method CountRabbits(months: nat) returns (pairs: nat)
  ensures pairs == Rabbits(months)
{
  var soon := 4;
  var gone := 0;
  pairs := 3;
  while gone < months
  {
    pairs, soon := soon, pairs + soon;
    gone := gone + 1;
  }
}
