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

lemma JoinHere(p: Path)
  ensures Join(p, Here) == p
{
}

lemma JoinIsAssociative(p: Path, q: Path, r: Path)
  ensures Join(Join(p, q), r) == Join(p, Join(q, r))
{
}

lemma ReversedJoin(p: Path, q: Path)
  ensures Reversed(Join(p, q)) == Join(Reversed(q), Reversed(p))
{
  match p
  case Here =>
    JoinHere(Reversed(q));
  case Step(stop, rest) =>
    ReversedJoin(rest, q);
    JoinIsAssociative(Reversed(q), Reversed(rest), Step(stop, Here));
}

lemma ReversedTwice(p: Path)
  ensures Reversed(Reversed(p)) == p
{
  match p
  case Here =>
  case Step(stop, rest) =>
    ReversedTwice(rest);
    ReversedJoin(Reversed(rest), Step(stop, Here));
}

method WayBack(p: Path) returns (back: Path)
  ensures back == Reversed(p)
{
  back := Here;
  var ahead := p;
  JoinHere(Reversed(p));
  while ahead != Here
    invariant Join(Reversed(ahead), back) == Reversed(p)
    decreases ahead
  {
    JoinIsAssociative(Reversed(ahead.rest), Step(ahead.stop, Here), back);
    back := Step(ahead.stop, back);
    ahead := ahead.rest;
  }
}

method RoundTrip(p: Path) returns (again: Path)
  ensures again == p
{
  var back := WayBack(p);
  again := WayBack(back);
  ReversedTwice(p);
}
