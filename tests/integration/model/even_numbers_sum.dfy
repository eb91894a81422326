// The sum of the first even numbers instead of the odd ones.
function Evens(count: nat): nat
{
  if count == 0 then 0 else Evens(count - 1) + 2 * count
}

lemma EvensAreOblong(count: nat)
  ensures Evens(count) == count * (count + 1)

lemma EvensRise(count: nat)
  ensures Evens(count) >= count
