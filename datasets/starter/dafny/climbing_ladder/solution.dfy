// A fast-growing function in the manner of Ackermann, the level given last.

function Climb(x: nat, level: nat): nat
  decreases level, x
{
  if level == 0 then x + 2
  else if x == 0 then Climb(1, level - 1)
  else Climb(Climb(x - 1, level), level - 1)
}

lemma ClimbRises(x: nat, level: nat)
  ensures Climb(x, level) >= x + 2
  decreases level, x
{
  if level > 0 {
    if x == 0 {
      ClimbRises(1, level - 1);
    } else {
      ClimbRises(x - 1, level);
      ClimbRises(Climb(x - 1, level), level - 1);
    }
  }
}
