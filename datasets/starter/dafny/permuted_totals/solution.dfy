function Total(s: seq<int>): int
{
  if |s| == 0 then 0 else s[0] + Total(s[1..])
}

lemma TotalWithout(s: seq<int>, i: nat)
  requires i < |s|
  ensures Total(s) == s[i] + Total(s[..i] + s[i+1..])
{
  if i == 0 {
    assert s[..0] + s[1..] == s[1..];
  } else {
    var t := s[..i] + s[i+1..];
    TotalWithout(s[1..], i - 1);
    assert t[1..] == s[1..][..i-1] + s[1..][i..];
    assert t[0] == s[0];
  }
}

lemma PermutedTotals(a: seq<int>, b: seq<int>)
  requires multiset(a) == multiset(b)
  ensures Total(a) == Total(b)
{
  if |a| == 0 {
    assert |multiset(b)| == 0;
  } else {
    assert a[0] in multiset(b);
    var i :| 0 <= i < |b| && b[i] == a[0];
    var c := b[..i] + b[i+1..];
    assert b == b[..i] + [b[i]] + b[i+1..];
    assert a == [a[0]] + a[1..];
    assert multiset(c) == multiset(b) - multiset{b[i]};
    assert multiset(a[1..]) == multiset(a) - multiset{a[0]};
    PermutedTotals(a[1..], c);
    TotalWithout(b, i);
  }
}
