datatype Tree = Tip | Node(l: Tree, key: int, r: Tree)
{
  function Walk(): seq<int>
  {
    match this
    case Tip => []
    case Node(l, key, r) => l.Walk() + [key] + r.Walk()
  }

  function Put(x: int): Tree
  {
    match this
    case Tip => Node(Tip, x, Tip)
    case Node(l, key, r) =>
      if x < key then Node(l.Put(x), key, r)
      else if key < x then Node(l, key, r.Put(x))
      else this
  }
}

ghost predicate Rising(s: seq<int>)
{
  forall i, j :: 0 <= i < j < |s| ==> s[i] < s[j]
}

lemma PutAddsKey(t: Tree, x: int, y: int)
  ensures y in t.Put(x).Walk() <==> y == x || y in t.Walk()
{
}

lemma PutKeepsRising(t: Tree, x: int)
  requires Rising(t.Walk())
  ensures Rising(t.Put(x).Walk())
{
}

method Distinct(s: seq<int>) returns (keys: seq<int>)
  ensures Rising(keys)
  ensures forall y :: y in keys <==> y in s
{
  var t := Tip;
  for i := 0 to |s|
  {
    t := t.Put(s[i]);
  }
  keys := t.Walk();
}
