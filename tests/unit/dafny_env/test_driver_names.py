import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafny_env.driver.names import demangle, is_about, mangle, parse_procedure, procedure_patterns

identifiers = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_'?]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("boogie", "dafny"),
    [
        ("Impl$$_module.__default.Foo", "Foo"),
        ("CheckWellformed$$_module.__default.Foo", "Foo"),
        ("Impl$$_0_M.C__d.Foo__bar_k", "M.C_d.Foo_bar'"),
        ("CheckWellformed$$_0_M.C__d.F_q", "M.C_d.F?"),
        ("Impl$$_0_M.__default.L", "M.L"),
        ("OverrideCheck$$_module.TC.Tm", "TC.Tm"),
        ("CheckWellformed$$_module.byte", "byte"),
        ("Impl$$_module.__default.CL_h", "CL"),
        ("Impl$$_module.D.__ctor", "D._ctor"),
        ("Impl$$_0_B__x.C.M", "B_x.C.M"),
        ("whatever", "whatever"),
    ],
)
def test_a_procedure_of_the_trace_is_named_as_in_dafny(boogie: str, dafny: str) -> None:
    assert parse_procedure(boogie).dafny == dafny


@given(identifiers)
def test_mangling_is_undone(name: str) -> None:
    assert demangle(mangle(name)) == name


@given(st.text())
def test_any_text_is_taken_apart_without_an_exception(text: str) -> None:
    parse_procedure(text)


@pytest.mark.parametrize(
    ("boogie", "declaration", "about"),
    [
        ("Impl$$_module.__default.Foo", "Foo", True),
        ("Impl$$_module.__default.FooBar", "Foo", False),
        ("Impl$$_module.C.Foo", "C.Foo", True),
        ("Impl$$_module.C.Foo", "Foo", False),
        ("Impl$$_0_C.__default.Foo", "C.Foo", True),
        ("Impl$$_0_C.__default.Foo", "A.C.Foo", True),
        ("Impl$$_module.C.Foo", "A.C.Foo", False),
        ("Impl$$_0_A.C.Foo", "A.C.Foo", True),
        ("CheckWellformed$$_module.It.Valid", "It", True),
        ("Impl$$_module.__default.Lem_h", "Lem", True),
    ],
)
def test_checks_belong_to_the_declaration_that_a_dotted_name_means(boogie: str, declaration: str, about: bool) -> None:
    assert is_about(parse_procedure(boogie), declaration) is about


def selected(patterns: tuple[str, ...], boogie: str) -> bool:
    return any(re.fullmatch(re.escape(p).replace(r"\*", ".*"), boogie) for p in patterns)


@given(st.sampled_from(["Impl", "CheckWellformed", "OverrideCheck"]), identifiers, identifiers, identifiers)
def test_patterns_select_every_check_of_what_was_asked(kind: str, module: str, owner: str, member: str) -> None:
    m, o, f = mangle(module), mangle(owner), mangle(member)
    assert selected(procedure_patterns([member]), f"{kind}$$_module.__default.{f}")
    assert selected(procedure_patterns([f"{owner}.{member}"]), f"{kind}$$_module.{o}.{f}")
    assert selected(procedure_patterns([f"{module}.{member}"]), f"{kind}$$_7_{m}.__default.{f}")
    assert selected(procedure_patterns([f"{module}.{owner}.{member}"]), f"{kind}$$_12_{m}.{o}.{f}")
    assert not selected(procedure_patterns([member]), f"{kind}$$_module.__default.{f}x")
