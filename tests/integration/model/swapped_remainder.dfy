// Euclid's algorithm under other names, its two variables declared the other way round.
function Shared(a: nat, b: nat): nat
  decreases b
{
  if b == 0 then a else Shared(b, a % b)
}

method FindShared(a: nat, b: nat) returns (s: nat)
  ensures s == Shared(a, b)
{
  var right: nat := b;
  var left: nat := a;
  while right != 0
  {
    left, right := right, left % right;
  }
  s := left;
}
