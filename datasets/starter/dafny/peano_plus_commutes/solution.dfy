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
{
  match a
  case Zero =>
  case Next(p) => PlusZero(p);
}

lemma PlusNext(a: Num, b: Num)
  ensures Plus(a, Next(b)) == Next(Plus(a, b))
{
  match a
  case Zero =>
  case Next(p) => PlusNext(p, b);
}

lemma PlusCommutes(a: Num, b: Num)
  ensures Plus(a, b) == Plus(b, a)
{
  match a
  case Zero =>
    PlusZero(b);
  case Next(p) =>
    PlusCommutes(p, b);
    PlusNext(b, p);
}

lemma TwiceIsPlus(a: Num)
  ensures Twice(a) == Plus(a, a)
{
  match a
  case Zero =>
  case Next(p) =>
    calc {
      Twice(a);
      Next(Next(Twice(p)));
      { TwiceIsPlus(p); }
      Next(Next(Plus(p, p)));
      { PlusNext(p, p); }
      Next(Plus(p, a));
      Plus(a, a);
    }
}
