// Sum of all bookings; money taken out is negative.
function Sum(bookings: seq<int>): int
{
  if |bookings| == 0 then 0 else bookings[0] + Sum(bookings[1..])
}

// The balance after each booking.
method Balances(opening: int, bookings: seq<int>) returns (after: seq<int>)
  ensures |after| == |bookings|
  ensures forall i :: 0 <= i < |after| ==> after[i] == opening + Sum(bookings[..i + 1])
{
  after := [];
  var balance := opening;
  var n := 0;
  while n < |bookings|
  {
    balance := balance + bookings[n];
    after := after + [balance];
    n := n + 1;
  }
}
