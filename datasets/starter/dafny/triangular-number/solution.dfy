// The n-th triangular number, added up term by term.
method Triangular(n: nat) returns (t: nat)
  ensures 2 * t == n * (n + 1)
{
  t := 0;
  var i := 0;
  while i < n
    invariant 0 <= i <= n
    invariant 2 * t == i * (i + 1)
  {
    i := i + 1;
    t := t + i;
  }
}
