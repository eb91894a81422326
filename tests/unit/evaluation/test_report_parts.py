"""The parts of a report: bounded text, marked proofs, axes and curves, and what others have published."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.benchmarks.registry import NAMES, benchmark
from prover.evaluation.outcomes import TaskClass
from prover.evaluation.statistics import wilson
from prover.report.axes import budget_axis, count_axis
from prover.report.curves import Drawing, Line, draw_curves
from prover.report.drawings import draw_bar, draw_whisker
from prover.report.proofs import marked, read_inside
from prover.report.published import Ours, Source, all_published, differences, published_on
from prover.report.words import bounded, harmless, one_line

anything = st.text(st.characters(), max_size=400)


@given(anything)
def test_harmless_text_has_nothing_that_is_invisible(text: str) -> None:
    made = harmless(text)
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") for c in made)
    assert harmless(made) == made
    made.encode("utf-8")


@given(anything, st.integers(0, 500))
def test_bounded_text_keeps_its_beginning_and_counts_the_rest(text: str, most: int) -> None:
    cut = bounded(text, most)
    assert cut.text == harmless(text[:most])
    assert cut.left_out == max(len(text) - most, 0)
    assert bool(cut.note) is (len(text) > most)


def test_very_long_lines_are_cut() -> None:
    cut = bounded("x" * 100_000 + "\nshort", 200_000)
    assert len(cut.text) < 1_000 and cut.text.endswith("…\nshort")
    assert cut.left_out == 100_000 - 600


@given(anything, st.integers(2, 50))
def test_one_line_is_one_and_no_longer(text: str, most: int) -> None:
    line = one_line(text, most)
    assert "\n" not in line and len(line) <= most


# -------------------------------------------------------------------------------------------------------------- proofs

lines = st.lists(st.sampled_from(["a", "b", "", "invariant i <= n", "}"]), max_size=12).map("\n".join)


@given(lines, lines)
def test_marked_text_is_the_changed_one_and_the_original_one(before: str, after: str) -> None:
    made = marked(before, after, 10_000)
    told = [line for piece in made.pieces for line in piece.text.split("\n")]
    if not made.pieces:
        assert before.splitlines() == after.splitlines()
        return
    assert [line[1:] for line in told if line[0] != "-"] == after.splitlines()
    assert [line[1:] for line in told if line[0] != "+"] == before.splitlines()
    assert made.added == sum(line[0] == "+" for line in told)
    assert not made.note


def test_a_long_proof_is_shown_by_its_changes() -> None:
    before = "\n".join(f"line {number}" for number in range(500))
    made = marked(before, before.replace("line 250\n", "line 250\nassert true\n"), 1_000)
    assert [piece.kind for piece in made.pieces] == ["gap", "same", "added", "same"]
    assert made.note == "Unchanged lines are left out."
    assert (made.added, made.removed) == (1, 0)


def test_a_huge_proof_is_shown_without_marks() -> None:
    made = marked("", "x\n" * 50_000, 1_000)
    assert "no line is marked" in made.note
    assert sum(len(piece.text) for piece in made.pieces) <= 1_000


@pytest.mark.parametrize("name", [None, "", "missing", "../outside", "link", "/etc/passwd", "a\0b", ".", "x" * 5_000])
def test_files_outside_of_a_folder_are_not_read(tmp_path: Path, name: str | None) -> None:
    (tmp_path / "outside").write_text("secret")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "outside")
    (folder / "inside").write_bytes(b"fine\xff")
    assert read_inside(folder, name) is None
    assert read_inside(folder, "inside") == "fine�"


# ------------------------------------------------------------------------------------------------------------ drawings

positive = st.floats(1e-4, 1e7)


@given(positive, positive)
def test_budget_axes_have_round_ticks_within_their_ends(least: float, most: float) -> None:
    axis = budget_axis(min(least, most), max(least, most), 10, 110)
    assert 2 <= len(axis.ticks) <= 16
    places = [axis.place(tick) for tick in axis.ticks]
    assert places == sorted(places) and places[0] >= 10 and places[-1] <= 110.1
    assert axis.place(axis.high) == pytest.approx(110)


@given(st.floats(0, 1e6))
def test_count_axes_begin_at_nothing_and_reach_above(most: float) -> None:
    axis = count_axis(most, 100, 0)
    assert axis.ticks[0] == 0 and axis.ticks[-1] == axis.high >= max(most, 1)
    assert 2 <= len(axis.ticks) <= 7
    assert all(tick == int(tick) for tick in axis.ticks)


costs = st.lists(st.floats(0, 1e5), max_size=20).map(sorted)


@given(st.lists(st.tuples(costs, st.none() | positive), min_size=1, max_size=8), st.booleans())
def test_curves_go_up_and_stay_within_their_drawing(
    runs: list[tuple[list[float], float | None]], percent: bool
) -> None:
    named = [
        Line(f"<run> {number}", tuple((cost, count) for count, cost in enumerate(budgets, 1)), end)
        for number, (budgets, end) in enumerate(runs)
    ]
    svg = ET.fromstring(draw_curves(Drawing("Solved", "seconds", tuple(named), percent), "c"))
    drawn = [path for path in svg.iter("path") if (path.get("class") or "").startswith("line")]
    assert len(drawn) == sum(bool(line.points) or line.end is not None for line in named)
    for path in drawn:
        across = [float(x) for x in re.findall(r"[MH](\d+(?:\.\d)?)", path.get("d") or "")]
        up = [float(y) for y in re.findall(r"(?:M\S+ |V)(\d+(?:\.\d)?)", path.get("d") or "")]
        assert across == sorted(across) and up == sorted(up, reverse=True)
        assert min(across) >= 0 and max(across) <= 480 and min(up) >= 0 and max(up) <= 300


def test_small_drawings_are_well_formed() -> None:
    for solved, n in ((0, 0), (0, 5), (5, 5)):
        ET.fromstring(draw_whisker(solved / n if n else None, wilson(solved, n)))
    assert len(list(ET.fromstring(draw_bar(dict.fromkeys(TaskClass, 1))).iter("rect"))) == len(TaskClass)
    assert not list(ET.fromstring(draw_bar(dict.fromkeys(TaskClass, 0))).iter("rect"))


# ----------------------------------------------------------------------------------------------------------- published


def test_every_published_result_is_a_number_of_a_known_benchmark_with_its_source() -> None:
    for one in all_published():
        assert one.benchmark in NAMES
        assert one.system and one.wrote and one.source.title
        assert re.fullmatch(r"https://[\w./?=-]+", one.source.url)
        assert one.source.repository == "" or one.source.repository.startswith("https://github.com/")
        assert (one.rate is None) is not (one.solved is None)
        assert one.solved is None or one.tasks is not None
        assert 0 <= one.share <= 100


def test_each_report_is_named_once_and_is_used() -> None:
    sources = list(dict.fromkeys(one.source for one in all_published()))
    assert len({source.url for source in sources}) == len(sources) == len({source.title for source in sources})
    told = tomllib.loads(resources.files("prover.report").joinpath("published.toml").read_text("utf-8"))
    assert {Source(**facts) for facts in told["sources"].values()} == set(sources)


def test_a_benchmark_s_own_figures_come_from_where_its_data_does() -> None:
    for name in ("dafnybench", "verina", "algoveri"):
        upstream = benchmark(name).upstream
        assert upstream is not None
        assert upstream.url in {one.source.repository for one in all_published() if one.benchmark == name}


def test_published_results_are_those_of_the_languages_of_a_run() -> None:
    assert {one.result for one in published_on("AlgoVeri", ("dafny",))} == {"40.3 %"}
    assert [one.result for one in published_on("algoveri", ("lean", "dafny"))] == ["62.3 %", "40.3 %", "7.8 %"]
    assert not published_on("starter", ("dafny",))
    assert [one.result for one in published_on("verina", ("lean",))][:2] == ["188 of 189", "160 of 189"]


def test_nothing_is_called_comparable() -> None:
    for one in all_published():
        for tasks in (one.tasks or 1, 7):
            said = differences(one, Ours(tasks, 1, code=False))
            assert said.startswith("another proposer") and said.endswith("verifier's version")
            assert ("another number of tasks" in said) is (one.tasks is not None and tasks != one.tasks)
            assert ("code was to be written" in said) is one.code
