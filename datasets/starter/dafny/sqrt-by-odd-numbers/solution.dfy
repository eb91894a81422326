// Integer square root, using only additions: squares are sums of odd numbers.
method IntegerSqrt(n: nat) returns (root: nat)
  ensures root * root <= n < (root + 1) * (root + 1)
{
  root := 0;
  var odd := 1;
  var square := 1;
  while square <= n
    invariant odd == 2 * root + 1
    invariant square == (root + 1) * (root + 1)
    invariant root * root <= n
  {
    root := root + 1;
    odd := odd + 2;
    square := square + odd;
  }
}
