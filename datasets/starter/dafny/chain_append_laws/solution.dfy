datatype Chain = End | Link(first: int, rest: Chain)

function Join(a: Chain, b: Chain): Chain
{
  match a
  case End => b
  case Link(x, more) => Link(x, Join(more, b))
}

function Len(a: Chain): nat
{
  match a
  case End => 0
  case Link(_, more) => 1 + Len(more)
}

predicate Has(a: Chain, x: int)
{
  match a
  case End => false
  case Link(y, more) => x == y || Has(more, x)
}

lemma JoinEnd(a: Chain)
  ensures Join(a, End) == a
{
}

lemma JoinIsAssociative(a: Chain, b: Chain, c: Chain)
  ensures Join(Join(a, b), c) == Join(a, Join(b, c))
{
  match a
  case End =>
  case Link(_, more) => JoinIsAssociative(more, b, c);
}

lemma JoinLen(a: Chain, b: Chain)
  ensures Len(Join(a, b)) == Len(a) + Len(b)
{
  match a
  case End =>
  case Link(_, more) => JoinLen(more, b);
}

lemma JoinHas(a: Chain, b: Chain, x: int)
  ensures Has(Join(a, b), x) <==> Has(a, x) || Has(b, x)
{
  match a
  case End =>
  case Link(_, more) => JoinHas(more, b, x);
}
