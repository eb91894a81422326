// Colours: 0 is red, 1 is white, 2 is blue.
predicate Ordered(s: seq<int>)
{
  forall i, j :: 0 <= i < j < |s| ==> s[i] <= s[j]
}

method ArrangeFlag(flag: array<int>)
  requires forall i :: 0 <= i < flag.Length ==> 0 <= flag[i] <= 2
  modifies flag
  ensures Ordered(flag[..])
  ensures multiset(flag[..]) == multiset(old(flag[..]))
{
  var red, white, blue := 0, 0, flag.Length;
  while white < blue
  {
    if flag[white] == 0 {
      flag[red], flag[white] := flag[white], flag[red];
      red := red + 1;
      white := white + 1;
    } else if flag[white] == 1 {
      blue := blue - 1;
      flag[white], flag[blue] := flag[blue], flag[white];
    } else {
      white := white + 1;
    }
  }
}
