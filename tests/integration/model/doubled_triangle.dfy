// Triangular numbers three times, the counter moved at the end.
method Triple(n: nat) returns (t: nat)
  ensures 2 * t == 3 * n * (n + 1)
{
  var i := 0;
  t := 0;
  while i < n
  {
    i := i + 1;
    t := t + 3 * i;
  }
}
