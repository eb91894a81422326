function Pow(b: nat, e: nat): nat
{
  if e == 0 then 1 else b * Pow(b, e - 1)
}

lemma OddTimesOdd(x: nat, y: nat)
  requires x % 2 == 1 && y % 2 == 1
  ensures x * y % 2 == 1
{
  var i, j := x / 2, y / 2;
  assert x == 2 * i + 1;
  calc {
    x * y;
    (2 * i + 1) * y;
    2 * (i * y) + y;
    2 * (i * y + j) + 1;
  }
}

lemma PowersOfOdd(b: nat, e: nat)
  requires b % 2 == 1
  ensures Pow(b, e) % 2 == 1
{
  if e > 0 {
    PowersOfOdd(b, e - 1);
    OddTimesOdd(b, Pow(b, e - 1));
    assert b * Pow(b, e - 1) % 2 == 1;
  }
}

lemma PowSplits(b: nat, m: nat, n: nat)
  ensures Pow(b, m + n) == Pow(b, m) * Pow(b, n)
{
  if m > 0 {
    calc {
      Pow(b, m + n);
      b * Pow(b, m + n - 1);
      { PowSplits(b, m - 1, n); }
      b * (Pow(b, m - 1) * Pow(b, n));
      (b * Pow(b, m - 1)) * Pow(b, n);
      Pow(b, m) * Pow(b, n);
    }
  }
}
