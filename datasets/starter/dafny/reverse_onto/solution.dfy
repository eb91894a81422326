datatype Chain = End | Link(first: int, rest: Chain)

function Join(a: Chain, b: Chain): Chain
{
  match a
  case End => b
  case Link(x, more) => Link(x, Join(more, b))
}

function SlowReverse(a: Chain): Chain
{
  match a
  case End => End
  case Link(x, more) => Join(SlowReverse(more), Link(x, End))
}

function ReverseOnto(a: Chain, done: Chain): Chain
{
  match a
  case End => done
  case Link(x, more) => ReverseOnto(more, Link(x, done))
}

lemma JoinEnd(a: Chain)
  ensures Join(a, End) == a
{
}

lemma JoinIsAssociative(a: Chain, b: Chain, c: Chain)
  ensures Join(Join(a, b), c) == Join(a, Join(b, c))
{
}

lemma ReverseOntoJoins(a: Chain, done: Chain)
  ensures ReverseOnto(a, done) == Join(SlowReverse(a), done)
{
  match a
  case End =>
  case Link(x, more) =>
    ReverseOntoJoins(more, Link(x, done));
    JoinIsAssociative(SlowReverse(more), Link(x, End), done);
}

lemma ReverseOntoIsReverse(a: Chain)
  ensures ReverseOnto(a, End) == SlowReverse(a)
{
  ReverseOntoJoins(a, End);
  JoinEnd(SlowReverse(a));
}
