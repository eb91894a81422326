// Sum of the first n entries of row r.
function RowSum(m: array2<int>, r: nat, n: nat): int
  requires r < m.Length0 && n <= m.Length1
  reads m
{
  if n == 0 then 0 else RowSum(m, r, n - 1) + m[r, n - 1]
}

method RowSums(m: array2<int>) returns (sums: array<int>)
  ensures fresh(sums)
  ensures sums.Length == m.Length0
  ensures forall r :: 0 <= r < m.Length0 ==> sums[r] == RowSum(m, r, m.Length1)
{
  sums := new int[m.Length0];
  var acc := 0;
  var i := 0;
  while i < m.Length0
  {
    var j := 0;
    while j < m.Length1
    {
      acc := acc + m[i, j];
      j := j + 1;
    }
    sums[i] := acc;
    i := i + 1;
  }
}
