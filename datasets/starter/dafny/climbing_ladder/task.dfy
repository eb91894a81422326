// A fast-growing function in the manner of Ackermann, the level given last.

function Climb(x: nat, level: nat): nat
{
  if level == 0 then x + 2
  else if x == 0 then Climb(1, level - 1)
  else Climb(Climb(x - 1, level), level - 1)
}

lemma ClimbRises(x: nat, level: nat)
  ensures Climb(x, level) >= x + 2
{
}
