datatype Path = Here | Step(stop: int, rest: Path)

function Join(p: Path, q: Path): Path
{
  match p
  case Here => q
  case Step(stop, rest) => Step(stop, Join(rest, q))
}

function Reversed(p: Path): Path
{
  match p
  case Here => Here
  case Step(stop, rest) => Join(Reversed(rest), Step(stop, Here))
}

method WayBack(p: Path) returns (back: Path)
  ensures back == Reversed(p)
{
  back := Here;
  var ahead := p;
  while ahead != Here
  {
    back := Step(ahead.stop, back);
    ahead := ahead.rest;
  }
}

method RoundTrip(p: Path) returns (again: Path)
  ensures again == p
{
  var back := WayBack(p);
  again := WayBack(back);
}
