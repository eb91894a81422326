predicate OneToOne(m: map<int, int>)
{
  forall j, k :: j in m && k in m && j != k ==> m[j] != m[k]
}

function Targets(m: map<int, int>): set<int>
{
  set k | k in m :: m[k]
}

lemma AsManyTargetsAsKeys(m: map<int, int>)
  requires OneToOne(m)
  ensures |Targets(m)| == |m.Keys|
{
}

lemma UnionKeys(m: map<int, int>, n: map<int, int>, both: map<int, int>)
  requires forall k :: k in both <==> k in m || k in n
  requires forall k :: k in m ==> k !in n
  ensures |both.Keys| == |m.Keys| + |n.Keys|
{
}
