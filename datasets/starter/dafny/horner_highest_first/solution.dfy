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

lemma PolyWithLast(coeffs: seq<int>, last: int, x: int)
  ensures Poly(coeffs + [last], x) == Poly(coeffs, x) * x + last
{
  var longer := coeffs + [last];
  if |coeffs| == 0 {
    assert longer == [last];
    assert Poly([last], x) == last * Pow(x, 0) + Poly([], x);
  } else {
    var n := |coeffs|;
    var top, tail := coeffs[0], Poly(coeffs[1..], x);
    assert longer[1..] == coeffs[1..] + [last];
    PolyWithLast(coeffs[1..], last, x);
    calc {
      Poly(longer, x);
      top * Pow(x, n) + (tail * x + last);
      top * (x * Pow(x, n - 1)) + (tail * x + last);
      (top * Pow(x, n - 1) + tail) * x + last;
      Poly(coeffs, x) * x + last;
    }
  }
}

method Horner(coeffs: seq<int>, x: int) returns (y: int)
  ensures y == Poly(coeffs, x)
{
  y := 0;
  for i := 0 to |coeffs|
    invariant y == Poly(coeffs[..i], x)
  {
    assert coeffs[..i + 1] == coeffs[..i] + [coeffs[i]];
    PolyWithLast(coeffs[..i], coeffs[i], x);
    y := y * x + coeffs[i];
  }
  assert coeffs[..|coeffs|] == coeffs;
}

method IsRoot(coeffs: seq<int>, x: int) returns (root: bool)
  ensures root <==> Poly(coeffs, x) == 0
{
  var y := Horner(coeffs, x);
  root := y == 0;
}
