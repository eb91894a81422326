// Euclid's algorithm with its parameters and its assignments in another order.
function Common(small: nat, large: nat): nat
  decreases small
{
  if small == 0 then large else Common(large % small, small)
}

method Measure(small: nat, large: nat) returns (unit: nat)
  ensures unit == Common(small, large)
{
  var b: nat := large;
  var a: nat := small;
  while a != 0
  {
    a, b := b % a, a;
  }
  unit := b;
}
