"""Reading the verifier's models, and making inputs of what they say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafny_env.interp.arbitrary import Arbitrary, Knobs
from dafny_env.interp.machine import Heap, Machine
from dafny_env.interp.outcome import Unsupported
from dafny_env.interp.values import render
from dafny_env.interp.world import World
from dafny_env.refute.model import Model, number, read_models
from dafny_env.refute.partial import Completing, Partial
from dafny_env.refute.printed import read_printed
from dafny_env.refute.reading import initial_values
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse

PROGRAM = parse("""
datatype List = Nil | Cons(head: int, tail: List)
class C { var v: int var next: C? constructor () { } }
method M(x: int, b: bool, r: real, c: char, s: seq<int>, t: set<int>, m: map<int, bool>, l: List, a: array<int>, o: C,
  n: C?, p: (int, bool), u: seq<seq<int>>, k: multiset<int>)
""")

TEXT = """\
some line before
*** MODEL
##_module.List.Cons -> T@U!val!47
##_module.List.Nil -> T@U!val!45
_module.C.v -> T@U!val!65
_module.C.next -> T@U!val!66
null -> T@U!val!58
x#0@@1 -> (- 12)
$Unbox -> {
  T@T!val!0 T@U!val!82 -> 17
  T@T!val!0 T@U!val!97 -> 3
  T@T!val!2 T@U!val!90 -> true
  T@T!val!20 T@U!val!99 -> T@U!val!72
  else -> 17
}
[2] -> {
  T@U!val!73 T@U!val!97 -> true
  T@U!val!73 T@U!val!82 -> false
  T@U!val!87 T@U!val!97 -> true
  T@U!val!88 T@U!val!97 -> T@U!val!90
  T@U!val!75 T@U!val!82 -> 2
  else -> true
}
[3] -> {
  T@U!val!70 T@U!val!71 T@U!val!84 -> T@U!val!97
  T@U!val!70 T@U!val!74 T@U!val!65 -> 77
  T@U!val!70 T@U!val!74 T@U!val!66 -> T@U!val!58
  else -> true
}
_System.array.Length -> {
  T@U!val!71 -> 2
}
IndexField -> {
  1 -> T@U!val!84
  7 -> T@U!val!84
}
Seq#Length -> {
  T@U!val!72 -> 2
  T@U!val!78 -> 1
}
Seq#Index -> {
  T@U!val!72 0 -> T@U!val!82
  T@U!val!72 5 -> T@U!val!97
  T@U!val!78 0 -> T@U!val!99
}
Map#Domain -> {
  T@U!val!76 -> T@U!val!87
}
Map#Elements -> {
  T@U!val!76 -> T@U!val!88
}
char#ToInt -> {
  T@U!val!69 -> 113
}
DatatypeCtorId -> {
  T@U!val!96 -> T@U!val!47
  T@U!val!95 -> T@U!val!45
}
_module.List.head -> {
  T@U!val!96 -> 12
}
_module.List.tail -> {
  T@U!val!96 -> T@U!val!95
}
#_System._tuple#2._#Make2 -> {
  T@U!val!97 T@U!val!90 -> T@U!val!60
}
*** STATE <initial>
  $Heap -> T@U!val!70
  x#0 -> (- 12)
  b#0 -> true
  r#0 -> (/ 1.0 4.0)
  c#0 -> T@U!val!69
  s#0 -> T@U!val!72
  t#0 -> T@U!val!73
  m#0 -> T@U!val!76
  l#0 -> T@U!val!96
  a#0 -> T@U!val!71
  o#0 -> T@U!val!74
  n#0 -> T@U!val!58
  p#0 -> T@U!val!60
  u#0 -> T@U!val!78
  k#0 -> T@U!val!75
  y#0 -> **y#0
*** END_STATE
*** STATE file.dfy(8,0): initial state
  x#0 -> 5
*** END_STATE
*** END_MODEL
*** MODEL
*** STATE <initial>
  x#0 -> **x#0
*** END_STATE
*** END_MODEL
"""


def machine() -> Machine:
    return Machine(World(PROGRAM), steps=100_000)


def known() -> dict[str, Partial]:
    m = machine()
    (model, _) = read_models(TEXT)
    return initial_values(model, m.world.symbols.callables[-1], m.world)


def test_a_model_says_what_parameters_are_at_the_start() -> None:
    found = known()
    assert (found["x"].value, found["b"].value, found["r"].value, found["c"].value) == (-12, True, Fraction(1, 4), "q")
    assert found["s"] == Partial(length=2, items={0: Partial(17)})  # an element beyond the length is none
    assert found["t"] == Partial(members=((Partial(3), 1),))
    assert found["k"] == Partial(members=((Partial(17), 2),))
    assert found["m"] == Partial(pairs=((Partial(3), Partial(True)),))
    assert found["l"] == Partial(ctor="Cons", args=(Partial(12), Partial(ctor="Nil")))
    assert found["p"] == Partial(ctor="(,)", args=(Partial(3), Partial(True)))
    assert found["u"] == Partial(length=1, items={0: found["s"]})
    assert found["a"] == Partial(identity="T@U!val!71", length=2, items={1: Partial(3)})
    assert found["o"].fields == {"v": Partial(77), "next": Partial(null=True)}
    assert found["n"].null


def test_a_model_that_says_nothing_is_empty() -> None:
    m = machine()
    assert initial_values(read_models(TEXT)[1], m.world.symbols.callables[-1], m.world) == {}


def test_values_are_completed_in_their_types() -> None:
    m = machine()
    heap = Heap()
    completing = Completing(Arbitrary(m, heap, Knobs()), cut=False)
    info = m.world.symbols.callables[-1]
    values = {
        formal.name: completing.value(known()[formal.name], formal.type, info.module) for formal in info.decl.params
    }
    assert values["s"][0] == 17 and len(values["s"]) == 2
    shown = {name: render(value, heap) for name, value in values.items()}
    assert shown["l"] == "Cons(12, Nil)" and shown["p"] == "(3, true)" and shown["t"] == "{3}"
    assert shown["a"].startswith("array[") and shown["a"].endswith(", 3]")
    assert shown["o"].endswith("{v := 77, next := null}") and shown["n"] == "null"


def test_equal_references_stay_one() -> None:
    m = machine()
    completing = Completing(Arbitrary(m, Heap(), Knobs()), cut=True)
    part, type_ = Partial(identity="a", length=1, items={0: Partial(3)}), ast.Type("array", (ast.Type("int"),))
    root = m.world.symbols.root
    assert completing.value(part, type_, root) is completing.value(part, type_, root)
    other = Partial(identity="b", length=1, items={0: Partial(3)})
    assert completing.value(part, type_, root) is not completing.value(other, type_, root)


def test_values_outside_of_their_types_are_refused() -> None:
    m = machine()
    completing = Completing(Arbitrary(m, Heap(), Knobs()), cut=False)
    with pytest.raises(Unsupported):
        completing.value(Partial(-3), ast.Type("nat"), m.world.symbols.root)
    with pytest.raises(Unsupported):
        completing.value(Partial(length=100_000), ast.Type("seq", (ast.Type("int"),)), m.world.symbols.root)


def test_cut_short_a_collection_has_little_more_than_is_known_of_it() -> None:
    m = machine()
    completing = Completing(Arbitrary(m, Heap(), Knobs()), cut=True)
    part, type_ = Partial(length=891, items={2: Partial(5)}), ast.Type("seq", (ast.Type("int"),))
    lengths = {len(completing.value(part, type_, m.world.symbols.root)) for _ in range(30)}
    assert min(lengths) == 3 and max(lengths) < 10 and len(lengths) > 1


@given(st.integers(), st.integers(1, 10**6))
def test_numbers_are_read_as_the_solver_writes_them(above: int, below: int) -> None:
    written = str(above) if above >= 0 else f"(- {-above})"
    assert number(written) == above
    quotient = f"(/ {abs(above)}.0 {below}.0)"
    assert number(quotient if above >= 0 else f"(- {quotient})") == Fraction(above, below)


@given(st.text(alphabet="*MODELSTA -> {}\n()#0x1", max_size=300))
def test_whatever_the_text_reading_does_not_fail(text: str) -> None:
    assert all(isinstance(model, Model) for model in read_models(text))
    assert isinstance(read_printed(text), list)
    assert number(text) is None or isinstance(number(text), int | Fraction)


OLD_FORM = """\
f.dfy(8,16): Error: This loop invariant might not be maintained by the loop.

Dafny program verifier finished with 1 verified, 1 error
Counterexample for first failing assertion:
f.dfy(2,2): initial state:
        a : _System.array?<int> = (Length := 3, [0] := 17, [2] := -4)
        n : int = 1237
        c : char = 'q'
        b : bool = true
f.dfy(6,14):
        n : int = 5
"""

NEW_FORM = """\
f.dfy(4,0): Error: a postcondition could not be proved on this return path
 Related counterexample:
 WARNING: the following counterexample may be inconsistent or invalid.
 f.dfy(4,0): initial state:
 assume 1000 == x && |s| == 2 && s[1] == -7 && true == b && a.Length == 3 && a != null && f(3) == 4;
 f.dfy(6,18):
 assume 1 == x;
"""


def test_both_forms_that_dafny_4_prints_are_read() -> None:
    (old,) = read_printed(OLD_FORM)
    assert old["n"].value == 1237 and old["c"].value == "q" and old["b"].value is True
    assert old["a"].length == 3 and old["a"].items == {0: Partial(17), 2: Partial(-4)}
    (new,) = read_printed(NEW_FORM)
    assert new["x"].value == 1000 and new["b"].value is True
    assert new["s"].length == 2 and new["s"].items == {1: Partial(-7)} and new["a"].length == 3
