"""Small programs run to their results, with the states at their loop heads."""

from __future__ import annotations

import pytest

from dafny_env.interp.outcome import OutOfFuel, Stuck, Unsupported
from dafny_env.interp.trace import RunRecord, State, Tracer, Traces
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse, parse_expression

SEARCH = """
method BinarySearch(a: array<int>, key: int) returns (r: int)
  requires forall i, j :: 0 <= i < j < a.Length ==> a[i] <= a[j]
  ensures 0 <= r ==> r < a.Length && a[r] == key
  ensures r < 0 ==> key !in a[..]
{
  var lo, hi := 0, a.Length;
  while lo < hi
    invariant 0 <= lo <= hi <= a.Length
    invariant key !in a[..lo] && key !in a[hi..]
  {
    var mid := (lo + hi) / 2;
    if a[mid] < key { lo := mid + 1; }
    else if key < a[mid] { hi := mid; }
    else { return mid; }
  }
  return -1;
}
"""

SORT = """
predicate Sorted(s: seq<int>) { forall i, j :: 0 <= i < j < |s| ==> s[i] <= s[j] }
method InsertionSort(a: array<int>)
  modifies a
  ensures Sorted(a[..])
  ensures multiset(a[..]) == multiset(old(a[..]))
{
  for i := 0 to a.Length
    invariant Sorted(a[..i])
    invariant multiset(a[..]) == old(multiset(a[..]))
  {
    var j := i;
    while j > 0 && a[j - 1] > a[j]
      invariant 0 <= j <= i
    {
      a[j - 1], a[j] := a[j], a[j - 1];
      j := j - 1;
    }
  }
}
"""

GCD = """
function Gcd(a: nat, b: nat): nat requires a > 0 || b > 0 decreases b { if b == 0 then a else Gcd(b, a % b) }
method Euclid(m: nat, n: nat) returns (g: nat)
  requires m > 0 && n > 0
  ensures g == Gcd(m, n)
{
  var x, y := m, n;
  while y != 0
    invariant x > 0 || y > 0
    invariant Gcd(x, y) == Gcd(m, n)
  { x, y := y, x % y; }
  g := x;
}
"""

COUNTER = """
class Counter {
  var value: int
  ghost var history: seq<int>
  predicate Valid() reads this { |history| > 0 && history[|history| - 1] == value }
  constructor (start: int) ensures Valid() { value := start; history := [start]; }
  method Add(n: nat)
    requires Valid()
    modifies this
    ensures Valid() && value == old(value) + n
  {
    var k := 0;
    while k < n
      invariant 0 <= k <= n && value == old(value) + k
      invariant Valid()
    { value := value + 1; history := history + [value]; k := k + 1; }
  }
}
method Use() returns (r: int)
{
  var c := new Counter(3);
  var d := c;
  c.Add(2);
  d.Add(1);
  r := c.value;
}
"""

ALL = {"search": SEARCH, "sort": SORT, "gcd": GCD, "counter": COUNTER}


def methods(program: ast.Program) -> list[ast.Callable]:
    found: list[ast.Callable] = []
    for decl in program.decls:
        inside = decl.members if isinstance(decl, ast.ClassLike) else (decl,)
        found += [d for d in inside if isinstance(d, ast.Callable) and isinstance(d.body, ast.Block)]
    return found


def loops(statement: object) -> list[ast.While | ast.For]:
    found: list[ast.While | ast.For] = []
    if isinstance(statement, ast.While | ast.For):
        found.append(statement)
        found += loops(statement.body)
    elif isinstance(statement, ast.Block):
        for inner in statement.body:
            found += loops(inner)
    return found


def collect(text: str, name: str, inputs: int = 30) -> tuple[Tracer, Traces, ast.Callable]:
    program = parse(text)
    assert program.problems == ()
    method = next(m for m in methods(program) if m.name == name)
    tracer = Tracer(program)
    return tracer, tracer.collect(method, inputs=inputs, seconds=30), method


def run(body: str, declarations: str = "") -> RunRecord:
    _, traces, _ = collect(f"{declarations}\nmethod M() returns (r: int)\n{{\n{body}\n}}\n", "M", inputs=1)
    return traces.runs[0]


def expression(text: str) -> ast.Expr:
    parsed = parse_expression(text)
    assert isinstance(parsed, ast.Expr)
    return parsed


@pytest.mark.parametrize("name", ALL)
def test_verified_programs_keep_their_promises(name: str) -> None:
    program = parse(ALL[name])
    tracer = Tracer(program)
    for method in methods(program):
        traces = tracer.collect(method, inputs=30, seconds=30)
        assert traces.problem is None
        assert traces.violations == []
        assert not [r for r in traces.runs if isinstance(r.result, Stuck)]
        for loop in loops(method.body):
            states = traces.at_loop[loop.span.start]
            assert len(states) > 10
            for clause in loop.clauses:
                assert {tracer.holds(clause.exprs[0], state) for state in states} == {True}


def test_false_candidates_are_false_at_some_loop_head() -> None:
    tracer, traces, method = collect(SEARCH, "BinarySearch")
    (loop,) = loops(method.body)
    states = traces.at_loop[loop.span.start]
    for candidate in ("lo == 0", "hi == a.Length", "lo < hi", "lo + hi == a.Length", "key in a[lo..hi]"):
        expr = expression(candidate)
        assert False in {tracer.holds(expr, state) for state in states}, candidate


def test_a_candidate_without_value_is_neither_true_nor_false() -> None:
    tracer, traces, method = collect(SEARCH, "BinarySearch")
    (loop,) = loops(method.body)
    at_exit = [s for s in traces.at_loop[loop.span.start] if s.value("hi") == 0]
    assert at_exit
    assert all(tracer.holds(expression("a[hi - 1] == key"), state) is None for state in at_exit)
    assert tracer.holds(expression("unheard_of > 0"), at_exit[0]) is None


def test_the_head_is_seen_before_every_guard_and_at_the_exit() -> None:
    _, traces, _ = collect("method M() { var i := 0; while i < 3 { i := i + 1; } }", "M", inputs=1)
    ((states),) = traces.at_loop.values()
    assert [s.value("i") for s in states] == [0, 1, 2, 3]


@pytest.mark.parametrize(("header", "seen"), [("i := 1 to 3", [1, 2, 3]), ("i := 3 downto 1", [3, 2, 1])])
def test_for_loops_show_their_variable_at_the_head(header: str, seen: list[int]) -> None:
    _, traces, _ = collect(f"method M() {{ for {header} {{ }} }}", "M", inputs=1)
    ((states),) = traces.at_loop.values()
    assert [s.value("i") for s in states] == seen


def test_a_snapshot_is_not_disturbed_by_later_writes() -> None:
    tracer, traces, _ = collect(
        "method M() { var a := new int[1](_ => 0); while a[0] < 2 { a[0] := a[0] + 1; } }", "M", inputs=1
    )
    ((states),) = traces.at_loop.values()
    assert [tracer.evaluate(expression("a[0]"), s) for s in states] == [0, 1, 2]
    assert [s.rendered()["a"] for s in states] == ["array[0]", "array[1]", "array[2]"]


def test_aliases_share_their_contents() -> None:
    _, traces, _ = collect(COUNTER, "Use", inputs=1)
    assert traces.runs[0].result == (6,)


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("var x, y := 1, 2; x, y := y, x; r := 10 * x + y;", 21),
        ("var i := 0; while true { i := i + 1; if i == 4 { break; } } r := i;", 4),
        (
            "var i := 0; label L: while i < 9 { var j := 0; while j < 9 { if i + j == 5 { break L; } j := j + 1; } "
            "i := i + 1; } r := i;",
            0,
        ),
        ("r := 0; for i := 0 to 5 { if i == 2 { continue; } r := r + i; }", 8),
        ("var a := new int[3]; forall i | 0 <= i < 3 { a[i] := 2 * i; } r := a[2];", 4),
        ("var a := new int[4](i => i); forall i | 0 <= i < 3 { a[i] := a[i + 1]; } r := a[0] + 10 * a[2];", 31),
        ("var m := new int[2, 3]; m[1, 2] := 7; r := m[1, 2] + m.Length1;", 10),
        ("var x := 3; { var x := 4; x := x + 1; } r := x;", 3),
        ("var x :| x in {4, 5}; r := x;", 4),
        ("var (p, q) := (3, 4); r := p * q;", 12),
        ("match 2 { case 1 => r := 10; case _ => r := 20; }", 20),
        ("var a := new int[2](_ => 1); label L: a[0] := 5; r := old@L(a[0]) + a[0];", 6),
        ("r := Two().1;", 2),
        ("var x, y := Pair(1); r := 10 * x + y;", 12),
        ("if { case true => r := 5; }", 5),
        ("r := 0; while { case r < 3 => r := r + 1; }", 3),
    ],
)
def test_statements(body: str, result: int) -> None:
    declarations = """
    function Two(): (int, int) { (1, 2) }
    method Pair(x: int) returns (a: int, b: int) { a := x; b := x + 1; }
    """
    assert run(body, declarations).result == (result,)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("while true { r := 1; }", OutOfFuel),
        ("r := 1 / 0;", Stuck),
        ("var a := new int[1]; a[1] := 0;", Stuck),
        ("r := 0; assume r == 1;", Stuck),
        ("Bodyless();", Unsupported),
        ("if Opaque(3) { r := 1; }", Unsupported),
        ("Recursive(0);", OutOfFuel),
    ],
)
def test_runs_end_early_with_a_reason(body: str, kind: type) -> None:
    declarations = "method Bodyless()\npredicate Opaque(n: int)\nmethod Recursive(n: int) { Recursive(n + 1); }"
    assert isinstance(run(body, declarations).result, kind)


def test_ghost_code_that_cannot_be_evaluated_spoils_only_what_reads_it() -> None:
    body = "ghost var g := Opaque(3); ghost var h := 4; r := 1; while r < 3 { r := r + 1; }"
    tracer, traces, _ = collect(f"function Opaque(n: int): int\nmethod M() returns (r: int) {{ {body} }}", "M", 1)
    ((states),) = traces.at_loop.values()
    state: State = states[0]
    assert (state.value("g"), state.value("h"), state.value("r")) == (None, 4, 1)
    assert tracer.holds(expression("g > 0"), state) is None
    assert traces.runs[0].result == (3,)


def test_what_the_program_leaves_open_takes_several_values() -> None:
    _, traces, _ = collect("method M() returns (r: int) { var a := new int[1]; r := a[0]; }", "M", 40)
    assert len({run_.result for run_ in traces.runs if isinstance(run_.result, tuple)}) > 3


def test_a_false_postcondition_is_noted() -> None:
    _, traces, method = collect("method M(x: int) returns (r: int) ensures r > x { r := x + x; }", "M")
    assert traces.violations
    assert all(v.violated == (method.clauses[0].exprs[0],) for v in traces.violations)


def test_equal_seeds_give_equal_runs() -> None:
    program = parse(SEARCH)
    shown = [
        [r.pre.rendered() for r in Tracer(program, seed=5).collect(methods(program)[0], seconds=30).runs] for _ in "ab"
    ]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 40
