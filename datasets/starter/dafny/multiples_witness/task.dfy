function Times(k: int, d: int): int
{
  k * d
}

// Multiples of d are closed under addition ...
lemma MultiplesAddUp(d: int, a: int, b: int)
  requires exists k :: a == Times(k, d)
  requires exists k :: b == Times(k, d)
  ensures exists k :: a + b == Times(k, d)
{
}

// ... and every product with a multiple is a multiple again.
lemma MultiplesScale(d: int, a: int, c: int)
  requires exists k :: a == Times(k, d)
  ensures exists k :: c * a == Times(k, d)
{
}

// No number is above all squares.
lemma SquaresAreUnbounded(n: int)
  ensures exists k :: Times(k, k) > n
{
}
