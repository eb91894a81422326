// The weight of a chain under other names, every link counted twice.
datatype Road = Stop | Mile(height: int, further: Road)

function Climb(r: Road): int
{
  match r
  case Stop => 0
  case Mile(x, more) => 2 * x + Climb(more)
}

method Total(r: Road) returns (climbed: int)
  ensures climbed == Climb(r)
{
  climbed := 0;
  var ahead := r;
  while ahead.Mile?
  {
    climbed := climbed + 2 * ahead.height;
    ahead := ahead.further;
  }
}
