method SquaresTable(n: nat) returns (table: map<int, int>, squares: set<int>)
  ensures forall k :: k in table <==> 0 <= k < n
  ensures forall k :: 0 <= k < n ==> table[k] == k * k
  ensures forall v :: v in squares <==> exists k :: 0 <= k < n && table[k] == v
{
  table := map[];
  squares := {};
  var i := 0;
  while i < n
    invariant 0 <= i <= n
    invariant forall k :: k in table <==> 0 <= k < i
    invariant forall k :: 0 <= k < i ==> table[k] == k * k
    invariant forall v :: v in squares ==> exists k :: 0 <= k < i && table[k] == v
    invariant forall k :: 0 <= k < i ==> table[k] in squares
  {
    ghost var before := table;
    table := table[i := i * i];
    assert table[i] == i * i;
    assert forall k :: 0 <= k < i ==> table[k] == before[k];
    squares := squares + {i * i};
    i := i + 1;
  }
}
