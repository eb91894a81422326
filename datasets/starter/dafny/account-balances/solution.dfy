// Sum of all bookings; money taken out is negative.
function Sum(bookings: seq<int>): int
{
  if |bookings| == 0 then 0 else bookings[0] + Sum(bookings[1..])
}

lemma SumOfOneMore(bookings: seq<int>, x: int)
  ensures Sum(bookings + [x]) == Sum(bookings) + x
{
  if |bookings| > 0 {
    assert (bookings + [x])[1..] == bookings[1..] + [x];
    SumOfOneMore(bookings[1..], x);
  }
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
    invariant n <= |bookings|
    invariant |after| == n
    invariant balance == opening + Sum(bookings[..n])
    invariant forall i :: 0 <= i < n ==> after[i] == opening + Sum(bookings[..i + 1])
  {
    assert bookings[..n + 1] == bookings[..n] + [bookings[n]];
    SumOfOneMore(bookings[..n], bookings[n]);
    balance := balance + bookings[n];
    after := after + [balance];
    n := n + 1;
  }
}
