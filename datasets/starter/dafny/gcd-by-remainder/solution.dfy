function Gcd(m: nat, n: nat): nat
  decreases n
{
  if n == 0 then m else Gcd(n, m % n)
}

method Euclid(m: nat, n: nat) returns (g: nat)
  ensures g == Gcd(m, n)
{
  var x: nat := m;
  var y: nat := n;
  while y != 0
    invariant Gcd(x, y) == Gcd(m, n)
    decreases y
  {
    x, y := y, x % y;
  }
  g := x;
}
