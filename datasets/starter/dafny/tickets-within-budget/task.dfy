// The more tickets are sold, the dearer they get.
function Price(nth: nat): nat
{
  5 + nth / 3
}

function Cost(tickets: nat): nat
{
  if tickets == 0 then 0 else Cost(tickets - 1) + Price(tickets)
}

method CostOf(tickets: nat) returns (c: nat)
  ensures c == Cost(tickets)
{
  c := 0;
  var n := 0;
  while n < tickets
  {
    n := n + 1;
    c := c + 5 + n / 3;
  }
}

// The most tickets that the budget pays for, no more than are left.
method MostTickets(budget: nat, left: nat) returns (n: nat)
  ensures n <= left && Cost(n) <= budget
  ensures forall m :: n < m <= left ==> Cost(m) > budget
{
  var high := left + 1;
  n := 0;
  while n + 1 < high
  {
    var mid := (n + high) / 2;
    var c := CostOf(mid);
    if c <= budget {
      n := mid;
    } else {
      high := mid;
    }
  }
}
