// Fibonacci's loop for Pell's numbers: another constant, and the statements in another order.
function Pell(n: nat): nat
{
  if n < 2 then n else 2 * Pell(n - 1) + Pell(n - 2)
}

method ComputePell(n: nat) returns (p: nat)
  ensures p == Pell(n)
{
  p := 0;
  var following := 1;
  var i := 0;
  while i < n
  {
    p, following := following, 2 * following + p;
    i := i + 1;
  }
}
