// The readings that are not 0, in their order.
function Kept(s: seq<int>): seq<int>
{
  if |s| == 0 then []
  else if s[0] != 0 then [s[0]] + Kept(s[1..])
  else Kept(s[1..])
}

function NonZeros(s: seq<int>): nat
{
  if |s| == 0 then 0
  else NonZeros(s[..|s| - 1]) + (if s[|s| - 1] != 0 then 1 else 0)
}

lemma KeptOfOneMore(s: seq<int>, x: int)
  ensures Kept(s + [x]) == Kept(s) + (if x != 0 then [x] else [])
{
  if |s| > 0 {
    assert (s + [x])[1..] == s[1..] + [x];
    KeptOfOneMore(s[1..], x);
  }
}

lemma AsManyKept(s: seq<int>)
  ensures |Kept(s)| == NonZeros(s)
{
  if |s| > 0 {
    var init, last := s[..|s| - 1], s[|s| - 1];
    assert s == init + [last];
    AsManyKept(init);
    KeptOfOneMore(init, last);
  }
}

lemma NonZerosGrow(s: seq<int>, n: nat)
  requires n <= |s|
  ensures NonZeros(s[..n]) <= NonZeros(s)
  decreases |s|
{
  if n < |s| {
    var init := s[..|s| - 1];
    assert init[..n] == s[..n];
    NonZerosGrow(init, n);
  } else {
    assert s[..n] == s;
  }
}

method CountNonZeros(a: array<int>) returns (count: nat)
  ensures count == NonZeros(a[..])
{
  count := 0;
  var i := 0;
  while i < a.Length
    invariant i <= a.Length
    invariant count == NonZeros(a[..i])
  {
    assert a[..i + 1][..i] == a[..i];
    if a[i] != 0 {
      count := count + 1;
    }
    i := i + 1;
  }
  assert a[..i] == a[..];
}

method Compact(a: array<int>) returns (b: array<int>)
  ensures fresh(b)
  ensures b[..] == Kept(a[..])
{
  var count := CountNonZeros(a);
  b := new int[count];
  var used := 0;
  var i := 0;
  while i < a.Length
    invariant i <= a.Length
    invariant used == NonZeros(a[..i]) <= b.Length == NonZeros(a[..])
    invariant b[..used] == Kept(a[..i])
  {
    assert a[..i + 1] == a[..i] + [a[i]];
    KeptOfOneMore(a[..i], a[i]);
    assert a[..][..i + 1] == a[..i + 1];
    NonZerosGrow(a[..], i + 1);
    if a[i] != 0 {
      b[used] := a[i];
      used := used + 1;
    }
    i := i + 1;
  }
  assert a[..i] == a[..];
}
