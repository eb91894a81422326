// Cans stacked in rows of 1, 2, 3, ...

function Triangle(rows: nat): nat
{
  if rows == 0 then 0 else rows + Triangle(rows - 1)
}

lemma TriangleClosedForm(rows: nat)
  ensures 2 * Triangle(rows) == rows * (rows + 1)
{
  if rows > 0 {
    TriangleClosedForm(rows - 1);
  }
}

method StackCans(rows: nat) returns (cans: nat)
  ensures 2 * cans == rows * (rows + 1)
{
  cans := 0;
  for i := 0 to rows
    invariant cans == Triangle(i)
  {
    cans := cans + i + 1;
  }
  TriangleClosedForm(rows);
}

method UnstackCans(rows: nat) returns (cans: nat)
  ensures cans == Triangle(rows)
{
  cans := 0;
  for i := rows downto 0
    invariant cans + Triangle(i) == Triangle(rows)
  {
    cans := cans + i + 1;
  }
}

method CountsAgree(rows: nat) returns (agree: bool)
  ensures agree
{
  var stacked := StackCans(rows);
  TriangleClosedForm(rows);
  agree := stacked == Triangle(rows);
}
