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

lemma ReadOneMore(digits: seq<nat>, last: nat, soFar: nat)
  ensures ReadOn(digits + [last], soFar) == 10 * ReadOn(digits, soFar) + last
  decreases |digits|
{
  if |digits| > 0 {
    assert (digits + [last])[1..] == digits[1..] + [last];
    ReadOneMore(digits[1..], last, 10 * soFar + digits[0]);
  } else {
    assert digits + [last] == [last];
    assert ReadOn([last], soFar) == ReadOn([last][1..], 10 * soFar + last);
  }
}

lemma ReadingGivesTheValue(digits: seq<nat>)
  ensures ReadOn(digits, 0) == Value(digits)
{
  if |digits| > 0 {
    var init, last := digits[..|digits| - 1], digits[|digits| - 1];
    assert digits == init + [last];
    ReadingGivesTheValue(init);
    ReadOneMore(init, last, 0);
  }
}
