// The first n odd numbers add up to n squared.

function OddSum(n: nat): nat
{
  if n == 0 then 0 else OddSum(n - 1) + (2 * n - 1)
}

lemma OddSumIsSquare(n: nat)
  ensures OddSum(n) == n * n

lemma OddSumGrows(m: nat, n: nat)
  requires m <= n
  ensures OddSum(m) <= OddSum(n)
