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
    invariant 0 <= red <= white <= blue <= flag.Length
    invariant forall i :: 0 <= i < red ==> flag[i] == 0
    invariant forall i :: red <= i < white ==> flag[i] == 1
    invariant forall i :: white <= i < blue ==> 0 <= flag[i] <= 2
    invariant forall i :: blue <= i < flag.Length ==> flag[i] == 2
    invariant multiset(flag[..]) == multiset(old(flag[..]))
    decreases blue - white
  {
    if flag[white] == 0 {
      flag[red], flag[white] := flag[white], flag[red];
      red := red + 1;
      white := white + 1;
    } else if flag[white] == 1 {
      white := white + 1;
    } else {
      blue := blue - 1;
      flag[white], flag[blue] := flag[blue], flag[white];
    }
  }
}
