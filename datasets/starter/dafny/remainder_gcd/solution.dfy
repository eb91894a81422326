// Greatest common divisor by repeated remainders.

function Gcd(a: nat, b: nat): nat
  decreases b
{
  if b == 0 then a else Gcd(b, a % b)
}

lemma GcdIsPositive(a: nat, b: nat)
  requires a + b > 0
  ensures Gcd(a, b) > 0
  decreases b
{
  if b > 0 {
    GcdIsPositive(b, a % b);
  }
}

method ComputeGcd(a: nat, b: nat) returns (g: nat)
  requires a + b > 0
  ensures g == Gcd(a, b)
  ensures g > 0
{
  var x, y := a, b;
  while y != 0
    invariant Gcd(x, y) == Gcd(a, b)
    decreases y
  {
    x, y := y, x % y;
  }
  g := x;
  GcdIsPositive(a, b);
}
