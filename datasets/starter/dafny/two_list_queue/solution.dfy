datatype Items = Nil | More(first: int, rest: Items)
{
  ghost function Forward(): seq<int>
  {
    match this
    case Nil => []
    case More(x, r) => [x] + r.Forward()
  }

  ghost function Backward(): seq<int>
  {
    match this
    case Nil => []
    case More(x, r) => r.Backward() + [x]
  }

  function ReversedOnto(done: Items): Items
  {
    match this
    case Nil => done
    case More(x, r) => r.ReversedOnto(More(x, done))
  }
}

datatype Queue = Queue(front: Items, back: Items)
{
  ghost function Contents(): seq<int>
  {
    front.Forward() + back.Backward()
  }

  function Put(x: int): Queue
  {
    Queue(front, More(x, back))
  }

  function Ready(): Queue
  {
    if front.Nil? then Queue(back.ReversedOnto(Nil), Nil) else this
  }
}

lemma PutAddsAtEnd(q: Queue, x: int)
  ensures q.Put(x).Contents() == q.Contents() + [x]
{
  assert q.front.Forward() + (q.back.Backward() + [x]) == q.front.Forward() + q.back.Backward() + [x];
}

lemma ReversedOntoReads(a: Items, done: Items)
  ensures a.ReversedOnto(done).Forward() == a.Backward() + done.Forward()
{
  match a
  case Nil =>
  case More(x, r) =>
    ReversedOntoReads(r, More(x, done));
    assert r.Backward() + ([x] + done.Forward()) == r.Backward() + [x] + done.Forward();
}

lemma ReadyKeepsContents(q: Queue)
  ensures q.Ready().Contents() == q.Contents()
{
  if q.front.Nil? {
    ReversedOntoReads(q.back, Nil);
  }
}

method Take(q: Queue) returns (x: int, left: Queue)
  requires q.Contents() != []
  ensures [x] + left.Contents() == q.Contents()
{
  var ready := q.Ready();
  ReadyKeepsContents(q);
  assert ready.front.More?;
  x := ready.front.first;
  left := Queue(ready.front.rest, ready.back);
}
