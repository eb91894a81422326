from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dafny_env.driver.columns import in_characters
from dafny_env.driver.includes import absolute_includes, find_includes, included_files
from dafny_env.driver.types import Diagnostic, Place, Rule


def test_directives_are_found_and_look_alikes_are_not() -> None:
    source = 'include "a.dfy"\n// include "b.dfy"\n/* /* include "c.dfy" */ */\n'
    source += 'method M() { print "include \\"d.dfy\\""; }\n'
    assert [i.path for i in find_includes(source)] == ["a.dfy"]
    assert [i.path for i in find_includes('include @"x\\y.dfy"  include\n"z.dfy"')] == ["x\\y.dfy", "z.dfy"]


def test_relative_paths_become_absolute_and_lines_stay() -> None:
    source = 'include "lib/a.dfy"\ninclude "/b.dfy"\nmethod M() {}\n'
    assert (
        absolute_includes(source, Path("/home/u")) == 'include @"/home/u/lib/a.dfy"\ninclude "/b.dfy"\nmethod M() {}\n'
    )


def test_files_are_reached_transitively_and_circles_end(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.dfy").write_text('include "sub/b.dfy"')
    (tmp_path / "sub" / "b.dfy").write_text('include "../a.dfy"\ninclude "missing.dfy"')
    reached = included_files('include "a.dfy"', tmp_path)
    by_name = {path.name: content for path, content in reached.items()}
    assert set(by_name) == {"a.dfy", "b.dfy", "missing.dfy"} and len(reached) == 3
    assert by_name["missing.dfy"] is None and by_name["a.dfy"] is not None


@given(st.text())
def test_any_text_is_searched_without_an_exception(text: str) -> None:
    find_includes(text)


def at(column: int, line: int = 1) -> Diagnostic:
    return Diagnostic("error", Rule.OTHER, "", Place(line, column))


def test_columns_count_characters_not_bytes() -> None:
    source = 'method M() { var s := "héé"; assert s == ""; }'
    (found,) = in_characters([at(40)], source, "utf8")
    assert source[found.place.column :].startswith("==")


def test_a_byte_order_mark_is_a_character_of_the_text() -> None:
    source = "\ufeffmethod M() { assert false; }"
    (found,) = in_characters([at(20)], source, "utf8")
    assert source[found.place.column :].startswith("false")


def test_characters_beyond_the_basic_plane_are_two_units_of_utf16() -> None:
    (found,) = in_characters([at(3)], "x😀y", "utf16")
    assert found.place.column == 2


@given(st.text(), st.integers(0, 60), st.integers(0, 5))
def test_impossible_places_are_left_alone(source: str, column: int, line: int) -> None:
    in_characters([at(column, line)], source, "utf8")
    in_characters([at(column, line)], source, "utf16")
