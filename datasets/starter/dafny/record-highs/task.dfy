function Highest(s: seq<int>): int
  requires |s| > 0
{
  if |s| == 1 then s[0]
  else if s[0] > Highest(s[1..]) then s[0]
  else Highest(s[1..])
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
  {
    record[day] := temps[day] > high;
    if record[day] {
      high := temps[day];
    }
    day := day + 1;
  }
}
