"""Steps put into their base text, and solved trees put into one file."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from dafny_env.assembly import Rendered, RootPart, Solution, assemble, render
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind, Hole, Insertion, apply
from dafny_env.syntax.ast import Span

BASE = "lemma Before() { }\r\n\r\nmethod M(é: int)\r\n{\r\n  var s := '∀';\r\n}\r\n"
AT = BASE.index("method")
END = BASE.index("}\r\n", AT)
METHOD = DafnyGoal(GoalKind.DECLARATION, "M", BASE, Span(AT, END + 1))


def test_insertions_at_one_offset_keep_their_order() -> None:
    step = DafnyStep((Insertion(END, "assert 1 < 2; "), Insertion(AT + 1, ""), Insertion(END, "assert 'é' < '∀';\r\n")))
    candidate = apply(METHOD, step, AT)
    assert candidate.text == BASE[:END] + "assert 1 < 2; assert 'é' < '∀';\r\n" + BASE[END:]
    assert [candidate.text[s:e] for s, e in candidate.ranges] == [i.text for i in step.insertions]
    assert candidate.helper_range == (0, 0)


def test_helpers_go_in_front_of_the_declaration() -> None:
    candidate = apply(METHOD, DafnyStep((Insertion(END, "H(); "),), "lemma H() { }\n\n"), AT)
    assert candidate.text == BASE[:AT] + "lemma H() { }\n\n" + BASE[AT:END] + "H(); " + BASE[END:]
    assert candidate.text[slice(*candidate.helper_range)] == "lemma H() { }\n\n"


def fact_in(text: str, statement: str, fact: str) -> DafnyGoal:
    at = text.index(statement)
    return DafnyGoal(GoalKind.FACT, "M", text, Span(at, at + len(statement)), fact=fact)


def test_a_fact_is_asserted_with_its_proof_in_a_block() -> None:
    base = BASE[:END] + "assume 'é' > 'a'; " + BASE[END:]
    goal = fact_in(base, "assume 'é' > 'a';", "'é' > 'a'")
    assert apply(goal, DafnyStep(), AT).text == base.replace("assume", "assert")
    step = DafnyStep((Insertion(7, "L(); "), Insertion(0, "K(); // so")))
    candidate = apply(goal, step, AT)
    assert candidate.text == base.replace("assume 'é' > 'a';", "assert 'é' > 'a' by { L(); K(); // so\n}")
    assert [candidate.text[s:e] for s, e in candidate.ranges] == ["L(); ", "K(); // so"]


# ------------------------------------------------------------------------------------------------------ random trees


@dataclass
class Tree:
    """A goal with its step. holes: subgoals by the mark that stands for them in the step's texts."""

    goal: DafnyGoal
    step: DafnyStep
    subs: list[Tree] = field(default_factory=list)


@dataclass
class Maker:
    """Makes random trees, and says what they must render to."""

    data: st.DataObject
    count: int = 0

    def text(self, depth: int, helpers: bool) -> tuple[str, str, list[tuple[Span, Tree]]]:
        """A step's text, what it must become, and where its subgoals are."""
        parts, wanted, holes = "", "", []
        for _ in range(self.data.draw(st.integers(0, 3 if depth else 1))):
            self.count += 1
            name = f"n{self.count}"
            kinds = ["plain", *(["fact"] if depth else []), *(["lemma"] if depth and helpers else [])]
            kind = self.data.draw(st.sampled_from(kinds))
            if kind == "plain":
                piece = (
                    f"lemma {name}() {{ }}\r\n"
                    if helpers
                    else f"assert '{self.data.draw(st.sampled_from('a∀é'))}' != {name};\r\n"
                )
                parts, wanted = parts + piece, wanted + piece
            elif kind == "fact":
                head, tail = (f"lemma {name}() {{ ", " }\n") if helpers else ("", " ")
                start = len(parts) + len(head)
                span = Span(start, start + len(f"assume {name} > 0;"))
                sub, made = self.tree(GoalKind.FACT, name, span, depth - 1)
                parts += f"{head}assume {name} > 0;{tail}"
                body = f"assert {name} > 0 by {{ {made} }}" if made.strip() else f"assert {name} > 0;"
                wanted += head + body + tail
                holes.append((span, sub))
            else:
                statement = f"lemma {name}() ensures {name}() > 0"
                span = Span(len(parts), len(parts) + len(statement))
                sub, made = self.tree(GoalKind.LEMMA, name, span, depth - 1)
                parts += statement + "\n"
                wanted += statement + made + "\n"
                holes.append((span, sub))
        return parts, wanted, holes

    def tree(self, kind: GoalKind, name: str, span: Span, depth: int) -> tuple[Tree, str]:
        """A tree whose goal's hole is filled in by the caller, and the text of its proof."""
        subs: list[Tree] = []
        insertions, wanted = [], ""
        for index in range(self.data.draw(st.integers(0, 2))):
            text, made, holes = self.text(depth, helpers=False)
            insertions.append(Insertion(0, text))
            wanted += made
            subs += [with_hole(sub, Hole(index, at)) for at, sub in holes]
        helpers, self.helpers, holes = "", getattr(self, "helpers", []), []
        if depth:
            helpers, made, holes = self.text(depth, helpers=True)
            self.helpers.append(made)
        subs += [with_hole(sub, Hole(-1, at)) for at, sub in holes]
        goal = DafnyGoal(kind, name, "", span, fact=f"{name} > 0")
        return Tree(goal, DafnyStep(tuple(insertions), helpers), subs), wanted


def with_hole(tree: Tree, hole: Hole) -> Tree:
    goal = tree.goal
    return Tree(DafnyGoal(goal.kind, goal.declaration, goal.base, goal.site, hole, goal.fact), tree.step, tree.subs)


def lookup(root: Tree) -> dict[int, Tree]:
    found = {id(root.goal): root}
    for sub in root.subs:
        found |= lookup(sub)
    return found


def rendered(root: Tree) -> Rendered:
    trees = lookup(root)

    def solved(goal: DafnyGoal) -> Solution:
        tree = trees[id(goal)]
        return Solution(tree.step, [s.goal for s in tree.subs], goal.declaration)

    return render(root.goal, solved)


def squeezed(text: str) -> list[str]:
    return sorted(part.strip() for part in text.splitlines() if part.strip())


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_rendering_a_tree_is_replacing_every_fact_and_lemma_by_hand(data: st.DataObject) -> None:
    maker = Maker(data)
    root, wanted = maker.tree(GoalKind.DECLARATION, "M", Span(0, 0), 3)
    made = rendered(root)
    assert made.proof == wanted
    assert squeezed(made.helpers) == squeezed("\n".join(maker.helpers))


# --------------------------------------------------------------------------------------------------------------- names


def solve(step: DafnyStep, *subs: Tree) -> Tree:
    return Tree(METHOD, step, list(subs))


def hole_of(step: DafnyStep, statement: str) -> tuple[Hole, Span]:
    for index, text in [(-1, step.helpers), *enumerate(i.text for i in step.insertions)]:
        if statement in text:
            at = text.index(statement)
            return Hole(index, Span(at, at + len(statement))), Span(at, at + len(statement))
    raise AssertionError(statement)


def fact_tree(parent: DafnyStep, fact: str, step: DafnyStep, *subs: Tree) -> Tree:
    hole, span = hole_of(parent, f"assume {fact};")
    return Tree(DafnyGoal(GoalKind.FACT, "M", BASE, span, hole, fact), step, list(subs))


def in_block(text: str, helpers: str = "") -> DafnyStep:
    return DafnyStep((Insertion(0, text),), helpers)


TWO = DafnyStep((Insertion(END, "assume 1 < 2; "), Insertion(END, "assume 3 < 4; ")))


def test_equal_helpers_of_siblings_are_put_in_once() -> None:
    first = fact_tree(TWO, "1 < 2", in_block("H();", "lemma H() { }"))
    second = fact_tree(TWO, "3 < 4", in_block("H();", "lemma  H()  { }\nlemma K() { }"))
    made = rendered(solve(TWO, first, second))
    assert made.proof == "assert 1 < 2 by { H(); } assert 3 < 4 by { H(); } "
    assert made.helpers.count("H()") == 1 and "lemma K()" in made.helpers


def test_different_helpers_of_siblings_with_one_name_get_two() -> None:
    first = fact_tree(TWO, "1 < 2", in_block("H();", "lemma H() ensures 1 < 2 { }"))
    second = fact_tree(TWO, "3 < 4", in_block("H();", "lemma H() ensures 3 < 4 { if 1 > 2 { H(); } }"))
    made = rendered(solve(TWO, first, second))
    assert made.proof == "assert 1 < 2 by { H(); } assert 3 < 4 by { H0(); } "
    assert "lemma H() ensures 1 < 2 { }" in made.helpers
    assert "lemma H0() ensures 3 < 4 { if 1 > 2 { H0(); } }" in made.helpers


def test_equal_helpers_that_mention_different_ones_are_different() -> None:
    first = fact_tree(TWO, "1 < 2", in_block("H();", "function F(): int { 1 }\nlemma H() ensures F() > 0 { }"))
    second = fact_tree(TWO, "3 < 4", in_block("H();", "function F(): int { 2 }\nlemma H() ensures F() > 0 { }"))
    made = rendered(solve(TWO, first, second))
    assert made.proof == "assert 1 < 2 by { H(); } assert 3 < 4 by { H0(); } "
    assert "lemma H0() ensures F0() > 0 { }" in made.helpers and "function F0(): int { 2 }" in made.helpers


def test_revealing_a_renamed_function_reveals_that_one() -> None:
    first = fact_tree(TWO, "1 < 2", in_block("reveal_F();", "function {:opaque} F(): int { 1 }"))
    second = fact_tree(TWO, "3 < 4", in_block("reveal_F();", "function {:opaque} F(): int { 2 }"))
    made = rendered(solve(TWO, first, second))
    assert made.proof == "assert 1 < 2 by { reveal_F(); } assert 3 < 4 by { reveal_F0(); } "


def test_a_sub_steps_helper_may_not_take_the_name_of_a_sibling_of_its_goal() -> None:
    parent = DafnyStep((Insertion(END, "A(); B(); "),), "lemma A() ensures 1 < 2\nlemma B() ensures 3 < 4\n")
    subs = []
    for name, statement, step in (
        ("A", "lemma A() ensures 1 < 2", in_block("{ B(); }", "lemma B() ensures 0 < 1 { }")),
        ("B", "lemma B() ensures 3 < 4", in_block("{ }")),
    ):
        hole, span = hole_of(parent, statement)
        subs.append(Tree(DafnyGoal(GoalKind.LEMMA, name, BASE, span, hole), step, []))
    made = rendered(solve(parent, *subs))
    assert "lemma A() ensures 1 < 2{ B0(); }" in made.helpers
    assert "lemma B() ensures 3 < 4{ }" in made.helpers and "lemma B0() ensures 0 < 1 { }" in made.helpers


# ------------------------------------------------------------------------------------------------------------ assembly


def root(name: str, text: str, rendered_: Rendered, scope: str = "") -> RootPart:
    at = text.index(f"lemma {name}")
    return RootPart(DafnyGoal(GoalKind.LEMMA, name, text, Span(at, at)), rendered_, at, scope)


def test_roots_are_put_in_together_and_a_taken_fact_is_replaced() -> None:
    text = "lemma A() ensures 1 < 2\r\n\r\nlemma B() { assume 'é' > 'a'; }\r\n"
    fact = fact_in(text, "assume 'é' > 'a';", "'é' > 'a'")
    end = text.index("\r\n")
    file = assemble(
        text,
        [
            root("A", text, Rendered((Insertion(end, "\r\n{ "), Insertion(end, "H(); }")), "lemma H() { }")),
            RootPart(fact, Rendered((Insertion(0, "H();"),), "lemma H() { }\n"), text.index("lemma B")),
        ],
    )
    assert file == (
        "lemma H() { }\n\nlemma A() ensures 1 < 2\r\n{ H(); }\r\n\r\nlemma B() { assert 'é' > 'a' by { H(); } }\r\n"
    )


def test_helpers_of_roots_that_clash_are_renamed_also_between_scopes() -> None:
    text = "module X { lemma A() ensures 1 < 2 }\nmodule Y { lemma B() ensures 3 < 4 }\n"
    parts = []
    for name, scope in (("A", "X"), ("B", "Y")):
        end = text.index("}", text.index(f"lemma {name}")) - 1
        parts.append(root(name, text, Rendered((Insertion(end, " { H(); }"),), "lemma H() { }"), scope))
    assert assemble(text, parts) == (
        "module X { lemma H() { }\n\nlemma A() ensures 1 < 2 { H(); } }\n"
        "module Y { lemma H0() { }\n\nlemma B() ensures 3 < 4 { H0(); } }\n"
    )
