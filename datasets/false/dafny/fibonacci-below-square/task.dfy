function Fibonacci(n: nat): nat
{
  if n < 2 then n else Fibonacci(n - 1) + Fibonacci(n - 2)
}

lemma FibonacciBelowSquare(n: nat)
  ensures Fibonacci(n) <= n * n
{
}

method ComputeFibonacci(n: nat) returns (f: nat)
  ensures f == Fibonacci(n)
{
  var next := 1;
  var done := 0;
  f := 0;
  while done < n
  {
    f, next := next, f + next;
    done := done + 1;
  }
}
