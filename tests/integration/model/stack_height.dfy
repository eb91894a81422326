// The weight of a chain as a stack whose constructors come in another order, with weights taken twice.
datatype Stack = Push(below: Stack, size: int) | Ground

function Height(s: Stack): int
{
  match s
  case Push(under, x) => 2 * x + Height(under)
  case Ground => 0
}

method Measure(s: Stack) returns (height: int)
  ensures height == Height(s)
{
  var rest := s;
  height := 0;
  while rest.Push?
  {
    height := height + 2 * rest.size;
    rest := rest.below;
  }
}
