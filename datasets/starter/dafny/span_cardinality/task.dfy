function Span(lo: int, hi: int): set<int>
{
  if lo >= hi then {} else {lo} + Span(lo + 1, hi)
}

lemma SpanMembers(lo: int, hi: int, x: int)
  ensures x in Span(lo, hi) <==> lo <= x < hi
{
}

lemma SpanSize(lo: int, hi: int)
  requires lo <= hi
  ensures |Span(lo, hi)| == hi - lo
{
}

lemma PartIsNoLarger(part: set<int>, whole: set<int>)
  requires part <= whole
  ensures |part| <= |whole|
{
}

lemma FewSeats(taken: set<int>, seats: nat)
  requires forall x :: x in taken ==> 0 <= x < seats
  ensures |taken| <= seats
{
}

lemma SomeSeatIsFree(taken: set<int>, seats: nat)
  requires |taken| < seats
  ensures exists x :: 0 <= x < seats && x !in taken
{
}
