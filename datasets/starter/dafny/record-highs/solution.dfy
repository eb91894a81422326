function Highest(s: seq<int>): int
  requires |s| > 0
{
  if |s| == 1 then s[0]
  else if s[0] > Highest(s[1..]) then s[0]
  else Highest(s[1..])
}

lemma HighestOfOneMore(s: seq<int>, x: int)
  requires |s| > 0
  ensures Highest(s + [x]) == if x > Highest(s) then x else Highest(s)
{
  assert (s + [x])[1..] == s[1..] + [x];
  if |s| > 1 {
    HighestOfOneMore(s[1..], x);
  }
}

// Which days were warmer than all days before them?
method RecordDays(temps: array<int>) returns (record: array<bool>)
  ensures fresh(record) && record.Length == temps.Length
  ensures forall d :: 0 < d < temps.Length ==> (record[d] <==> temps[d] > Highest(temps[..d]))
{
  record := new bool[temps.Length];
  if temps.Length == 0 {
    return;
  }
  record[0] := true;
  var high := temps[0];
  var day := 1;
  while day < temps.Length
    invariant 1 <= day <= temps.Length
    invariant high == Highest(temps[..day])
    invariant forall d :: 0 < d < day ==> (record[d] <==> temps[d] > Highest(temps[..d]))
  {
    assert temps[..day + 1] == temps[..day] + [temps[day]];
    HighestOfOneMore(temps[..day], temps[day]);
    record[day] := temps[day] > high;
    if record[day] {
      high := temps[day];
    }
    day := day + 1;
  }
}
