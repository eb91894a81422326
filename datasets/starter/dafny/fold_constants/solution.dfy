datatype Term = Lit(n: int) | Slot(i: nat) | Plus(l: Term, r: Term) | Times(l: Term, r: Term)
{
  function Value(slots: seq<int>): int
  {
    match this
    case Lit(n) => n
    case Slot(i) => if i < |slots| then slots[i] else 0
    case Plus(l, r) => l.Value(slots) + r.Value(slots)
    case Times(l, r) => l.Value(slots) * r.Value(slots)
  }

  function Size(): nat
  {
    match this
    case Lit(_) => 1
    case Slot(_) => 1
    case Plus(l, r) => 1 + l.Size() + r.Size()
    case Times(l, r) => 1 + l.Size() + r.Size()
  }

  function Fold(): Term
  {
    match this
    case Lit(_) => this
    case Slot(_) => this
    case Plus(l, r) => MakePlus(l.Fold(), r.Fold())
    case Times(l, r) => MakeTimes(l.Fold(), r.Fold())
  }
}

function MakePlus(l: Term, r: Term): Term
{
  if l.Lit? && r.Lit? then Lit(l.n + r.n)
  else if l == Lit(0) then r
  else if r == Lit(0) then l
  else Plus(l, r)
}

function MakeTimes(l: Term, r: Term): Term
{
  if l.Lit? && r.Lit? then Lit(l.n * r.n)
  else if l == Lit(0) || r == Lit(0) then Lit(0)
  else if l == Lit(1) then r
  else if r == Lit(1) then l
  else Times(l, r)
}

lemma MakeTimesValue(l: Term, r: Term, slots: seq<int>)
  ensures MakeTimes(l, r).Value(slots) == l.Value(slots) * r.Value(slots)
{
}

lemma FoldKeepsValue(t: Term, slots: seq<int>)
  ensures t.Fold().Value(slots) == t.Value(slots)
{
  match t
  case Lit(_) =>
  case Slot(_) =>
  case Plus(l, r) =>
    FoldKeepsValue(l, slots);
    FoldKeepsValue(r, slots);
  case Times(l, r) =>
    FoldKeepsValue(l, slots);
    FoldKeepsValue(r, slots);
    MakeTimesValue(l.Fold(), r.Fold(), slots);
}

lemma FoldNeverGrows(t: Term)
  ensures t.Fold().Size() <= t.Size()
{
  match t
  case Lit(_) =>
  case Slot(_) =>
  case Plus(l, r) =>
    FoldNeverGrows(l);
    FoldNeverGrows(r);
  case Times(l, r) =>
    FoldNeverGrows(l);
    FoldNeverGrows(r);
}

method Evaluate(t: Term, slots: seq<int>) returns (v: int)
  ensures v == t.Value(slots)
{
  var folded := t.Fold();
  FoldKeepsValue(t, slots);
  v := folded.Value(slots);
}
