"""What of a tree is drawn, and where: folding, layout, text and SVG."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_fakes import World
from show_worlds import Run, played, runs

from prover.console import one_line
from prover.show import words
from prover.show.fold import MOST_GOALS, Kind, draw
from prover.show.layout import tidy
from prover.show.reading import RunRecord
from prover.show.replay import grow
from prover.show.svg import svg_tree
from prover.show.text import ascii_only, text_tree
from prover.show.tree import SearchTree, Status
from search.ports import Goal, Refuted, Rejected, Unknown

SVG = "{http://www.w3.org/2000/svg}"


def shown(run: Run) -> tuple[RunRecord, SearchTree]:
    record = run.record()
    return record, grow(record.events)


def text_of(run: Run, *, width: int = 120, everything: bool = False) -> str:
    return text_tree(*shown(run), width=width, everything=everything).plain


def chain(length: int) -> Run:
    steps = {f"g{i}": {"s": [f"g{i + 1}"]} for i in range(length)} | {f"g{length}": {"s": []}}
    return played(World(["g0"], steps))


# --------------------------------------------------------------------------------------------------------------- layout


Forest = tuple[list[int | None], list[float]]
"""The parents of boxes and the boxes' heights."""


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    count = draw(st.integers(1, 60))
    parents = [draw(st.one_of(st.none(), st.integers(0, place - 1))) if place else None for place in range(count)]
    return in_preorder(parents), draw(st.lists(st.floats(1, 90), min_size=count, max_size=count))


def in_preorder(parents: Sequence[int | None]) -> list[int | None]:
    """The same forest with every box before its children, as drawings have them."""
    children: dict[int | None, list[int]] = {}
    for place, parent in enumerate(parents):
        children.setdefault(parent, []).append(place)
    ordered: list[int | None] = []
    stack: list[tuple[int, int | None]] = [(root, None) for root in reversed(children.get(None, []))]
    while stack:
        place, parent = stack.pop()
        stack += [(child, len(ordered)) for child in reversed(children.get(place, []))]
        ordered.append(parent)
    return ordered


def levels_of(parents: Sequence[int | None]) -> list[int]:
    levels: list[int] = []
    for parent in parents:
        levels.append(0 if parent is None else levels[parent] + 1)
    return levels


@given(forests())
def test_no_two_boxes_overlap_and_first_children_are_level_with_their_parents(
    forest: Forest,
) -> None:
    parents, heights = forest
    tops = tidy(parents, heights, gap=5.0)
    levels = levels_of(parents)
    for level in set(levels):
        boxes = sorted((tops[i], heights[i], i) for i in range(len(parents)) if levels[i] == level)
        for (top, height, one), (below, _, other) in pairwise(boxes):
            assert top + height + 5.0 <= below + 1e-6
            assert one < other  # in their order, so no edges cross
    firsts = {parent: place for place, parent in reversed(list(enumerate(parents)))}
    assert all(tops[place] == pytest.approx(tops[parent]) for parent, place in firsts.items() if parent is not None)
    assert min(tops) == 0


@given(forests())
def test_every_box_is_as_high_as_it_can_be(forest: Forest) -> None:
    """Beneath its elder sibling's subtree nothing keeps a subtree down but a box that it would touch."""
    parents, heights = forest
    tops, levels = tidy(parents, heights, gap=5.0), levels_of(parents)
    for place, parent in enumerate(parents):
        elder = [other for other in range(place) if parents[other] == parent]
        if elder:
            end = next((i for i in range(place + 1, len(parents)) if levels[i] <= levels[place]), len(parents))
            room = [
                tops[i] - tops[other] - heights[other] - 5.0
                for i in range(place, end)
                for other in range(elder[0], place)
                if levels[other] == levels[i]
            ]
            assert min(room) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("shape", ["chain", "comb", "star"])
def test_large_trees_take_no_stack_and_no_time_to_speak_of(shape: str) -> None:
    count = 60_000
    parents = {
        "chain": [None, *range(count - 1)],
        "comb": [None, *((place - 1) // 2 * 2 for place in range(1, count))],
        "star": [None] + [0] * (count - 1),
    }[shape]
    tops = tidy(parents, [10.0] * count, gap=2.0)
    assert max(tops) <= 12.0 * count


# -------------------------------------------------------------------------------------------------------- what is drawn


@settings(max_examples=30, deadline=None)
@given(runs(), st.booleans())
def test_every_goal_stands_once_in_full_or_is_summed_up(run: Run, everything: bool) -> None:
    _, tree = shown(run)
    boxes = draw(tree, everything=everything)
    full = Counter(box.goal.key for box in boxes if box.kind is Kind.GOAL)
    assert set(full.values()) <= {1}
    assert set(tree.roots) <= set(full)
    folded = sum((box.fold.goals for box in boxes if box.fold is not None), start=Counter[Status]())
    assert folded + Counter(tree.goals[key].status for key in full) == Counter(g.status for g in tree.goals.values())
    checks = sum(box.fold.checks for box in boxes if box.fold is not None)
    drawn = sum(box.kind in (Kind.STEP, Kind.CHECK) for box in boxes)
    extra = sum(tree.goals[key].tests + tree.goals[key].cancelled for key in full)
    assert checks + drawn + extra == sum(view.checks for view in tree.goals.values())
    if everything:
        assert len(full) == len(tree.goals) and not folded
    for box in boxes:
        if box.kind is Kind.REFERENCE:
            assert box.drawn == (box.goal.key in full)


@settings(max_examples=30, deadline=None)
@given(runs())
def test_the_whole_proof_is_drawn_first_and_marked(run: Run) -> None:
    _, tree = shown(run)
    boxes = draw(tree)
    on_proof = {key for key, view in tree.goals.items() if view.on_proof}
    assert {box.goal.key for box in boxes if box.kind is Kind.GOAL and box.winning} == on_proof
    for place, box in enumerate(boxes):
        if box.kind is Kind.STEP and box.winning:
            assert box.step.solves
            assert box.parent == place - 1  # the solving step is the first child
            below = [other for other in boxes if other.parent == place]
            assert [other.goal.key for other in below] == list(box.step.subgoals)
            assert all(other.winning and other.kind in (Kind.GOAL, Kind.REFERENCE) for other in below)


def test_a_shared_lemma_stands_in_full_where_the_proof_uses_it() -> None:
    world = World(
        ["r"],
        {"r": {"lost": ["x", "l"], "won": ["l", "m"]}, "x": {"no": Rejected()}, "l": {"p": []}, "m": {"q": ["l"]}},
    )
    text = text_of(played(world, concurrency=1))
    places = [line for line in text.splitlines() if "goal l" in line]
    assert [("✓ goal l  d" in line, "↗" in line) for line in places] == [(True, False), (False, True)]


def test_a_large_open_tree_is_cut_down_to_what_is_near_the_roots() -> None:
    steps: dict[str, Any] = {f"g{i}": {"no": Unknown(), "s": [f"g{2 * i + 1}", f"g{2 * i + 2}"]} for i in range(1000)}
    run = played(World(["g0"], steps | {f"g{i}": {"no": Unknown()} for i in range(1000, 2001)}))
    _, tree = shown(run)
    assert len(tree.goals) == 2001
    boxes = draw(tree)
    assert sum(box.kind is Kind.GOAL for box in boxes) == MOST_GOALS
    assert max(box.level for box in boxes if box.kind is Kind.GOAL) == 2 * 5
    assert len(text_of(run).splitlines()) < 5 * MOST_GOALS


# ----------------------------------------------------------------------------------------------------------------- text


@settings(max_examples=20, deadline=None)
@given(runs(), st.booleans(), st.integers(40, 200))
def test_text_names_every_root_keeps_to_its_width_and_drives_no_terminal(
    run: Run, everything: bool, width: int
) -> None:
    record, tree = shown(run)
    text = text_tree(record, tree, width=width, everything=everything).plain
    for root in tree.roots:
        assert f"{words.GLYPHS[tree.goals[root].status]} {one_line(tree.goals[root].name)[:20]}" in text
    assert all(character == "\n" or character.isprintable() for character in text)
    assert all(len(line) <= max(width, 76 + 32) for line in text.splitlines())
    assert record.task in text.splitlines()[0]
    assert ascii_only(text).replace("\N{REPLACEMENT CHARACTER}", "?").isascii()


def test_the_lemma_that_did_it_can_be_read_with_its_statement() -> None:
    lemma = Goal(
        "l",
        "SumAcc",
        text="lemma SumAcc(xs: seq<int>, acc: int)\n  ensures SumTail(xs, acc) == acc + Sum(xs)",
        complexity=4,
    )
    world = World(
        ["r"],
        {"r": {"state a lemma": ["l"], "another": ["x"]}, "l": {"induction": []}, "x": {"y": Refuted("xs = [1]")}},
        goals={"l": lemma},
    )
    text = text_of(played(world, concurrency=1))
    assert text.splitlines()[0] == "Proved: task.dfy"
    place = text.index("✓ SumAcc")
    assert text.rindex("▶ split (decompose)  S 0.5  solved it", 0, place)
    assert "  ensures SumTail(xs, acc) == acc + Sum(xs)\n" in text[place:]
    assert "▶ induction (close)  S 1  solved it" in text[place:]


def test_lost_steps_say_which_lemma_was_refuted_by_what() -> None:
    world = World(["r"], {"r": {"split": ["x", "y"]}, "x": {"run": Refuted("xs = [1], acc = 2")}, "y": {"p": []}})
    text = text_of(played(world, concurrency=1))
    assert "† split (decompose)  S 0 (r -0.43)  lost: goal x is refuted" in text
    assert "✗ goal x  d 8, 1 check, 1.0 s  refuted by xs = [1], acc = 2" in text


def test_rejected_candidates_are_counted_in_one_line_or_listed() -> None:
    world = World(["r"], {"r": {f"s{i}": Rejected("it fails; it fails") for i in range(7)}})
    run = played(world)
    short, long = text_of(run), text_of(run, everything=True)
    assert short.count("it fails") == 1 and "… 7 rejected, 7.0 s: 7 times: it fails" in short
    assert long.count("× induction (close) rejected: it fails\n") == 7


def test_killed_and_several_searches_are_said() -> None:
    run = played(World(["r"], {"r": {"s": Rejected()}}))
    run.lines = run.lines + run.lines[:-1]
    text = text_of(run)
    assert "The journal has no end: the run was killed, or still goes on." in text
    assert "The journal tells of 2 searches; this is the last one." in text


def test_deep_chains_are_drawn() -> None:
    run = chain(700)
    for everything in (False, True):
        text = text_of(run, everything=everything)
        assert text.count("✓ goal g") == 701
        assert max(map(len, text.splitlines())) <= 120
    _, tree = shown(run)
    assert len(draw(tree)) == 2 * 701


# ------------------------------------------------------------------------------------------------------------------ SVG


def parsed(run: Run, *, everything: bool = False) -> ET.Element:
    return ET.fromstring(svg_tree(*shown(run), everything=everything))


def sides(rectangle: ET.Element) -> tuple[float, float, float, float]:
    x, y, width, height = (float(rectangle.get(name, "")) for name in ("x", "y", "width", "height"))
    return x, y, width, height


def rectangles(svg: ET.Element) -> list[tuple[float, float, float, float]]:
    boxes = [group for group in svg.findall(f"{SVG}g") if group.get("class") != "legend"] + svg.findall(
        f"{SVG}a/{SVG}g"
    )
    found = [group.find(f"{SVG}rect") for group in boxes]
    return [sides(each) for each in found if each is not None]


@settings(max_examples=30, deadline=None)
@given(runs(), st.booleans())
def test_svg_is_well_formed_self_contained_and_without_overlaps(run: Run, everything: bool) -> None:
    record, tree = shown(run)
    text = svg_tree(record, tree, everything=everything)
    svg = ET.fromstring(text)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    width, height = float(svg.get("width", "")), float(svg.get("height", ""))
    assert svg.get("viewBox") == f"0 0 {svg.get('width')} {svg.get('height')}"
    corners = sorted(rectangles(svg))
    for (x, y, w, h), (x2, y2, _, _) in pairwise(corners):
        assert x + w <= width and y + h <= height
        assert x2 >= x + w or y2 >= y + h  # sorted by columns, then downwards
    names = {group.get("id") for group in svg.iter(f"{SVG}g")} - {None}
    assert {link.get("href") for link in svg.iter(f"{SVG}a")} <= {f"#{name}" for name in names}
    assert len(names) == sum(box.kind is Kind.GOAL for box in draw(tree, everything=everything))


def test_every_box_of_the_svg_has_its_whole_story_as_a_tooltip() -> None:
    statement = "lemma Long(n: nat)\n  ensures " + " + ".join(f"f({i})" for i in range(100)) + " == n"
    world = World(
        ["r"],
        {"r": {"s": Rejected("first; first"), "t": ["l"]}, "l": {"p": []}},
        goals={"l": Goal("l", "Long", statement)},
    )
    svg = parsed(played(world, concurrency=1))
    stories = [title.text or "" for group in svg.iter(f"{SVG}g") for title in group.findall(f"{SVG}title")]
    assert any(statement in story for story in stories)
    assert any("candidates: 1 accepted, 1 rejected" in story and "\nfirst" in story for story in stories)
    assert any(
        "S = 0.875, r before clipping = 0.875" in story and "leaves open: Long (proved)" in story for story in stories
    )
    assert all(text.text is None or len(text.text) <= 130 for text in svg.iter(f"{SVG}text"))


def test_the_proof_is_one_thick_line_on_top_of_the_others() -> None:
    world = World(["r"], {"r": {"lost": ["x"], "won": ["l"]}, "x": {"no": Rejected()}, "l": {"p": []}})
    svg = parsed(played(world, concurrency=1))
    edges = [path.get("class") for path in svg.iter(f"{SVG}path")]
    assert edges == sorted(edges, key=lambda name: name == "edge win")
    assert edges.count("edge win") == 3
    heights = {
        (path.get("d") or "").split("H")[0].split()[1]
        for path in svg.iter(f"{SVG}path")
        if path.get("class") == "edge win"
    }
    assert len(heights) == 1


def test_statuses_differ_in_glyph_line_and_darkness_not_only_in_colour() -> None:
    assert len(set(words.GLYPHS.values())) == len(Status)
    css = Path(svg_tree.__globals__["__file__"]).with_name("tree.css").read_text()
    looks = {}
    for status in Status:
        (rule,) = re.findall(rf"^\.{status.value.replace(' ', '-')} rect \{{ (.*) \}}", css, re.MULTILINE)
        looks[status] = dict(part.split(": ") for part in rule.rstrip(";").split("; "))

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    lines = {(look.get("stroke-dasharray"), look["stroke-width"]) for look in looks.values()}
    assert len(lines) == len(Status)
    fills = sorted(grey(look["fill"]) for look in looks.values())
    assert all(lighter - darker >= 3 for darker, lighter in pairwise(fills))
    assert all(grey(look["stroke"]) < 150 for look in looks.values())
    assert all(fill > 190 for fill in fills)  # black letters can be read on them
