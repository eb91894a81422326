"""Messages in the wordings of old and new versions, written by hand after the documented formats."""

import json

import pytest

from lean_project.driver.messages import PublishedDiagnostics, classify, read_json_line, read_plain
from lean_project.driver.types import Diagnostic, Place, Rule


def line(**changes: object) -> str:
    """A line of `lean --json` as 4.18 prints it."""
    message = {
        "severity": "error",
        "pos": {"line": 3, "column": 7},
        "kind": "[anonymous]",
        "keepFullRange": False,
        "isSilent": False,
        "fileName": "X.lean",
        "endPos": {"line": 3, "column": 9},
        "data": "unsolved goals\n⊢ True",
        "caption": "",
    }
    return json.dumps({**message, **changes}, ensure_ascii=False)


class TestCommandLine:
    def test_a_message(self) -> None:
        assert read_json_line(line()) == Diagnostic(
            "error", Rule.UNSOLVED_GOALS, "unsolved goals\n⊢ True", Place(3, 7), Place(3, 9), ""
        )

    def test_without_an_end_and_without_a_kind(self) -> None:
        message = json.loads(line(endPos=None))
        del message["kind"], message["isSilent"]
        read = read_json_line(json.dumps(message))
        assert read is not None and read.end is None and read.kind == ""

    @pytest.mark.parametrize("kind", ["hasSorry", "[anonymous]"])
    @pytest.mark.parametrize("quoted", ["'sorry'", "`sorry`", "‘sorry’"])
    def test_sorry_in_any_quotes(self, kind: str, quoted: str) -> None:
        read = read_json_line(line(severity="warning", kind=kind, data=f"declaration uses {quoted}"))
        assert read is not None and read.rule is Rule.SORRY

    def test_sorry_by_kind_alone(self) -> None:
        read = read_json_line(line(severity="warning", kind="hasSorry", data="other words"))
        assert read is not None and read.rule is Rule.SORRY

    def test_what_a_program_says_of_sorry_is_not_a_warning(self) -> None:
        read = read_json_line(line(severity="information", data="declaration uses 'sorry'"))
        assert read is not None and read.rule is Rule.OTHER and read.severity == "info"

    @pytest.mark.parametrize("text", ["", "{}", "{", "[1]", '{"data": 1}', line(severity="loud"), "null"])
    def test_what_is_no_message(self, text: str) -> None:
        assert read_json_line(text) is None


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("unknown module prefix 'Foo'\n\nNo directory 'Foo'", Rule.MISSING_IMPORT),
        ("object file '/x/Foo.olean' of module Foo does not exist", Rule.MISSING_IMPORT),
        ("unknown identifier 'foo'", Rule.UNKNOWN_NAME),
        ("Unknown identifier `foo`", Rule.UNKNOWN_NAME),
        ("unknown constant 'Nat.foo'", Rule.UNKNOWN_NAME),
        ("type mismatch\n  h\nhas type", Rule.TYPE_MISMATCH),
        ("Application type mismatch: The argument", Rule.TYPE_MISMATCH),
        ("application type mismatch\n  f x", Rule.TYPE_MISMATCH),
        ("tactic 'rewrite' failed, did not find instance of the pattern", Rule.TACTIC),
        ("Tactic `rewrite` failed: Did not find", Rule.TACTIC),
        ("simp made no progress", Rule.TACTIC),
        ("`simp` made no progress", Rule.TACTIC),
        ("linarith failed to find a contradiction", Rule.TACTIC),
        ("omega could not prove the goal:", Rule.TACTIC),
        ("no goals to be proved", Rule.TACTIC),
        ("unsolved goals\ncase nil", Rule.UNSOLVED_GOALS),
        ("failed to synthesize\n  Add α", Rule.SYNTHESIS),
        ("fail to show termination, possible errors", Rule.TERMINATION),
        ("unexpected token '='; expected term", Rule.PARSE),
        ("unexpected end of input; expected '{'", Rule.PARSE),
        ("expected token", Rule.PARSE),
        ("unterminated comment", Rule.PARSE),
        ("(deterministic) timeout at `whnf`, maximum number of heartbeats (200000)", Rule.HEARTBEATS),
        ("(deterministic) timeout at 'elaborator'", Rule.HEARTBEATS),
        ("maximum recursion depth has been reached", Rule.RECURSION),
        ("(kernel) declaration has metavariables '_example'", Rule.KERNEL),
        ("something new", Rule.OTHER),
    ],
)
def test_rules_of_errors(message: str, rule: Rule) -> None:
    assert classify(message, "", "error") is rule


def test_rules_of_other_severities() -> None:
    assert classify("using 'exit' to interrupt Lean", "", "warning") is Rule.INTERRUPTED
    assert classify("unused variable `h` [linter.unusedVariables]", "", "warning") is Rule.LINTER
    assert classify("unused variable", "linter.unusedVariables", "warning") is Rule.LINTER
    assert classify("unsolved goals", "", "info") is Rule.OTHER
    assert classify("x", "runtime.maxHeartbeats", "error") is Rule.HEARTBEATS
    assert classify("x", "lean.unknownIdentifier", "error") is Rule.UNKNOWN_NAME
    assert classify("x", "Tactic.unsolvedGoals", "error") is Rule.UNSOLVED_GOALS


def test_plain_output() -> None:
    output = (
        "/tmp/x/X.lean:1:8: warning: declaration uses 'sorry'\n"
        "X.lean:2:3-2:9: error: unsolved goals\n"
        "case nil\n"
        "X.lean is not the start of a message\n"
        "⊢ True\n"
        "\n"
        "X.lean:4:0: error(lean.unknownIdentifier): Unknown identifier `a`\n"
        "X.lean:5:0: hello\n"
    )
    assert read_plain(output, "X.lean") == (
        Diagnostic("warning", Rule.SORRY, "declaration uses 'sorry'", Place(1, 8)),
        Diagnostic(
            "error",
            Rule.UNSOLVED_GOALS,
            "unsolved goals\ncase nil\nX.lean is not the start of a message\n⊢ True",
            Place(2, 3),
            Place(2, 9),
        ),
        Diagnostic("error", Rule.UNKNOWN_NAME, "Unknown identifier `a`", Place(4, 0), None, "lean.unknownIdentifier"),
        Diagnostic("info", Rule.OTHER, "hello", Place(5, 0)),
    )
    assert read_plain("Lean: nothing\n", "X.lean") == ()


class TestPublished:
    @staticmethod
    def span(a: int, b: int, c: int, d: int) -> dict[str, object]:
        return {"start": {"line": a, "character": b}, "end": {"line": c, "character": d}}

    def read(self, text: str, **diagnostic: object) -> tuple[Diagnostic, ...]:
        message = {"source": "Lean 4", "severity": 1, "message": "m", "range": self.span(0, 0, 0, 1), **diagnostic}
        params = {"uri": "file:///X.lean", "version": 1, "diagnostics": [message]}
        return PublishedDiagnostics.model_validate(params).read(text.split("\n"))

    def test_columns_count_characters(self) -> None:
        (read,) = self.read("𝔸𝔸 é x", range=self.span(0, 7, 0, 8))
        assert (read.place, read.end) == (Place(1, 5), Place(1, 6))

    def test_the_full_range_counts(self) -> None:
        (read,) = self.read("a\n𝔸b", range=self.span(0, 0, 0, 1), fullRange=self.span(0, 0, 1, 3))
        assert (read.place, read.end) == (Place(1, 0), Place(2, 2))

    def test_places_behind_the_text(self) -> None:
        (read,) = self.read("ab", range=self.span(5, 3, 5, 9))
        assert read.place == Place(6, 0)

    def test_sorry_without_a_kind(self) -> None:
        for quoted in ("'sorry'", "`sorry`"):
            (read,) = self.read("a", severity=2, message=f"declaration uses {quoted}")
            assert (read.rule, read.severity) == (Rule.SORRY, "warning")

    def test_tags_and_codes(self) -> None:
        (read,) = self.read("a", message="new words", leanTags=[1])
        assert read.rule is Rule.UNSOLVED_GOALS
        (read,) = self.read("a", message="new words", code="lean.unknownIdentifier")
        assert (read.rule, read.kind) == (Rule.UNKNOWN_NAME, "lean.unknownIdentifier")
        (read,) = self.read("a", message="new words", severity=4)
        assert (read.rule, read.severity) == (Rule.OTHER, "info")
