predicate OneToOne(m: map<int, int>)
{
  forall j, k :: j in m && k in m && j != k ==> m[j] != m[k]
}

function Targets(m: map<int, int>): set<int>
{
  set k | k in m :: m[k]
}

lemma SomeTargets(m: map<int, int>, ks: set<int>)
  requires OneToOne(m)
  requires forall k :: k in ks ==> k in m
  ensures |(set k | k in ks :: m[k])| == |ks|
{
  if ks != {} {
    var j :| j in ks;
    var fewer := ks - {j};
    SomeTargets(m, fewer);
    var before := set k | k in fewer :: m[k];
    var after := set k | k in ks :: m[k];
    assert m[j] in after && m[j] !in before;
    forall v | v in after
      ensures v in before + {m[j]}
    {
      var k :| k in ks && m[k] == v;
      if k != j {
        assert k in fewer;
      }
    }
    assert after == before + {m[j]};
  } else {
    assert (set k | k in ks :: m[k]) == {};
  }
}

lemma AsManyTargetsAsKeys(m: map<int, int>)
  requires OneToOne(m)
  ensures |Targets(m)| == |m.Keys|
{
  SomeTargets(m, m.Keys);
  assert Targets(m) == (set k | k in m.Keys :: m[k]);
}

lemma UnionKeys(m: map<int, int>, n: map<int, int>, both: map<int, int>)
  requires forall k :: k in both <==> k in m || k in n
  requires forall k :: k in m ==> k !in n
  ensures |both.Keys| == |m.Keys| + |n.Keys|
{
  assert both.Keys == m.Keys + n.Keys;
  assert m.Keys !! n.Keys;
}
