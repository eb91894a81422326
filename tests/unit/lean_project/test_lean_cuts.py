"""Where a file can be cut, what is restated there, and how places are told across a cut."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.driver.above import AboveVerifier
from lean_project.driver.types import (
    Compiled,
    Diagnostic,
    GoalsAt,
    GoalsResult,
    LeanResult,
    Outcome,
    Place,
    Rule,
)
from lean_project.syntax.cuts import chosen, cuts
from lean_project.syntax.source import LineMap

SCOPES = """\
import Std
/-! About it. -/
universe u
open Nat in
theorem a : 1 = 1 := rfl
namespace A.B
variable {α : Type u}
  (x : α)
set_option pp.all true in
theorem b : 1 = 1 := rfl
section C
open List
theorem c : 1 = 1 := rfl
end C
mutual
def even : Nat → Bool | 0 => true | n + 1 => odd n
def odd : Nat → Bool | 0 => false | n + 1 => even n
end
/-- Of d. -/
@[simp]
theorem d : 1 = 1 := rfl
end A.B
theorem e : 1 = 1 := rfl; theorem f : 1 = 1 := rfl
"""


def scope_at(text: str, line: str) -> str | None:
    at = text.index(f"{line}\n")
    return next((cut.scope for cut in cuts(text) if cut.at == at), None)


def test_what_is_in_force_is_restated_word_by_word() -> None:
    inside = "universe u\nnamespace A.B\nvariable {α : Type u}\n  (x : α)\n"
    assert scope_at(SCOPES, "universe u") == ""
    assert scope_at(SCOPES, "open Nat in") == "universe u\n"
    assert scope_at(SCOPES, "set_option pp.all true in") == inside
    assert scope_at(SCOPES, "theorem c : 1 = 1 := rfl") == inside + "section C\nopen List\n"
    assert scope_at(SCOPES, "mutual") == inside
    assert scope_at(SCOPES, "/-- Of d. -/") == inside
    assert scope_at(SCOPES, "theorem e : 1 = 1 := rfl; theorem f : 1 = 1 := rfl") == "universe u\n"


@pytest.mark.parametrize(
    "line",
    [
        "theorem a : 1 = 1 := rfl",
        "theorem b : 1 = 1 := rfl",
        "def odd : Nat → Bool | 0 => false | n + 1 => even n",
        "end",
    ],
)
def test_there_is_no_cut_inside_of_what_belongs_together(line: str) -> None:
    assert scope_at(SCOPES, line) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("section\nlocal infix:1 \"t\"\ntheorem a : 1 = 1 := rfl\nend\ntheorem b : 1 = 1 := rfl\n", "se\ntheorem b"),
        ("attribute [local simp] f\ntheorem a : 1 = 1 := rfl\n", "attribute"),
        ("private def f := 1\ntheorem a : 1 = 1 := rfl\n", "private"),
        ("namespace A.B\nend B\ntheorem a : 1 = 1 := rfl\n", "namespace\nend"),
        ("module\nimport A\ntheorem a : 1 = 1 := rfl\n", ""),
        ("prelude\ntheorem a : 1 = 1 := rfl\n", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_restated_is_not_cut(text: str, wanted: str) -> None:
    starts = [text[cut.at :].split("\n", 1)[0] for cut in cuts(text)]
    ours = [start for start in starts if any(start.startswith(w) for w in wanted.split("\n") if w)]
    assert not any(start.startswith("theorem a") for start in starts)
    assert len(ours) == len([w for w in wanted.split("\n") if w])


def test_only_cuts_that_help_are_chosen() -> None:
    text = "".join(f"theorem t{k} : 1 = 1 := rfl\n" for k in range(40))
    at = [text.index(f"theorem t{k} ") for k in range(40)]
    assert [c.declared for c in chosen(cuts(text), [at[3], at[20], at[25], at[39]], 16)] == [20, 39]
    assert chosen(cuts(text), [at[10]], 16) == ()
    assert chosen(cuts(text), [], 1) == ()


class Compiler:
    """Compiles everything; a line that warns is marked by the word WARN."""

    def __init__(self) -> None:
        self.compiled: dict[str, str] = {}

    async def compile(
        self, text: str, module: str, olean: Path, search: Sequence[Path] = (), *, seconds: float
    ) -> Compiled:
        self.compiled[module] = text
        return Compiled(LeanResult(Outcome.OK, marks(text)), olean)


def marks(text: str) -> tuple[Diagnostic, ...]:
    lines = LineMap(text)
    found = []
    at = text.find("WARN")
    while at >= 0:
        place, end = Place(*lines.position(at)), Place(*lines.position(at + 4))
        found.append(Diagnostic("warning", Rule.OTHER, "marked", place, end))
        at = text.find("WARN", at + 1)
    return tuple(found)


class Marker:
    """Tells where a text has the word WARN, and keeps what it was asked. broken: what it says of short documents."""

    def __init__(self, broken: Outcome = Outcome.OK) -> None:
        self.asked: list[str] = []
        self.broken = broken

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        self.asked.append(text)
        if text.startswith("import Lemma") and self.broken is not Outcome.OK and len(self.asked) > 1:
            return LeanResult(self.broken, (Diagnostic("error", Rule.OTHER, "no", Place(1, 0)),))
        return LeanResult(Outcome.OK, marks(text))

    async def goals(self, text: str, positions: Sequence[Place], *, seconds: float) -> GoalsResult:
        lines = text.split("\n")
        assert all(lines[p.line - 1].startswith("WARN", p.column) for p in positions)
        return GoalsResult(Outcome.OK, tuple(GoalsAt(p) for p in positions))

    async def close(self) -> None:
        pass


COMMANDS = [
    "theorem t : 1 = 1 := by -- WARN 𝔸 é\n  rfl",
    "namespace A\n\ntheorem u : 2 = 2 := WARN",
    "section\nopen A\n  -- WARN",
    "variable (x : Nat)\n   (y : Nat) -- WARN",
    "end A",
    "end",
    "/-- WARN\n doc -/ def f := WARN",
    "local notation \"n\" => 1",
    "open A in\ntheorem v : 3 = 3 := WARN",
    "mutual\ndef g := 1\nend",
    "",
]  # fmt: skip


@given(st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=14), st.integers(1, 3), st.data())
def test_places_are_those_of_the_whole_text(parts: list[str], spacing: int, data: st.DataObject) -> None:
    text = "-- WARN\n" + "\n".join(parts) + "\n"
    wanted = data.draw(st.lists(st.integers(0, len(text)), max_size=4))
    # What is checked later goes on differently somewhere.
    at = data.draw(st.integers(0, len(text)))
    other = text[:at] + data.draw(st.sampled_from(["", "\n", "WARN\n", "theorem w : 1 = 1 := WARN\n"])) + text[at:]
    marker = Marker()
    above = AboveVerifier(marker, Compiler(), Path("modules"), spacing=spacing)

    async def run() -> None:
        await above.prepare(text, wanted, seconds=60.0)
        for each in (text, other):
            said = await above.check(each, seconds=1.0)
            assert said.diagnostics == marks(each)
            places = [d.place for d in marks(each)]
            for some in (places, places[-1:]):
                goals = await above.goals(each, some, seconds=1.0)
                assert [g.place for g in goals.places] == some

    asyncio.run(run())


LONG = "".join(f"theorem t{k} : 1 = 1 := WARN\n" for k in range(5))


def test_what_was_compiled_is_not_sent_again() -> None:
    marker, compiler = Marker(), Compiler()
    above = AboveVerifier(marker, compiler, Path("modules"), spacing=2)

    async def run() -> None:
        assert await above.prepare(LONG, [LONG.index(f"theorem t{k}") for k in (2, 4)], seconds=60.0) == 2
        marker.asked.clear()
        await above.check(LONG + "theorem last : 1 = 1 := rfl", seconds=1.0)
        await above.check(LONG.replace("theorem t3", "theorem changed"), seconds=1.0)
        await above.check(LONG.replace("theorem t0", "theorem changed"), seconds=1.0)
        above.stop()
        await above.check(LONG, seconds=1.0)

    asyncio.run(run())
    first, second = compiler.compiled
    assert (
        compiler.compiled[second]
        == f"import {first}\nsection\ntheorem t2 : 1 = 1 := WARN\ntheorem t3 : 1 = 1 := WARN\n"
    )
    assert marker.asked == [
        f"import {second}\nsection\ntheorem t4 : 1 = 1 := WARN\ntheorem last : 1 = 1 := rfl",
        f"import {first}\nsection\n" + LONG[LONG.index("theorem t2") :].replace("theorem t3", "theorem changed"),
        LONG.replace("theorem t0", "theorem changed"),
        LONG,
    ]


@pytest.mark.parametrize("broken", [Outcome.MISSING_IMPORT, Outcome.ERRORS])
def test_where_a_module_does_not_do_the_whole_text_is_checked(broken: Outcome) -> None:
    marker = Marker(broken)
    above = AboveVerifier(marker, Compiler(), Path("modules"), spacing=2)

    async def run() -> None:
        assert await above.prepare(LONG, [LONG.index("theorem t4")], seconds=60.0) == 1
        assert (await above.check(LONG, seconds=1.0)).outcome is Outcome.OK

    asyncio.run(run())
    assert [text == LONG for text in marker.asked] == [False, False, True]


def test_without_time_nothing_is_compiled() -> None:
    above = AboveVerifier(Marker(), Compiler(), Path("modules"), spacing=2)
    assert asyncio.run(above.prepare(LONG, [LONG.index("theorem t4")], seconds=0.0)) == 0
