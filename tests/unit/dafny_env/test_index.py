"""Names of declarations as the verifier prints them, and what depends on what."""

from dafny_env.gate.verified import trace_names
from dafny_env.index import Dependencies, callables, dependencies, mentioned
from dafny_env.syntax.parser import parse

PROGRAM = parse("""\
module M {
  module N { lemma Deep() { } }
  class C {
    constructor (x: int) { }
    constructor Init() { }
    method Go() { }
  }
  datatype D = D0 | D1 { function Size(): int { 1 } }
}
iterator Count(n: nat) { }
function F(): int { 1 }
function F(): int { 2 }
""")


def test_qualified_names_cover_members_and_constructors() -> None:
    assert list(callables(PROGRAM)) == [
        *("M.N.Deep", "M.C._ctor", "M.C.Init", "M.C.Go", "M.D.Size", "Count", "F"),
    ]


def test_of_equal_names_the_first_wins_and_scopes_are_told() -> None:
    index = callables(PROGRAM)
    assert PROGRAM.text[slice(*index["F"].decl.span)] == "function F(): int { 1 }"
    assert (index["M.C.Go"].scope, index["F"].scope) == ("M.C", "")
    assert getattr(index["M.C.Go"].owner, "name", None) == "C"


def test_the_trace_shows_the_last_module_only() -> None:
    names = trace_names(PROGRAM)
    assert (names["M.N.Deep"], names["M.C._ctor"]) == ("N.Deep", "M.C._ctor")


USES = parse("""\
type Small = x: int | Limit(x) witness Least()
function Limit(x: int): bool
function Least(): int
const Base: int := Start()
function Start(): int
class C { constructor () ensures Ready() { } constructor Init() { } }
function Ready(): bool
datatype List = Nil | Cons(head: Small, tail: List)
method Takes(s: Small) { }
method Holds(l: List) { }
method Reads() returns (x: int) { x := Base; }
method Makes() { var c := new C(); }
method Makes2() { var c := new C.Init(); }
method Has(c: C) { }
method Calls(c: C) { Has(c); Takes(3); }
method Alone() { Alone(); }
""")


def test_dependencies_follow_calls_types_constants_and_constructors() -> None:
    def of(name: str) -> set[str]:
        return set(dependencies(USES, name))

    assert of("Takes") == {"Limit", "Least"} == of("Holds")
    assert of("Reads") == {"Start"}
    assert of("Makes") == {"C._ctor", "Ready"}
    assert of("Makes2") == {"C.Init"}
    assert of("Has") == set() == of("Alone")
    assert of("Calls") == {"Has", "Takes", "Limit", "Least"}


def test_dependents_are_the_other_way_round() -> None:
    both = Dependencies(USES)
    names = list(callables(USES))
    assert {(a, b) for a in names for b in both.of(a)} == {(a, b) for b in names for a in both.on(b)}


def test_what_is_not_declared_has_no_dependencies() -> None:
    assert dependencies(USES, "Nowhere") == frozenset()


def test_names_are_mentioned_as_identifiers_members_and_types() -> None:
    node = parse("method M(x: seq<A.B>) { c.f(y).g := new K(z); }").decls[0]
    assert mentioned(node) >= {"A", "B", "c", "f", "y", "g", "K", "new K", "z"}
