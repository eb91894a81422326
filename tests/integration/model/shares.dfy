// Division by subtraction under other names, the statements of the loop the other way round.
method Shares(apples: nat, children: nat) returns (each: nat, over: nat)
  requires children > 0
  ensures apples == each * children + over
  ensures over < children
{
  each := 0;
  over := apples;
  while over >= children
  {
    each := each + 1;
    over := over - children;
  }
}
