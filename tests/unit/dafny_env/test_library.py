"""What of the included files is offered to policies, and what the interpreter makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from environment_base import Bench, body

from dafny_env.gate.surroundings import read_surroundings
from dafny_env.interp.trace import Tracer, Traces
from dafny_env.library import Library
from dafny_env.steps import DafnyGoal
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.type_table import TypeTable

LIB = """\
function Size(t: Tree): nat { match t case Leaf => 0 case Node(l, r) => Size(l) + One + Size(r) }
datatype Tree = Leaf | Node(left: Tree, right: Tree)
const One: nat := 1
function Unused(t: Tree): int { 0 }
lemma SizeOfNode(l: Tree, r: Tree) ensures Size(Node(l, r)) > Size(l) { }
lemma OfUnused(n: int) ensures Elsewhere(n) == 0 { }
lemma Arithmetic(x: int, y: int) ensures x * y == y * x { }
function Elsewhere(n: int): int { 0 }
module Named { function Hidden(n: nat): nat { n } }
module Opened { function Seen(n: nat): nat { n } }
"""


def offered(text: str, *included: str) -> list[str]:
    return [str(getattr(d, "name", "")) for d in Library(tuple(map(parse, included))).offered(parse(text))]


def test_what_a_file_mentions_is_offered_with_all_that_this_needs_and_the_lemmas_about_it() -> None:
    assert offered("method M(n: nat) requires n == Size(Leaf) { }", LIB) == [
        "Size",
        "Tree",
        "One",
        "SizeOfNode",
        "Arithmetic",
    ]


def test_members_of_modules_are_offered_where_the_module_is_opened() -> None:
    text = "method M(n: nat) requires Hidden(n) == Seen(n) { }"
    assert offered(text, LIB) == ["Arithmetic"]
    assert offered(f"import opened Opened\n{text}", LIB) == ["Arithmetic", "Seen"]
    assert offered(f"module Mine {{ import opened O = Opened {text} }}", LIB) == ["Arithmetic", "Seen"]
    assert "Seen" in offered(text, LIB, "import opened Opened")


def test_nothing_included_nothing_offered() -> None:
    assert offered("method M(n: nat) requires n == Size(Leaf) { }") == []


def test_a_type_table_knows_the_offered_declarations_behind_the_files_own() -> None:
    own = parse("predicate Size(n: int) { true } method M(t: Tree) requires One == 1 { }")
    table = TypeTable(own, Library((parse(LIB),)).offered(own))
    assert table.functions["Size"].kind == "predicate"
    assert set(table.constructors) == {"Leaf", "Node"}
    assert table.fields["One"] == ast.Type("nat")
    assert "SizeOfNode" in table.callables and "Unused" not in table.callables


# ------------------------------------------------------------------------------------------------------------- goals


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    """A folder with includes in all directions: down, up, across and round."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.dfy").write_text('include "sub/b.dfy"\nfunction A(n: nat): nat { B(n) }\n')
    (tmp_path / "sub" / "b.dfy").write_text(
        'include "../c.dfy"\ninclude "../a.dfy"\nfunction B(n: nat): nat { C(n) }\n'
    )
    (tmp_path / "c.dfy").write_text("function C(n: nat): nat { n }\n")
    return tmp_path


def names(goal: DafnyGoal) -> set[str]:
    return {str(getattr(d, "name", "")) for p in goal.library.programs for d in p.decls if isinstance(d, ast.Callable)}


def test_every_file_is_read_once_whatever_its_path_is_written_like(nested: Path) -> None:
    found = read_surroundings(parse('include "a.dfy"\ninclude "c.dfy"\ninclude "sub/../a.dfy"'), nested)
    assert sorted(f.path.name for f in found.files) == ["a.dfy", "b.dfy", "c.dfy"]
    assert found.missing == ()


def test_goals_and_their_subgoals_bring_what_is_included_and_it_is_no_goal_itself(nested: Path) -> None:
    text = 'include "a.dfy"\n\nlemma L(n: nat)\n  ensures A(n) == n\n'
    tried = Bench(text, options={"folder": nested})
    (root,) = tried.roots
    assert names(root.payload) == {"A", "B", "C"}
    step = body(root, "{ H(n); assume A(n) == n; }", "lemma H(n: nat) ensures B(n) == n")
    subgoals = tried.subgoals(root, step)
    assert len(subgoals) == 2
    assert all(sub.payload.library is root.payload.library for sub in subgoals)


def test_the_files_are_not_read_again_for_a_goal(nested: Path) -> None:
    tried = Bench('include "a.dfy"\nlemma L(n: nat) ensures A(n) == n\n', options={"folder": nested})
    for file in ("a.dfy", "c.dfy", "sub/b.dfy"):
        (nested / file).unlink()
    goal = tried.roots[0].payload
    assert {getattr(d, "name", "") for d in goal.library.offered(tried.environment.program)} == {"A", "B", "C"}


# -------------------------------------------------------------------------------------------------------- interpreter


def collect(text: str, *included: str) -> Traces:
    program = parse(text)
    method = next(d for d in program.decls if isinstance(d, ast.Callable) and d.name == "M")
    return Tracer(program, tuple(map(parse, included))).collect(method, inputs=10)


def test_included_functions_types_and_constants_are_evaluated() -> None:
    text = "method M(t: Tree) returns (n: nat) requires t != Leaf ensures n == Size(t) { n := Size(t) * One; }"
    traces = collect(text, LIB)
    assert traces.problem is None and len(traces.runs) == 10 and not traces.violations


def test_loops_of_included_methods_run_unobserved() -> None:
    lib = "method Up(n: nat) returns (r: nat) { r := 0; while r < n { r := r + 1; } }"
    text = "method M(n: nat) returns (r: nat) ensures r == n { r := Up(n); while false { } }"
    assert lib.index("while") != text.index("while")
    traces = collect(text, lib)
    assert len(traces.runs) == 10 and not traces.violations
    assert list(traces.at_loop) == [text.index("while")]


def test_a_files_own_declaration_is_meant_where_an_included_one_stands_at_the_same_place() -> None:
    lib = "class C { method M(n: nat) { } }"
    text = "class D { method M(n: bool) { } }"
    (cls,) = parse(text).decls
    assert isinstance(cls, ast.ClassLike) and isinstance(cls.members[0], ast.Callable)
    traces = Tracer(parse(text), (parse(lib),)).collect(cls.members[0], inputs=5)
    assert {type(value) for run in traces.runs for value in run.pre.variables.values()} == {bool}
