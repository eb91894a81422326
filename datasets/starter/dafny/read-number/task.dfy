// Decimal numbers, the highest digit first.
function Value(digits: seq<nat>): nat
{
  if |digits| == 0 then 0
  else 10 * Value(digits[..|digits| - 1]) + digits[|digits| - 1]
}

// What a reader does that sees one digit at a time.
function ReadOn(digits: seq<nat>, soFar: nat): nat
{
  if |digits| == 0 then soFar else ReadOn(digits[1..], 10 * soFar + digits[0])
}

lemma ReadingGivesTheValue(digits: seq<nat>)
  ensures ReadOn(digits, 0) == Value(digits)
{
}
