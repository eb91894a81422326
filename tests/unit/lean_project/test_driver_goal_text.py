from hypothesis import given
from hypothesis import strategies as st

from lean_project.driver.document import read_tactic_goals, read_term_goal
from lean_project.driver.goal_text import parse_goal
from lean_project.driver.types import Hypothesis


def test_a_goal_with_everything() -> None:
    goal = parse_goal(
        "case cons.inl\n"
        "α : Type u_1\n"
        "inst✝ : Add α\n"
        "a b : Nat\n"
        "«x y» z✝ : List Nat\n"
        "n : Nat := 5\n"
        "f : Nat → Nat := fun x =>\n"
        "  x + 1\n"
        "h : ∀ (x : Nat),\n"
        "    x ≤ a →\n"
        "      x ≤ b\n"
        "⊢ a ≤ b ∧\n"
        "    b ≤ a"
    )
    assert goal.case == "cons.inl"
    assert goal.hypotheses == (
        Hypothesis(("α",), "Type u_1"),
        Hypothesis(("inst✝",), "Add α"),
        Hypothesis(("a", "b"), "Nat"),
        Hypothesis(("«x y»", "z✝"), "List Nat"),
        Hypothesis(("n",), "Nat", "5"),
        Hypothesis(("f",), "Nat → Nat", "fun x =>\n  x + 1"),
        Hypothesis(("h",), "∀ (x : Nat),\n    x ≤ a →\n      x ≤ b"),
    )
    assert goal.target == "a ≤ b ∧\n    b ≤ a"
    assert goal.hypotheses[3].accessible == ("«x y»",)


def test_only_a_target() -> None:
    goal = parse_goal("⊢ 1 = 2")
    assert (goal.case, goal.hypotheses, goal.target) == (None, (), "1 = 2")


def test_types_with_colons_turnstiles_and_assignments() -> None:
    goal = parse_goal("h : ∃ x : Nat, x = 1\ng : let y := 2; y = 2\np : (fun (z : Nat := 3) => z) 1 = 1\n⊢ True")
    assert [(h.names, h.type, h.value) for h in goal.hypotheses] == [
        (("h",), "∃ x : Nat, x = 1", None),
        (("g",), "let y := 2; y = 2", None),
        (("p",), "(fun (z : Nat := 3) => z) 1 = 1", None),
    ]


def test_a_type_on_the_next_line_and_a_case_named_hypothesis() -> None:
    goal = parse_goal("h :\n  1 = 2\ncase x : Nat\n⊢ True")
    assert goal.hypotheses == (Hypothesis(("h",), "1 = 2"), Hypothesis(("case", "x"), "Nat"))
    assert goal.case is None


def test_conversion_goals() -> None:
    assert parse_goal("a : Nat\n| a + 0").target == "a + 0"


@given(st.text(st.sampled_from("a⊢ :|=\n«»✝("), max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert parse_goal(text).text == text


def test_answers_of_the_server() -> None:
    answer = {"rendered": "```lean\n⊢ p\n```\n---\n```lean\ncase b\n⊢ q\n```", "goals": ["⊢ p", "case b\n⊢ q"]}
    goals = read_tactic_goals(answer)
    assert goals is not None and [(g.case, g.target) for g in goals] == [(None, "p"), ("b", "q")]
    assert read_tactic_goals({"rendered": "no goals", "goals": []}) == ()
    assert read_tactic_goals(None) is None and read_tactic_goals({"goals": 3}) is None
    term = {"goal": "x : Nat\n⊢ Nat", "range": {"start": {"line": 0, "character": 0}, "end": {}}}
    goal = read_term_goal(term)
    assert goal is not None and goal.target == "Nat"
    assert read_term_goal(None) is None
