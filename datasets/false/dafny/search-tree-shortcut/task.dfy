datatype Tree = Tip | Node(l: Tree, key: int, r: Tree)

predicate AllBelow(t: Tree, x: int)
{
  match t
  case Tip => true
  case Node(l, key, r) => AllBelow(l, x) && key < x && AllBelow(r, x)
}

predicate AllAbove(t: Tree, x: int)
{
  match t
  case Tip => true
  case Node(l, key, r) => AllAbove(l, x) && x < key && AllAbove(r, x)
}

predicate Ordered(t: Tree)
{
  match t
  case Tip => true
  case Node(l, key, r) => AllBelow(l, key) && AllAbove(r, key) && Ordered(l) && Ordered(r)
}

function Put(t: Tree, x: int): Tree
  requires Ordered(t)
  ensures Ordered(Put(t, x))
{
  match t
  case Tip => Node(Tip, x, Tip)
  case Node(l, key, r) =>
    if x < key then Node(Put(l, x), key, r)
    else if key < x then Node(l, key, Node(Tip, x, r))
    else t
}
