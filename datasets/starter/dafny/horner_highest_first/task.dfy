function Pow(x: int, n: nat): int
{
  if n == 0 then 1 else x * Pow(x, n - 1)
}

// Coefficients are listed with the highest power first.
function Poly(coeffs: seq<int>, x: int): int
{
  if |coeffs| == 0 then 0
  else coeffs[0] * Pow(x, |coeffs| - 1) + Poly(coeffs[1..], x)
}

method Horner(coeffs: seq<int>, x: int) returns (y: int)
  ensures y == Poly(coeffs, x)
{
  y := 0;
  for i := 0 to |coeffs|
  {
    y := y * x + coeffs[i];
  }
}

method IsRoot(coeffs: seq<int>, x: int) returns (root: bool)
  ensures root <==> Poly(coeffs, x) == 0
{
  var y := Horner(coeffs, x);
  root := y == 0;
}
