"""Reading compiled modules: what is in them, what is equal, and that no file does any harm."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from olean_writer import BASE, Writer

from lean_project.olean.closure import Closure, Library, find_module, load_library
from lean_project.olean.compare import Difference, compare, is_numbered
from lean_project.olean.module import Module, Sort, load_module, read_module
from lean_project.olean.region import Malformed, UnknownFormat
from lean_project.olean.terms import Terms, simple_parts


def sample(leaf: int = 3, name: str = "x", version: int = 2) -> bytes:
    """An axiom, a definition and a theorem, with one import."""
    w = Writer(version=version)
    prop, nat = w.sort(w.small(0)), w.const("Nat")
    value = w.lam(name, nat, w.mdata(w.app(w.const("f"), w.bound(0), w.lit(leaf))))
    constants = {
        "ax": w.axiom("ax", prop),
        "A.d": w.definition("A.d", w.pi(name, nat, nat), value),
        "t": w.theorem("t", w.app(w.const("Eq"), w.const("A.d")), w.app(w.const("ax"), w.lit(1 << 70))),
    }
    return w.module(constants, ["Init"])


def module(data: bytes, terms: Terms) -> Module:
    found = read_module(data, terms)
    assert isinstance(found, Module), found
    return found


def test_what_is_in_a_module() -> None:
    terms = Terms()
    found = module(sample(), terms)
    assert (found.lean, found.imports, list(found.names)) == ("4.35.0", ("Init",), ["ax", "A.d", "t"])
    assert [found.constant(n).sort for n in found.names] == [Sort.AXIOM, Sort.DEFINITION, Sort.THEOREM]
    assert terms.constants(found.constant("t").type) == {"Eq", "A.d"}
    value = found.constant("t").value
    assert value is not None
    assert terms.nodes[terms.parts(value)[1]] == ("nat", 1 << 70)
    assert not found.is_module


def test_binders_and_metadata_do_not_count() -> None:
    terms = Terms()
    assert compare(module(sample(), terms), module(sample(name="another"), terms)) == []


def test_what_differs_is_told() -> None:
    terms = Terms()
    found = compare(module(sample(), terms), module(sample(leaf=4), terms))
    assert found == [Difference("A.d", "value"), Difference("t", "value", "A.d")]


def statement(build: Callable[[Writer], dict[str, int]]) -> Callable[[Terms], Module]:
    def made(terms: Terms) -> Module:
        w = Writer()
        return module(w.module(build(w)), terms)

    return made


def _proved(proof: str) -> Callable[[Writer], dict[str, int]]:
    def build(w: Writer) -> dict[str, int]:
        type_ = w.app(w.const("P"), w.lit(1))
        return {"t": w.theorem("t", type_, w.const(proof))}

    return build


def test_proofs_do_not_count() -> None:
    terms = Terms()
    assert compare(statement(_proved("a"))(terms), statement(_proved("b"))(terms)) == []


def _holding(argument: Callable[[Writer], int]) -> Callable[[Writer], dict[str, int]]:
    return lambda w: {"d": w.definition("d", w.const("T"), w.app(w.const("mk"), argument(w)))}


def _sorry(w: Writer, level: int, place: int = 1) -> int:
    return w.app(w.const("sorryAx", [level]), w.const("P"), w.const("false"), w.lit(place))


def test_a_proof_left_open_in_a_definition_may_be_any() -> None:
    terms = Terms()
    before = statement(_holding(lambda w: _sorry(w, w.small(0))))(terms)
    assert compare(before, statement(_holding(lambda w: w.const("proof")))(terms)) == []
    implicit = statement(_holding(lambda w: _sorry(w, w.made(3, w.param("u"), w.small(0), data=bytes(8)))))(terms)
    assert compare(implicit, statement(_holding(lambda w: w.const("proof")))(terms)) == []


def test_data_left_open_may_not_be_chosen_but_may_move() -> None:
    terms = Terms()

    def one(w: Writer) -> int:
        return w.made(1, w.small(0), data=bytes(8))

    before = statement(_holding(lambda w: _sorry(w, one(w))))(terms)
    assert compare(before, statement(_holding(lambda w: w.const("three")))(terms)) == [Difference("d", "value")]
    assert compare(before, statement(_holding(lambda w: _sorry(w, one(w), 2)))(terms)) == []

    def two(x: int, y: int) -> Callable[[Terms], Module]:
        return statement(_holding(lambda w: w.app(w.const("pair"), _sorry(w, one(w), x), _sorry(w, one(w), y))))

    assert compare(two(1, 2)(terms), two(5, 6)(terms)) == []
    assert compare(two(1, 2)(terms), two(5, 5)(terms)) == [Difference("d", "value")]
    assert compare(two(1, 2)(terms), two(1, 1)(terms)) == [Difference("d", "value")]
    assert compare(two(1, 1)(terms), two(5, 6)(terms)) == [Difference("d", "value")]


def test_kinds_parameters_and_new_axioms() -> None:
    terms = Terms()
    before = statement(lambda w: {"t": w.theorem("t", w.const("P"), w.const("p"))})(terms)
    as_axiom = statement(lambda w: {"t": w.axiom("t", w.const("P"))})(terms)
    assert compare(before, as_axiom) == [Difference("t", "kind")]
    universe = statement(lambda w: {"t": w.axiom("t", w.const("P"), ["u"])})(terms)
    assert compare(as_axiom, universe) == [Difference("t", "kind")]
    renamed = statement(lambda w: {"t": w.axiom("t", w.const("P"), ["v"])})(terms)
    assert compare(universe, renamed) == [Difference("t", "type")]
    more = statement(lambda w: {"t": w.axiom("t", w.const("P")), "x": w.axiom("x", w.const("P"))})(terms)
    assert compare(as_axiom, more) == [Difference("x", "axiom-added")]
    assert compare(more, as_axiom) == [Difference("x", "missing")]


def _with_helper(name: str, leaf: int, kind: str = "definition") -> Callable[[Writer], dict[str, int]]:
    def build(w: Writer) -> dict[str, int]:
        return {
            name: getattr(w, kind)(name, w.const("T"), w.lit(leaf)),
            "d": w.definition("d", w.const("T"), w.app(w.const("g"), w.const(name))),
        }

    return build


def test_helpers_may_have_other_names_not_other_content() -> None:
    terms = Terms()
    before = statement(_with_helper("d.match_1", 1))(terms)
    assert compare(before, statement(_with_helper("e.match_1", 1))(terms)) == []
    assert compare(before, statement(_with_helper("e.match_1", 2))(terms)) == [Difference("d", "value", "d.match_1")]
    assert compare(before, statement(_with_helper("e.match_1", 1, "theorem"))(terms)) == [Difference("d", "value")]
    proved = statement(_with_helper("d._proof_1", 1, "theorem"))(terms)
    assert compare(proved, statement(_with_helper("d._proof_2", 2, "theorem"))(terms)) == []


def test_what_the_original_defines_is_not_taken_from_elsewhere() -> None:
    terms = Terms()

    def using(name: str) -> Callable[[Writer], dict[str, int]]:
        return lambda w: {
            "k": w.definition("k", w.const("T"), w.lit(1)),
            "d": w.definition("d", w.const("T"), w.app(w.const("g"), w.const(name))),
        }

    assert compare(statement(using("k"))(terms), statement(using("k'"))(terms)) == [Difference("d", "value")]
    assert compare(statement(using("k'"))(terms), statement(using("k"))(terms)) == [Difference("d", "value")]


def test_details_count() -> None:
    terms = Terms()

    def quotient(kind: int) -> Module:
        return statement(lambda w: {"q": w.quotient("q", w.const("P"), kind)})(terms)

    one, other = quotient(1), quotient(2)
    assert compare(one, one) == []
    assert compare(one, other) == [Difference("q", "details")]


def test_names() -> None:
    terms = Terms()
    w = Writer()
    odd = w.made(1, w.name("A"), w.string("b.c"), data=bytes(8))
    found = module(w.module({"A.b.c": w.axiom("A.b.c", w.const("P")), "A.3": w.axiom("A.3", w.const("P"))}), terms)
    assert list(found.names) == ["A.b.c", "A.3"]
    assert Module is not None and odd
    assert simple_parts("A.«b.c».«x»»y».3") == ("A", "b.c", "x»y", "3")
    assert is_numbered("f.match_1") and is_numbered("_private.M.0.f._proof_3")
    assert not is_numbered("_private.M.0.f") and not is_numbered("f.matches")


def _deep(kind: str, depth: int, leaf: str) -> Callable[[Writer], dict[str, int]]:
    def build(w: Writer) -> dict[str, int]:
        at = w.const(leaf)
        for _ in range(depth):
            at = w.app(at, at) if kind == "shared" else w.pi("x", w.const("Nat"), at)
        return {"d": w.definition("d", w.const("T"), at)}

    return build


@pytest.mark.parametrize("kind", ["shared", "long"])
def test_shared_and_deep_terms_take_time_in_proportion(kind: str) -> None:
    terms = Terms()
    before = statement(_deep(kind, 5000, "a"))(terms)
    assert compare(before, statement(_deep(kind, 5000, "a"))(terms)) == []
    assert compare(before, statement(_deep(kind, 5000, "b"))(terms)) == [Difference("d", "value")]
    assert terms.budget > 49_000_000


def test_too_much_work_is_told() -> None:
    w = Writer()
    data = w.module(_deep("long", 5000, "a")(w))
    terms = Terms(budget=1000)
    found = read_module(data, terms)
    assert isinstance(found, Module)
    assert isinstance(compare(found, found), UnknownFormat)


def test_what_rests_on_what(tmp_path: Path) -> None:
    def write(name: str, data: bytes) -> None:
        (tmp_path / f"{name}.olean").write_bytes(data)

    w = Writer()
    write("Init", w.module({"propext": w.axiom("propext", w.const("P")), "Nat": w.axiom("Nat", w.const("P"))}))
    w = Writer()
    deep = w.module({"P": w.definition("P", w.const("P"), w.const("propext"))}, ["Init"])
    terms = Terms()
    found = module(deep, terms)
    library = load_library(found, [tmp_path])
    assert isinstance(library, Library)
    assert library.closure(["P"], found) == Closure(frozenset(["propext"]))
    assert library.closure(["Q"], found) == Closure(frozenset(), frozenset(["Q"]))
    assert isinstance(load_library(found, []), UnknownFormat)
    write("Init", Writer(lean="4.34.0").module({}))
    assert isinstance(load_library(found, [tmp_path]), UnknownFormat)
    assert find_module("Init", [tmp_path / "none", tmp_path]) == tmp_path / "Init.olean"
    assert find_module("«..».Init", [tmp_path]) is None
    assert isinstance(load_module(tmp_path / "none.olean", terms), UnknownFormat)


@pytest.mark.parametrize(
    "data",
    [b"", b"olean", b"\x7fELF" + bytes(200), sample(version=3), sample(version=1), sample()[:95], sample()[:200]],
)
def test_what_is_not_understood_is_told(data: bytes) -> None:
    assert isinstance(read_module(data, Terms()), UnknownFormat)


def _put(data: bytes, at: int, value: int) -> bytes:
    return data[:at] + struct.pack("<Q", value) + data[at + 8 :]


def exhaust(data: bytes) -> None:
    """Everything one can ask of a file: values, or `Malformed`, and no other exception."""
    terms = Terms(budget=100_000)
    before = read_module(sample(), terms)
    after = read_module(data, terms)
    assert isinstance(before, Module)
    if isinstance(after, UnknownFormat):
        return
    try:
        after.entries()
        for name in after.names:
            after.constant(name)
    except Malformed:
        pass
    for left, right in ((before, after), (after, before)):
        assert isinstance(compare(left, right, ["t"]), list | UnknownFormat)
    assert isinstance(Library(terms, {}).closure(list(after.names), after), Closure | UnknownFormat)


@pytest.mark.parametrize("kind", ["expression", "name", "list", "level"])
def test_circles_are_told(kind: str) -> None:
    w = Writer()
    at = {
        "expression": lambda: w.app(w.const("f"), w.const("a")),
        "name": lambda: w.made(1, w.small(0), w.string("x"), data=bytes(8)),
        "list": lambda: w.made(1, w.small(0), w.small(0)),
        "level": lambda: w.made(1, w.small(0), data=bytes(8)),
    }[kind]()
    used = {
        "expression": lambda: at,
        "name": lambda: w.made(4, at, w.small(0), data=bytes(8)),
        "list": lambda: w.made(4, w.name("c"), at, data=bytes(8)),
        "level": lambda: w.sort(at),
    }[kind]()
    data = w.module({"x": w.axiom("x", used)})
    field = at - BASE + (16 if kind == "list" else 8)
    sound, broken = (read_module(d, Terms(1000)) for d in (data, _put(data, field, at)))
    assert isinstance(sound, Module) and isinstance(broken, Module)
    assert sound.constant("x").sort is Sort.AXIOM
    with pytest.raises(Malformed, match="leads nowhere"):
        broken.constant("x")


def test_pointers_never_lead_in_circles() -> None:
    data = sample()
    for at in range(88, len(data) - 7, 8):
        (word,) = struct.unpack_from("<Q", data, at)
        if BASE <= word < BASE + len(data):
            for there in (at, 88, len(data) - 8, word - BASE + 8):
                exhaust(_put(data, at, BASE + there))


@given(st.data())
def test_no_damage_does_harm(draw: st.DataObject) -> None:
    data = bytearray(sample())
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data[at] = draw.draw(st.integers(0, 255))
    exhaust(bytes(data[: draw.draw(st.sampled_from([len(data), len(data) // 2, len(data) - 8]))]))


@given(
    st.integers(11, 200), st.sampled_from([0, 1, 3, 1 << 40, (1 << 64) - 1, BASE, BASE + 96, BASE + 104, BASE + 400])
)
def test_no_word_does_harm(nth: int, value: int) -> None:
    data = sample()
    exhaust(_put(data, 8 * nth % (len(data) - 8) // 8 * 8, value))


@given(st.binary(max_size=400))
def test_no_rubbish_does_harm(rubbish: bytes) -> None:
    exhaust(rubbish)
    exhaust(sample()[:96] + rubbish)
