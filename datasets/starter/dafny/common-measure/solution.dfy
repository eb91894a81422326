// Laying the rod end to end comes out even.
predicate Measures(rod: nat, length: nat)
  requires rod > 0
{
  length == 0 || (rod <= length && Measures(rod, length - rod))
}

lemma {:induction false} MeasuresBoth(rod: nat, a: nat, b: nat)
  requires rod > 0 && Measures(rod, a) && Measures(rod, b)
  ensures Measures(rod, a + b)
{
  if a > 0 {
    MeasuresBoth(rod, a - rod, b);
    assert (a - rod) + b == (a + b) - rod;
  }
}

// The longest rod that measures both lengths, by taking the shorter from the longer one.
method CommonMeasure(a: nat, b: nat) returns (rod: nat)
  requires a > 0 && b > 0
  ensures rod > 0
  ensures Measures(rod, a) && Measures(rod, b)
{
  if a == b {
    rod := a;
  } else if a > b {
    rod := CommonMeasure(a - b, b);
    MeasuresBoth(rod, a - b, b);
  } else {
    rod := CommonMeasure(a, b - a);
    MeasuresBoth(rod, a, b - a);
  }
}
