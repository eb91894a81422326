"""What the gate makes of a verifier's answers, with a verifier that says what it is told to."""

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo
from prover.gate import judge
from prover.inputs import SourceFile
from prover.results import GateVerdict

ORIGINAL = """\
lemma Open(n: nat) ensures n * n >= n

lemma Goal(n: nat)
  ensures n + 1 > n
{
}

method User(n: nat)
  ensures n * n >= n
{
}

method Other()
  ensures false
{
}
"""
CANDIDATE = ORIGINAL.replace("Open(n: nat) ensures n * n >= n", "Open(n: nat) ensures n * n >= n { }")
ALL = ("Open", "Goal", "User", "Other")


class Scripted:
    """A verifier whose answers are given beforehand; asked about named declarations it answers `again`."""

    def __init__(self, result: CheckResult, again: CheckResult | None = None, major: int = 2) -> None:
        self.info = VerifierInfo("2.3.0" if major == 2 else "4.11.0", major, "z3 4.8.5", ("dafny",))
        self.result = result
        self.again = again
        self.requests: list[CheckRequest] = []

    async def check(self, request: CheckRequest) -> CheckResult:
        self.requests.append(request)
        return self.again if request.declarations is not None and self.again else self.result

    async def close(self) -> None:
        pass


def source(text: str, path: Path | None = None) -> SourceFile:
    return SourceFile(path, text, hashlib.sha256(text.encode()).hexdigest())


def said(
    verifier: Scripted, candidate: str = CANDIDATE, original: str = ORIGINAL, target: str | None = None
) -> GateVerdict:
    return asyncio.run(judge(source(original), candidate, verifier=verifier, target=target))


def failing(*names: str) -> CheckResult:
    errors = tuple(Diagnostic("error", Rule.POSTCONDITION, f"{n} fails", Place(3, 2), declaration=n) for n in names)
    return CheckResult(Outcome.FAILED, errors, tuple(n for n in ALL if n not in names), names)


VERIFIED = CheckResult(Outcome.VERIFIED, verified=ALL)


def test_verified_and_seen_in_the_trace_is_accepted() -> None:
    verdict = said(Scripted(VERIFIED))
    assert (verdict.verdict, verdict.objections, verdict.reason) == ("accepted", (), "")
    assert verdict.verifier == "Dafny 2.3.0 (z3 4.8.5)"


def test_a_rejected_text_is_not_verified_at_all() -> None:
    verifier = Scripted(VERIFIED)
    assert said(verifier, CANDIDATE.replace("ensures false", "")).verdict == "rejected"
    assert verifier.requests == []


def test_a_failure_is_rejected_with_its_place() -> None:
    verdict = said(Scripted(failing("Other")))
    assert verdict.verdict == "rejected"
    assert [(o.rule, o.line, o.column) for o in verdict.objections] == [("not-verified", 3, 2)]


def test_types_that_are_not_written_down_are_compared() -> None:
    original = "method M() returns (r: int) { var y := *; r := y; }"
    candidate = original.replace("r := y", "ghost var g: nat := y; r := y")

    class Printing(Scripted):
        def __init__(self, before: str, after: str) -> None:
            super().__init__(CheckResult(Outcome.VERIFIED, verified=("M",)))
            self.printed = {original: before, candidate: after}

        async def check(self, request: CheckRequest) -> CheckResult:
            result = await super().check(request)
            return replace(result, printed=self.printed[request.source]) if request.print_types else result

    def typed(text: str, type_: str) -> str:
        return text.replace("var y", f"var y: {type_}")

    same = Printing(typed(original, "int"), typed(candidate, "int"))
    assert said(same, candidate, original).verdict == "accepted"
    assert [(r.resolve_only, r.print_types) for r in same.requests] == [(False, False), (True, True), (True, True)]
    other = said(Printing(typed(original, "int"), typed(candidate, "nat")), candidate, original)
    assert (other.verdict, [o.rule for o in other.objections]) == ("rejected", ["type-changed"])
    assert "`y` in `M` the type `nat`" in other.objections[0].message
    silent = said(Printing("", ""), candidate, original)
    assert silent.verdict == "unknown" and "could not be compared" in silent.reason


def test_what_is_undecided_is_unknown() -> None:
    for outcome in (Outcome.TIMEOUT, Outcome.CRASHED, Outcome.UNKNOWN):
        verdict = said(Scripted(CheckResult(outcome)))
        assert (verdict.verdict, verdict.objections) == ("unknown", ())
        assert verdict.reason


def test_a_declaration_missing_from_the_trace_is_asked_for_again() -> None:
    partial = replace(VERIFIED, verified=("Open", "Goal", "User"))
    verifier = Scripted(partial, again=CheckResult(Outcome.VERIFIED))
    assert said(verifier).verdict == "accepted"
    assert verifier.requests[1].declarations == ("Other",)
    verdict = said(Scripted(partial, again=CheckResult(Outcome.UNKNOWN)))
    assert (verdict.verdict, verdict.reason) == ("unknown", "The verifier did not say that `Other` is verified.")


def test_what_the_original_marks_as_not_to_be_verified_is_baseline() -> None:
    original = ORIGINAL.replace("method Other", "method {:verify false} Other")
    candidate = CANDIDATE.replace("method Other", "method {:verify false} Other")
    silent = Scripted(CheckResult(Outcome.VERIFIED, verified=ALL[:3]), CheckResult(Outcome.UNKNOWN))
    verdict = said(silent, candidate, original)
    assert verdict.verdict == "accepted"
    assert any("verify-false" in told for told in verdict.baseline)
    touched = candidate.replace("ensures false\n{", "ensures false\n{ assert true;")
    assert said(silent, touched, original).verdict == "unknown"
    assert said(silent, candidate, ORIGINAL).verdict == "rejected"


def test_with_dafny_4_a_missing_declaration_must_have_nothing_to_prove() -> None:
    assert said(Scripted(replace(VERIFIED, verified=("Open", "Goal", "User")), major=4)).verdict == "unknown"
    trivial = "method T() { }"
    assert said(Scripted(CheckResult(Outcome.VERIFIED), major=4), trivial, trivial).verdict == "accepted"


def test_with_a_target_failures_elsewhere_are_baseline() -> None:
    verdict = said(
        Scripted(failing("Other")),
        ORIGINAL.replace("}\n\nmethod User", "  assert true;\n}\n\nmethod User"),
        target="Goal",
    )
    assert verdict.verdict == "accepted"
    assert verdict.baseline == (
        "bodyless-lemma in Open (line 1): lemma Open ( n : nat ) ensures n * n >= n",
        "not verified, outside of the target: Other",
    )


def test_a_target_that_depends_on_an_open_declaration_is_unknown() -> None:
    candidate = ORIGINAL.replace("  ensures n * n >= n\n{\n}", "  ensures n * n >= n\n{\n  Open(n);\n}")
    verdict = said(Scripted(VERIFIED), candidate, target="User")
    assert (verdict.verdict, verdict.reason) == ("unknown", "`User` depends on `Open`, which is not proved itself.")


def test_a_type_that_is_not_verified_may_concern_every_target() -> None:
    verdict = said(Scripted(failing("Empty")), "type Empty = x: int | false\n" + ORIGINAL, target="Goal")
    assert verdict.verdict == "rejected"  # it is not in the original
    text = "type Empty = x: int | x < x\n" + ORIGINAL
    verdict = said(Scripted(failing("Empty")), text, text, target="Goal")
    assert (verdict.verdict, verdict.reason) == ("unknown", "`Goal` depends on `Empty`, which is not proved itself.")


def test_a_failure_of_the_target_or_of_an_inserted_declaration_is_rejected() -> None:
    assert said(Scripted(failing("Goal")), ORIGINAL, target="Goal").verdict == "rejected"
    helped = ORIGINAL + "lemma Helper() ensures false { }\n"
    assert said(Scripted(failing("Helper")), helped, target="Goal").verdict == "rejected"


def test_a_target_that_is_not_there_is_told() -> None:
    assert [o.rule for o in said(Scripted(VERIFIED), target="Nowhere").objections] == ["target-missing"]


def test_an_original_that_is_not_what_was_read_is_not_judged() -> None:
    tampered = replace(source(ORIGINAL), text=ORIGINAL.replace("false", "true"))
    verdict = asyncio.run(judge(tampered, CANDIDATE, verifier=Scripted(VERIFIED)))
    assert verdict.verdict == "unknown"


def test_an_included_file_that_does_not_verify_leaves_the_verdict_open(tmp_path: Path) -> None:
    (tmp_path / "lib.dfy").write_text("lemma L() ensures false { }")
    text = 'include "lib.dfy"\nlemma Goal() ensures 1 > 0 { }'

    class ByText(Scripted):
        async def check(self, request: CheckRequest) -> CheckResult:
            return failing("L") if "lemma L" in request.source else self.result

    verdict = asyncio.run(
        judge(
            source(text, tmp_path / "task.dfy"),
            text,
            verifier=ByText(CheckResult(Outcome.VERIFIED, verified=("Goal",))),
        )
    )
    assert verdict.verdict == "unknown"
    assert "lib.dfy does not verify" in verdict.reason


def test_a_missing_include_is_rejected_with_the_reason(tmp_path: Path) -> None:
    text = 'include "lib.dfy"\nlemma Goal() ensures 1 > 0 { }'
    verdict = asyncio.run(judge(source(text, tmp_path / "task.dfy"), text, verifier=Scripted(VERIFIED)))
    assert [o.rule for o in verdict.objections] == ["include-missing"]


def test_a_file_alone_is_its_own_specification() -> None:
    verdict = asyncio.run(judge(None, CANDIDATE, verifier=Scripted(VERIFIED), translated=True))
    assert (verdict.verdict, verdict.translated) == ("accepted", True)
    assert asyncio.run(judge(None, ORIGINAL, verifier=Scripted(VERIFIED))).verdict == "rejected"


def test_a_lean_file_is_not_judged_by_dafny() -> None:
    with pytest.raises(TypeError):
        asyncio.run(judge(replace(source("x"), language="lean"), "x", verifier=Scripted(VERIFIED)))
