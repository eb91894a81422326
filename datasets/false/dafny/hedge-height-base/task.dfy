datatype Hedge = Bare | Fork(left: Hedge, tag: int, right: Hedge)

function Mirror(h: Hedge): Hedge
{
  match h
  case Bare => Bare
  case Fork(l, t, r) => Fork(Mirror(r), t, Mirror(l))
}

function Forks(h: Hedge): nat
{
  match h
  case Bare => 0
  case Fork(l, _, r) => 1 + Forks(l) + Forks(r)
}

function Height(h: Hedge): nat
{
  match h
  case Bare => 0
  case Fork(l, _, r) =>
    if l.Bare? && r.Bare? then 0
    else 1 + (if Height(l) < Height(r) then Height(r) else Height(l))
}

function TwoTo(n: nat): nat
{
  if n == 0 then 1 else 2 * TwoTo(n - 1)
}

lemma MirrorKeepsShape(h: Hedge)
  ensures Forks(Mirror(h)) == Forks(h)
  ensures Height(Mirror(h)) == Height(h)

lemma TwoToGrows(m: nat, n: nat)
  requires m <= n
  ensures TwoTo(m) <= TwoTo(n)

lemma HeightBoundsForks(h: Hedge)
  ensures Forks(h) < TwoTo(Height(h))
{
}
