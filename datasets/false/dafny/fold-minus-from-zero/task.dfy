datatype Term = Lit(n: int) | Slot(i: nat) | Minus(l: Term, r: Term) | Times(l: Term, r: Term)

function Value(t: Term, slots: seq<int>): int
{
  match t
  case Lit(n) => n
  case Slot(i) => if i < |slots| then slots[i] else 0
  case Minus(l, r) => Value(l, slots) - Value(r, slots)
  case Times(l, r) => Value(l, slots) * Value(r, slots)
}

function MakeMinus(l: Term, r: Term): Term
{
  if l.Lit? && r.Lit? then Lit(l.n - r.n)
  else if l == Lit(0) then r
  else if r == Lit(0) then l
  else Minus(l, r)
}

function MakeTimes(l: Term, r: Term): Term
{
  if l.Lit? && r.Lit? then Lit(l.n * r.n)
  else if l == Lit(0) || r == Lit(0) then Lit(0)
  else if l == Lit(1) then r
  else if r == Lit(1) then l
  else Times(l, r)
}

function Fold(t: Term): Term
{
  match t
  case Lit(_) => t
  case Slot(_) => t
  case Minus(l, r) => MakeMinus(Fold(l), Fold(r))
  case Times(l, r) => MakeTimes(Fold(l), Fold(r))
}

lemma MakeTimesValue(l: Term, r: Term, slots: seq<int>)
  ensures Value(MakeTimes(l, r), slots) == Value(l, slots) * Value(r, slots)
{
}

lemma FoldKeepsValue(t: Term, slots: seq<int>)
  ensures Value(Fold(t), slots) == Value(t, slots)
{
}
