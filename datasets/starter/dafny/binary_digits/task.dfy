// Bit sequences have the lowest digit first.

function TwoTo(n: nat): nat
{
  if n == 0 then 1 else 2 * TwoTo(n - 1)
}

function Value(bits: seq<bool>): nat
{
  if |bits| == 0 then 0 else (if bits[0] then 1 else 0) + 2 * Value(bits[1..])
}

lemma ValueOfTopDigit(bits: seq<bool>, top: bool)
  ensures Value(bits + [top]) == Value(bits) + (if top then TwoTo(|bits|) else 0)
{
}

lemma ValueIsBounded(bits: seq<bool>)
  ensures Value(bits) < TwoTo(|bits|)

method Digits(n: nat) returns (bits: seq<bool>)
  ensures Value(bits) == n
{
  bits := [];
  var m := n;
  while m > 0
  {
    bits := bits + [m % 2 == 1];
    m := m / 2;
  }
}
