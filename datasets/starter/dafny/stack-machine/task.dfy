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

lemma CompilerIsCorrect(e: Expr)
  ensures Run(Compile(e), []) == [Eval(e)]
{
}

method Execute(code: seq<Op>, start: seq<int>) returns (stack: seq<int>)
  ensures stack == Run(code, start)
{
  stack := start;
  var pc := 0;
  while pc < |code|
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
  var stack := Execute(code, []);
  v := stack[0];
}
