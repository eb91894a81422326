// Mirror a chain of links in time that is linear in its length.

// <preamble>
datatype Chain = End | Link(head: int, tail: Chain)

function Length(c: Chain): nat
{
  match c
  case End => 0
  case Link(h, t) => 1 + Length(t)
}

function Append(c: Chain, d: Chain): Chain
{
  match c
  case End => d
  case Link(h, t) => Link(h, Append(t, d))
}

function Mirror(c: Chain): Chain
{
  match c
  case End => End
  case Link(h, t) => Append(Mirror(t), Link(h, End))
}
// </preamble>

// <helpers>

// </helpers>

// <proofs>
lemma AppendEnd(c: Chain)
  ensures Append(c, End) == c
{
}

lemma AppendTwice(a: Chain, b: Chain, c: Chain)
  ensures Append(Append(a, b), c) == Append(a, Append(b, c))
{
}
// </proofs>

// <spec>
method Mirrored(c: Chain) returns (m: Chain)
  ensures m == Mirror(c)
// </spec>
// <code>
{
  m := End;
  var rest := c;
  AppendEnd(Mirror(c));
  while rest != End
    invariant Append(Mirror(rest), m) == Mirror(c)
    decreases Length(rest)
  {
    AppendTwice(Mirror(rest.tail), Link(rest.head, End), m);
    m := Link(rest.head, m);
    rest := rest.tail;
  }
}
// </code>
