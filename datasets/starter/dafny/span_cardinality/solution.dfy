function Span(lo: int, hi: int): set<int>
  decreases hi - lo
{
  if lo >= hi then {} else {lo} + Span(lo + 1, hi)
}

lemma SpanMembers(lo: int, hi: int, x: int)
  ensures x in Span(lo, hi) <==> lo <= x < hi
  decreases hi - lo
{
  if lo < hi {
    SpanMembers(lo + 1, hi, x);
  }
}

lemma SpanSize(lo: int, hi: int)
  requires lo <= hi
  ensures |Span(lo, hi)| == hi - lo
  decreases hi - lo
{
  if lo < hi {
    SpanSize(lo + 1, hi);
    SpanMembers(lo + 1, hi, lo);
  }
}

lemma PartIsNoLarger(part: set<int>, whole: set<int>)
  requires part <= whole
  ensures |part| <= |whole|
{
  if part != {} {
    var x :| x in part;
    PartIsNoLarger(part - {x}, whole - {x});
  }
}

lemma FewSeats(taken: set<int>, seats: nat)
  requires forall x :: x in taken ==> 0 <= x < seats
  ensures |taken| <= seats
{
  forall x | x in taken
    ensures x in Span(0, seats)
  {
    SpanMembers(0, seats, x);
  }
  SpanSize(0, seats);
  PartIsNoLarger(taken, Span(0, seats));
}

lemma SomeSeatIsFree(taken: set<int>, seats: nat)
  requires |taken| < seats
  ensures exists x :: 0 <= x < seats && x !in taken
{
  SpanSize(0, seats);
  if Span(0, seats) <= taken {
    PartIsNoLarger(Span(0, seats), taken);
  } else {
    var x :| x in Span(0, seats) && x !in taken;
    SpanMembers(0, seats, x);
  }
}
