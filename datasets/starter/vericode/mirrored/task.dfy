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

// </proofs>

// <spec>
method Mirrored(c: Chain) returns (m: Chain)
  ensures m == Mirror(c)
// </spec>
// <code>
{
}
// </code>
