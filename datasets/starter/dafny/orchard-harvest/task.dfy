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

method Harvest(o: Orchard) returns (apples: nat)
  ensures apples == Total(Row(o))
{
  match o {
    case Meadow =>
      apples := 0;
    case Plot(w, here, e) =>
      var left := Harvest(w);
      var right := Harvest(e);
      apples := left + here + right;
  }
}
