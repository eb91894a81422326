datatype Num = Zero | Next(prev: Num)

function Plus(a: Num, b: Num): Num
{
  match a
  case Zero => b
  case Next(p) => Next(Plus(p, b))
}

function Twice(a: Num): Num
{
  match a
  case Zero => Zero
  case Next(p) => Next(Next(Twice(p)))
}

lemma PlusZero(a: Num)
  ensures Plus(a, Zero) == a

lemma PlusNext(a: Num, b: Num)
  ensures Plus(a, Next(b)) == Next(Plus(a, b))

lemma PlusCommutes(a: Num, b: Num)
  ensures Plus(a, b) == Plus(b, a)
{
}

lemma TwiceIsPlus(a: Num)
  ensures Twice(a) == Plus(a, a)
{
}
