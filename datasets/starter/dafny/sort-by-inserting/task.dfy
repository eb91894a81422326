datatype List = Nil | Cons(head: int, tail: List)

function Insert(x: int, l: List): List
{
  match l
  case Nil => Cons(x, Nil)
  case Cons(y, rest) => if x <= y then Cons(x, l) else Cons(y, Insert(x, rest))
}

function Sort(l: List): List
{
  match l
  case Nil => Nil
  case Cons(x, rest) => Insert(x, Sort(rest))
}

predicate Sorted(l: List)
{
  match l
  case Nil => true
  case Cons(x, rest) => (rest.Cons? ==> x <= rest.head) && Sorted(rest)
}

function Elements(l: List): multiset<int>
{
  match l
  case Nil => multiset{}
  case Cons(x, rest) => multiset{x} + Elements(rest)
}

lemma SortSorts(l: List)
  ensures Sorted(Sort(l))
{
}

lemma SortKeepsElements(l: List)
  ensures Elements(Sort(l)) == Elements(l)
{
}
