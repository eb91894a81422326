// An orchard is split by paths; a tree stands where two of them meet.
datatype Orchard = Meadow | Plot(west: Orchard, apples: nat, east: Orchard)

// The trees from west to east.
function Row(o: Orchard): seq<nat>
{
  match o
  case Meadow => []
  case Plot(w, apples, e) => Row(w) + [apples] + Row(e)
}

function Total(counts: seq<nat>): nat
{
  if |counts| == 0 then 0 else counts[0] + Total(counts[1..])
}

lemma TotalOfBoth(a: seq<nat>, b: seq<nat>)
  ensures Total(a + b) == Total(a) + Total(b)
{
  if |a| > 0 {
    assert (a + b)[1..] == a[1..] + b;
    TotalOfBoth(a[1..], b);
  } else {
    assert a + b == b;
  }
}

method Harvest(o: Orchard) returns (apples: nat)
  ensures apples == Total(Row(o))
{
  match o {
    case Meadow =>
      apples := 0;
    case Plot(w, here, e) =>
      var left := Harvest(w);
      var right := Harvest(e);
      TotalOfBoth(Row(w) + [here], Row(e));
      TotalOfBoth(Row(w), [here]);
      assert Total([here]) == here + Total([here][1..]);
      apples := left + here + right;
  }
}
