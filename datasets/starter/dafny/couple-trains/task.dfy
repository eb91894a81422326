datatype Train = Engine | Car(load: nat, rest: Train)

// The back train is hooked on where the front one ends.
function Couple(front: Train, back: Train): Train
{
  match front
  case Engine => back
  case Car(load, rest) => Car(load, Couple(rest, back))
}

function Weight(t: Train): nat
{
  match t
  case Engine => 0
  case Car(load, rest) => load + Weight(rest)
}

method Weigh(t: Train) returns (w: nat)
  ensures w == Weight(t)
{
  w := 0;
  var cur := t;
  while cur.Car?
  {
    w := w + cur.load;
    cur := cur.rest;
  }
}

method CoupleTrains(front: Train, back: Train) returns (t: Train)
  ensures t == Couple(front, back)
{
  match front {
    case Engine =>
      t := back;
    case Car(load, rest) =>
      var tail := CoupleTrains(rest, back);
      t := Car(load, tail);
  }
}

// Weighs the trains before they are coupled.
method Shunt(front: Train, back: Train, limit: nat) returns (t: Train, allowed: bool)
  ensures t == Couple(front, back)
  ensures allowed <==> Weight(t) <= limit
{
  var f := Weigh(front);
  var b := Weigh(back);
  allowed := f + b <= limit;
  t := CoupleTrains(front, back);
}
