datatype Roll<T> = Stub | Slip(first: T, rest: Roll<T>)
{
  function Len(): nat
  {
    match this
    case Stub => 0
    case Slip(_, more) => 1 + more.Len()
  }
}

function Apply<A, B>(f: A -> B, r: Roll<A>): Roll<B>
{
  match r
  case Stub => Stub
  case Slip(a, more) => Slip(f(a), Apply(f, more))
}

lemma ApplyFuses<A, B, C>(f: A -> B, g: B -> C, r: Roll<A>)
  ensures Apply(g, Apply(f, r)) == Apply((a: A) => g(f(a)), r)

lemma ApplyKeepsLen<A, B>(f: A -> B, r: Roll<A>)
  ensures Apply(f, r).Len() == r.Len()

method RaiseAll(prices: Roll<int>, up: int) returns (raised: Roll<int>)
  ensures raised.Len() == prices.Len()
{
  var raise := (p: int) => p + up;
  raised := Apply(raise, prices);
}
