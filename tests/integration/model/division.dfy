// Division by subtraction: other names, the statements of the loop and the postconditions the other way round.
method Quotient(total: nat, share: nat) returns (times: nat, left: nat)
  requires share > 0
  ensures left < share
  ensures total == times * share + left
{
  left := total;
  times := 0;
  while left >= share
  {
    times := times + 1;
    left := left - share;
  }
}
