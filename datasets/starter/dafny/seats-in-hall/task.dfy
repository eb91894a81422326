// The first row has 10 seats, every row 2 more than the one before it.
function Seats(rows: nat): nat
{
  if rows == 0 then 0 else Seats(rows - 1) + 10 + 2 * (rows - 1)
}

method SeatsInHall(rows: nat) returns (n: nat)
  ensures n == Seats(rows)
{
  n := rows * (rows + 9);
}

// Rows that have to be opened for so many guests.
method RowsFor(guests: nat) returns (rows: nat)
  ensures Seats(rows) >= guests
  ensures rows > 0 ==> Seats(rows - 1) < guests
{
  rows := 0;
  var seats := 0;
  while seats < guests
  {
    seats := seats + 10 + 2 * rows;
    rows := rows + 1;
  }
}
