"""The gate's order of work and how it fails closed, with a fake compiler."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from olean_writer import Writer

from lean_project.gate.judge import MODULE, judge_candidate
from lean_project.gate.results import CompileResult, Judgement

ORIGINAL = "theorem t : P := sorry\n"
CANDIDATE = "theorem t : P := proof\n"

Build = Callable[[Writer], dict[str, int]]


def stored(proof: str, statement: str = "P", lean: str = "4.35.0", version: int = 2) -> bytes:
    w = Writer(lean, version)
    value = w.app(w.const("sorryAx", [w.small(0)]), w.const(statement)) if proof == "sorry" else w.const(proof)
    return w.module({"t": w.theorem("t", w.const(statement), value)}, ["Init"])


def other_import() -> bytes:
    w = Writer()
    return w.module({"t": w.theorem("t", w.const("P"), w.const("proof"))}, ["Init", "Init"])


def with_entries(**entries: int) -> bytes:
    w = Writer()
    named = {"Lean.Compiler.implementedByAttr": entries.get("replaced", 0), "Lean.declRangeExt": entries["other"]}
    return w.module({"t": w.theorem("t", w.const("P"), w.const("proof"))}, ["Init"], named)


def core(lean: str = "4.35.0") -> bytes:
    w = Writer(lean=lean)
    prop = w.sort(w.small(0))
    constants = {n: w.axiom(n, prop) for n in ("P", "propext", "bad", "sorryAx")}
    constants["proof"] = w.theorem("proof", prop, w.const("propext"))
    constants["false"] = w.theorem("false", prop, w.const("bad"))
    constants["P"] = w.definition("P", prop, prop)
    constants["Q"] = w.definition("Q", prop, prop)
    return w.module(constants)


ACCEPTED = CompileResult("ok")


class FakeLean:
    """Writes what it is told to for each text. restated: what becomes of statements restated."""

    def __init__(
        self, library: Path, answers: Mapping[str, bytes | CompileResult], restated: CompileResult = ACCEPTED
    ) -> None:
        self.library, self.answers, self.restated = library, answers, restated
        self.asked: list[str] = []
        (library / "Init.olean").write_bytes(core())

    async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
        self.asked.append(text)
        if module != MODULE:
            return self.restated
        answer = self.answers[text]
        if isinstance(answer, CompileResult):
            return answer
        (out_dir / f"{module}.olean").write_bytes(answer)
        return CompileResult("ok")

    def judge(self, original: str | None = ORIGINAL, candidate: str = CANDIDATE) -> Judgement:
        return asyncio.run(
            judge_candidate(original, candidate, compile_module=self, search_path=[self.library], scratch=self.library)
        )


def test_the_original_comes_first(tmp_path: Path) -> None:
    lean = FakeLean(tmp_path, {ORIGINAL: stored("sorry"), CANDIDATE: stored("proof")})
    found = lean.judge()
    assert (found.verdict, found.axioms, found.restated) == ("accepted", ("propext",), True)
    assert lean.asked[:2] == [ORIGINAL, CANDIDATE]
    assert "import LemmatreeCandidate" in lean.asked[2]
    assert list(tmp_path.iterdir()) == [tmp_path / "Init.olean"]


@pytest.mark.parametrize(
    ("before", "after", "verdict", "rule"),
    [
        (stored("sorry"), stored("proof", "Q"), "rejected", "type-changed"),
        (stored("sorry"), stored("false"), "rejected", "axiom-used"),
        (stored("sorry"), stored("sorry"), "rejected", "sorry-left"),
        (stored("sorry"), other_import(), "rejected", "imports-changed"),
        (stored("sorry"), with_entries(replaced=1, other=3), "rejected", "code-replaced"),
        (stored("sorry"), with_entries(other=3), "accepted", ""),
        (stored("sorry"), stored("nothing"), "unknown", ""),
        (stored("sorry"), stored("proof")[:-50], "unknown", ""),
        (stored("sorry"), b"", "unknown", ""),
        (stored("sorry"), stored("proof", lean="4.99.0"), "unknown", ""),
        (stored("sorry"), stored("proof", version=9), "unknown", ""),
        (stored("sorry", lean="4.3.0"), stored("proof", lean="4.3.0"), "unknown", ""),
        (stored("sorry"), CompileResult("unknown", reason="timeout"), "unknown", ""),
        (stored("sorry"), CompileResult("error", (("no", 1, 2),)), "rejected", "not-accepted"),
        (CompileResult("error", (("no", 1, 2),)), stored("proof"), "unknown", ""),
        (CompileResult("unknown", reason="timeout"), stored("proof"), "unknown", ""),
    ],
)
def test_it_fails_closed(
    tmp_path: Path, before: bytes | CompileResult, after: bytes | CompileResult, verdict: str, rule: str
) -> None:
    found = FakeLean(tmp_path, {ORIGINAL: before, CANDIDATE: after}).judge()
    assert (found.verdict, {o.rule for o in found.objections}) == (verdict, {rule} if rule else set())
    assert bool(found.reason) == (verdict == "unknown")


def test_a_sorry_that_is_left_has_its_line(tmp_path: Path) -> None:
    (found,) = FakeLean(tmp_path, {ORIGINAL: stored("sorry")}).judge(candidate=ORIGINAL).objections
    assert (found.rule, found.line) == ("sorry-left", 1)


def test_another_version_of_the_library_is_unknown(tmp_path: Path) -> None:
    lean = FakeLean(tmp_path, {ORIGINAL: stored("sorry"), CANDIDATE: stored("proof")})
    (tmp_path / "Init.olean").write_bytes(core("4.34.0"))
    assert lean.judge().verdict == "unknown"
    (tmp_path / "Init.olean").unlink()
    assert lean.judge().verdict == "unknown"


def test_a_library_that_changes_meanwhile_is_unknown(tmp_path: Path) -> None:
    class Tampering(FakeLean):
        async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
            if text == CANDIDATE:
                (self.library / "Other.olean").write_bytes(core() + bytes(8))
                (self.library / "Other.olean").replace(self.library / "Init.olean")
            return await super().__call__(text, module, out_dir, search_path)

    found = Tampering(tmp_path, {ORIGINAL: stored("sorry"), CANDIDATE: stored("proof")}).judge()
    assert (found.verdict, "changed" in found.reason) == ("unknown", True)


def test_leans_second_opinion_counts(tmp_path: Path) -> None:
    class Objecting(FakeLean):
        async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
            if module != MODULE and (search_path[0].name == "candidate"):
                return CompileResult("error", (("type mismatch", 3, 0),))
            return await super().__call__(text, module, out_dir, search_path)

    found = Objecting(tmp_path, {ORIGINAL: stored("sorry"), CANDIDATE: stored("proof")}).judge()
    assert (found.verdict, {o.rule for o in found.objections}) == ("rejected", {"restated"})


def test_what_cannot_be_restated_says_nothing(tmp_path: Path) -> None:
    restated = CompileResult("error")
    found = FakeLean(tmp_path, {ORIGINAL: stored("sorry"), CANDIDATE: stored("proof")}, restated).judge()
    assert (found.verdict, found.restated) == ("accepted", False)


def test_an_original_that_turns_the_kernel_off_is_unknown_without_replay(tmp_path: Path) -> None:
    option = "set_option debug.skipKernelTC true\n"
    answers = {option + ORIGINAL: stored("sorry"), option + CANDIDATE: stored("proof")}
    found = FakeLean(tmp_path, answers).judge(option + ORIGINAL, option + CANDIDATE)
    assert (found.verdict, found.baseline) == ("unknown", ("set-option: `set_option` in line 1",))


def test_a_file_that_is_its_own_specification(tmp_path: Path) -> None:
    lean = FakeLean(tmp_path, {ORIGINAL: stored("sorry"), CANDIDATE: stored("proof"), "x": stored("false")})
    assert lean.judge(None, CANDIDATE).verdict == "accepted"
    assert {o.rule for o in lean.judge(None, ORIGINAL).objections} == {"sorry"}
    assert {o.rule for o in lean.judge(None, "x").objections} == {"axiom-used"}
    for cheat in ("axiom a : False", "theorem t : P := by native_decide", "set_option debug.skipKernelTC true"):
        assert lean.judge(None, cheat).verdict == "rejected"
