// Vectors as sequences.

function Dot(u: seq<int>, v: seq<int>): int
  requires |u| == |v|
{
  if |u| == 0 then 0 else u[0] * v[0] + Dot(u[1..], v[1..])
}

lemma DotExtend(u: seq<int>, v: seq<int>, a: int, b: int)
  requires |u| == |v|
  ensures Dot(u + [a], v + [b]) == Dot(u, v) + a * b
{
  if |u| == 0 {
    assert u + [a] == [a] && v + [b] == [b];
    assert Dot([a], [b]) == a * b + Dot([], []);
  } else {
    assert (u + [a])[1..] == u[1..] + [a];
    assert (v + [b])[1..] == v[1..] + [b];
    DotExtend(u[1..], v[1..], a, b);
  }
}
