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
  match t
  case Tip =>
  case Node(l, key, r) =>
    PutAddsKey(l, x, y);
    PutAddsKey(r, x, y);
}

lemma SplitRising(a: seq<int>, mid: int, b: seq<int>)
  requires Rising(a + [mid] + b)
  ensures Rising(a) && Rising(b)
  ensures forall y :: y in a ==> y < mid
  ensures forall y :: y in b ==> mid < y
{
  var s := a + [mid] + b;
  assert s[|a|] == mid;
  forall i, j | 0 <= i < j < |a|
    ensures a[i] < a[j]
  {
    assert s[i] == a[i] && s[j] == a[j];
  }
  forall i, j | 0 <= i < j < |b|
    ensures b[i] < b[j]
  {
    assert s[|a| + 1 + i] == b[i] && s[|a| + 1 + j] == b[j];
  }
  forall y | y in a
    ensures y < mid
  {
    var i :| 0 <= i < |a| && a[i] == y;
    assert s[i] == y;
  }
  forall y | y in b
    ensures mid < y
  {
    var i :| 0 <= i < |b| && b[i] == y;
    assert s[|a| + 1 + i] == y;
  }
}

lemma JoinRising(a: seq<int>, mid: int, b: seq<int>)
  requires Rising(a) && Rising(b)
  requires forall y :: y in a ==> y < mid
  requires forall y :: y in b ==> mid < y
  ensures Rising(a + [mid] + b)
{
  var s := a + [mid] + b;
  forall i, j | 0 <= i < j < |s|
    ensures s[i] < s[j]
  {
    assert i < |a| ==> s[i] in a;
    assert j > |a| ==> s[j] in b;
  }
}

lemma PutKeepsRising(t: Tree, x: int)
  requires Rising(t.Walk())
  ensures Rising(t.Put(x).Walk())
{
  match t
  case Tip =>
  case Node(l, key, r) =>
    SplitRising(l.Walk(), key, r.Walk());
    if x < key {
      PutKeepsRising(l, x);
      forall y | y in l.Put(x).Walk()
        ensures y < key
      {
        PutAddsKey(l, x, y);
      }
      JoinRising(l.Put(x).Walk(), key, r.Walk());
    } else if key < x {
      PutKeepsRising(r, x);
      forall y | y in r.Put(x).Walk()
        ensures key < y
      {
        PutAddsKey(r, x, y);
      }
      JoinRising(l.Walk(), key, r.Put(x).Walk());
    }
}

method Distinct(s: seq<int>) returns (keys: seq<int>)
  ensures Rising(keys)
  ensures forall y :: y in keys <==> y in s
{
  var t := Tip;
  for i := 0 to |s|
    invariant Rising(t.Walk())
    invariant forall y :: y in t.Walk() <==> y in s[..i]
  {
    PutKeepsRising(t, s[i]);
    forall y
      ensures y in t.Put(s[i]).Walk() <==> y in s[..i + 1]
    {
      PutAddsKey(t, s[i], y);
    }
    t := t.Put(s[i]);
  }
  keys := t.Walk();
}
