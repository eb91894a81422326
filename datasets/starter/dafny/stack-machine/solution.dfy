datatype Expr = Num(n: int) | Plus(l: Expr, r: Expr) | Minus(l: Expr, r: Expr)
datatype Op = Push(n: int) | Add | Sub

function Eval(e: Expr): int
{
  match e
  case Num(n) => n
  case Plus(l, r) => Eval(l) + Eval(r)
  case Minus(l, r) => Eval(l) - Eval(r)
}

function Compile(e: Expr): seq<Op>
{
  match e
  case Num(n) => [Push(n)]
  case Plus(l, r) => Compile(l) + Compile(r) + [Add]
  case Minus(l, r) => Compile(l) + Compile(r) + [Sub]
}

// The top of the stack is its first element. Where an operand is missing, the machine stops with an empty stack.
function Run(code: seq<Op>, stack: seq<int>): seq<int>
{
  if |code| == 0 then stack
  else match code[0]
    case Push(n) => Run(code[1..], [n] + stack)
    case Add => if |stack| < 2 then [] else Run(code[1..], [stack[1] + stack[0]] + stack[2..])
    case Sub => if |stack| < 2 then [] else Run(code[1..], [stack[1] - stack[0]] + stack[2..])
}

lemma RunOn(e: Expr, rest: seq<Op>, stack: seq<int>)
  ensures Run(Compile(e) + rest, stack) == Run(rest, [Eval(e)] + stack)
  decreases e
{
  match e
  case Num(n) =>
    assert ([Push(n)] + rest)[1..] == rest;
  case Plus(l, r) =>
    assert Compile(e) + rest == Compile(l) + (Compile(r) + ([Add] + rest));
    RunOn(l, Compile(r) + ([Add] + rest), stack);
    RunOn(r, [Add] + rest, [Eval(l)] + stack);
    LastStep(Add, rest, Eval(l), Eval(r), stack);
  case Minus(l, r) =>
    assert Compile(e) + rest == Compile(l) + (Compile(r) + ([Sub] + rest));
    RunOn(l, Compile(r) + ([Sub] + rest), stack);
    RunOn(r, [Sub] + rest, [Eval(l)] + stack);
    LastStep(Sub, rest, Eval(l), Eval(r), stack);
}

lemma LastStep(op: Op, rest: seq<Op>, left: int, right: int, stack: seq<int>)
  requires op.Add? || op.Sub?
  ensures Run([op] + rest, [right] + ([left] + stack)) ==
    Run(rest, [if op.Add? then left + right else left - right] + stack)
{
  assert ([op] + rest)[1..] == rest;
  assert ([right] + ([left] + stack))[2..] == stack;
}

lemma CompilerIsCorrect(e: Expr)
  ensures Run(Compile(e), []) == [Eval(e)]
{
  assert Compile(e) + [] == Compile(e);
  RunOn(e, [], []);
}

method Execute(code: seq<Op>, start: seq<int>) returns (stack: seq<int>)
  ensures stack == Run(code, start)
{
  stack := start;
  var pc := 0;
  while pc < |code|
    invariant pc <= |code|
    invariant Run(code[pc..], stack) == Run(code, start)
  {
    match code[pc] {
      case Push(n) =>
        stack := [n] + stack;
      case Add =>
        if |stack| < 2 {
          return [];
        }
        stack := [stack[1] + stack[0]] + stack[2..];
      case Sub =>
        if |stack| < 2 {
          return [];
        }
        stack := [stack[1] - stack[0]] + stack[2..];
    }
    pc := pc + 1;
  }
}

method RunCompiled(code: seq<Op>, ghost e: Expr) returns (v: int)
  requires code == Compile(e)
  ensures v == Eval(e)
{
  CompilerIsCorrect(e);
  var stack := Execute(code, []);
  v := stack[0];
}
