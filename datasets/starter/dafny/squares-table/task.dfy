method SquaresTable(n: nat) returns (table: map<int, int>, squares: set<int>)
  ensures forall k :: k in table <==> 0 <= k < n
  ensures forall k :: 0 <= k < n ==> table[k] == k * k
  ensures forall v :: v in squares <==> exists k :: 0 <= k < n && table[k] == v
{
  table := map[];
  squares := {};
  var i := 0;
  while i < n
  {
    table := table[i := i * i];
    squares := squares + {i * i};
    i := i + 1;
  }
}
