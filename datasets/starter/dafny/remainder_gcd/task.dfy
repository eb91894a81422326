// Greatest common divisor by repeated remainders.

function Gcd(a: nat, b: nat): nat
{
  if b == 0 then a else Gcd(b, a % b)
}

lemma GcdIsPositive(a: nat, b: nat)
  requires a + b > 0
  ensures Gcd(a, b) > 0
{
}

method ComputeGcd(a: nat, b: nat) returns (g: nat)
  requires a + b > 0
  ensures g == Gcd(a, b)
  ensures g > 0
{
  var x, y := a, b;
  while y != 0
  {
    x, y := y, x % y;
  }
  g := x;
}
