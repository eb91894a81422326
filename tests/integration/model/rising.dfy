// A fast-growing function under other names, with other constants.
function Tower(width: nat, floors: nat): nat
{
  if floors == 0 then width + 3
  else if width == 0 then Tower(2, floors - 1)
  else Tower(Tower(width - 1, floors), floors - 1)
}

lemma TowerRises(width: nat, floors: nat)
  ensures Tower(width, floors) >= width + 3
{
}
