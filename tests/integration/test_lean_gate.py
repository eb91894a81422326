"""The gate with the real Lean, on a small core library of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest
from lean_attacks import DECEITS, HONEST, ORIGINAL, TEXT_ATTACKS, TRUE_ONLY, Attack, Deceit, filled
from lean_installation import GateCompiler, gate_compiler

from lean_project.gate.judge import MODULE, judge_candidate
from lean_project.gate.results import CompileResult, Judgement
from lean_project.gate.stored import StoredVerdict, judge_stored
from lean_project.gate.text import read
from lean_project.olean.closure import Closure, Library, load_library
from lean_project.olean.compare import compare
from lean_project.olean.module import Module, Sort, load_module, read_module
from lean_project.olean.region import UnknownFormat
from lean_project.olean.terms import Terms

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def compiler() -> GateCompiler:
    return gate_compiler()


class Stored:
    """Texts as Lean stored them; each is compiled once."""

    def __init__(self, compiler: GateCompiler, folder: Path) -> None:
        self.compiler, self._folder = compiler, folder
        self._content: dict[str, bytes] = {}

    def content(self, text: str) -> bytes:
        if text not in self._content:
            out = self._folder / str(len(self._content))
            out.mkdir()
            result = asyncio.run(self.compiler(text, MODULE, out, [self.compiler.core]))
            assert result.status == "ok", result
            self._content[text] = (out / f"{MODULE}.olean").read_bytes()
        return self._content[text]

    def module(self, text: str, terms: Terms) -> Module:
        found = read_module(self.content(text), terms)
        assert isinstance(found, Module), found
        return found

    def library(self, module: Module) -> Library:
        found = load_library(module, [self.compiler.core])
        assert isinstance(found, Library), found
        return found

    def judge(self, original: str, candidate: str, target: str | None = None) -> StoredVerdict:
        terms = Terms()
        before, after = self.module(original, terms), self.module(candidate, terms)
        declared = {c.full_name for c in read(original).commands if c.full_name}
        return judge_stored(before, after, self.library(before), declared, target)


@pytest.fixture(scope="module")
def stored(compiler: GateCompiler, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    return Stored(compiler, tmp_path_factory.mktemp("stored"))


def judge(compiler: GateCompiler, original: str, candidate: str, target: str | None = None) -> Judgement:
    return asyncio.run(
        judge_candidate(original, candidate, compile_module=compiler, search_path=[compiler.core], target=target)
    )


@pytest.mark.parametrize("honest", HONEST, ids=lambda a: a.name)
def test_honest_candidates_are_accepted(compiler: GateCompiler, honest: Attack) -> None:
    found = judge(compiler, honest.original, honest.candidate)
    assert (found.verdict, found.objections, found.reason) == ("accepted", (), "")
    assert found.restated
    assert set(found.axioms) <= {"propext", "Classical.choice", "Quot.sound"}


@pytest.mark.parametrize("deceit", DECEITS, ids=lambda a: a.name)
def test_what_lean_accepts_wrongly_shows_in_what_it_stores(stored: Stored, deceit: Deceit) -> None:
    """The second line: the texts are not looked at."""
    found = stored.judge(deceit.original, deceit.candidate)
    assert deceit.rule in {o.rule for o in found.objections}, found


@pytest.mark.parametrize("deceit", [d for d in DECEITS if d.name != "one proved by another"], ids=lambda a: a.name)
def test_what_lean_accepts_wrongly_is_rejected(compiler: GateCompiler, deceit: Deceit) -> None:
    assert judge(compiler, deceit.original, deceit.candidate).verdict == "rejected"


def test_attacks_on_the_texts_never_reach_lean() -> None:
    async def fail(text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
        raise AssertionError(text)

    for attack in TEXT_ATTACKS:
        found = asyncio.run(judge_candidate(attack.original, attack.candidate, compile_module=fail, search_path=[]))
        assert found.verdict == "rejected", attack.name


def test_a_false_claim_is_not_proved(compiler: GateCompiler) -> None:
    found = judge(compiler, ORIGINAL, filled("rfl", "exact wrong n"))
    assert (found.verdict, {o.rule for o in found.objections}) == ("rejected", {"not-accepted"})
    assert all(o.line is not None for o in found.objections)
    assert judge(compiler, ORIGINAL, filled("rfl", "simp")).verdict == "rejected"
    assert judge(compiler, ORIGINAL, ORIGINAL).verdict == "rejected"


def test_a_target_alone(compiler: GateCompiler) -> None:
    half = filled("rfl", "sorry")
    assert judge(compiler, ORIGINAL, half, "total_nil").verdict == "accepted"
    assert judge(compiler, ORIGINAL, half, "Shop.total_nil").restated
    assert {o.rule for o in judge(compiler, ORIGINAL, half, "wrong").objections} == {"sorry-left"}
    assert {o.rule for o in judge(compiler, ORIGINAL, half, "nothing").objections} == {"target-missing"}


def test_a_target_that_rests_on_an_open_theorem_is_unknown(compiler: GateCompiler) -> None:
    original = "theorem first : 1 = 2 := by\n  sorry\ntheorem second : 2 = 1 := by\n  sorry\n"
    candidate = original[: original.rindex("sorry")] + "exact first.symm\n"
    found = judge(compiler, original, candidate, "second")
    assert found.verdict == "unknown"
    assert "`first`" in found.reason


def test_the_originals_own_assumptions_are_told_and_may_be_used(compiler: GateCompiler) -> None:
    original = "axiom ax (n : Nat) : n + 1 = n\ntheorem t : 1 = 0 := by\n  sorry\n"
    found = judge(compiler, original, original.replace("sorry", "exact ax 0"))
    assert (found.verdict, found.axioms, found.baseline) == ("accepted", ("ax",), ("axiom ax",))


def test_what_rests_on_open_data_is_unknown(compiler: GateCompiler) -> None:
    original = "noncomputable def g (n : Nat) : Nat := sorry\ntheorem t (n : Nat) : g n = g n := by\n  sorry\n"
    extra = "theorem extra : True := trivial\n"
    candidate = original.replace("theorem t", extra + "theorem t").replace("  sorry", "  rfl")
    found = judge(compiler, original, candidate)
    assert (found.verdict, found.baseline) == ("unknown", ("sorry in g",))
    assert "data" in found.reason


def test_open_data_may_be_given_where_that_is_asked_for(compiler: GateCompiler) -> None:
    original = "noncomputable def two : Nat := sorry\ntheorem t : two + two = 4 := by\n  sorry\n"
    candidate = original.replace("Nat := sorry", "Nat := 2").replace("  sorry", "  rfl")

    def found(text: str, implement: bool) -> Judgement:
        return asyncio.run(
            judge_candidate(original, text, compile_module=compiler, search_path=[compiler.core], implement=implement)
        )

    assert found(candidate, True).verdict == "accepted"
    assert {o.rule for o in found(candidate, False).objections} == {"definition-changed"}
    assert found(candidate.replace("Nat := 2", "Nat := 3"), True).verdict == "rejected"
    assert found(original, True).verdict == "rejected"


def test_a_proof_inside_a_definition_may_be_filled(compiler: GateCompiler) -> None:
    original = """structure Small where
  value : Nat
  fits : value ≤ 3
def two : Small := ⟨2, by sorry⟩
theorem t : two.value = 2 := by
  sorry
"""
    done = original.replace("by sorry", "by decide").replace("  sorry", "  rfl")
    assert judge(compiler, original, done).verdict == "accepted"
    left = original.replace("  sorry", "  rfl")
    assert {o.rule for o in judge(compiler, original, left).objections} == {"sorry-left"}


def test_skipping_the_kernel_shows_in_the_text_alone(stored: Stored, compiler: GateCompiler) -> None:
    """Without the rule for options, only a replay through the kernel would tell."""
    original = "theorem t : 2 + 2 = 5 := by\n  sorry\n"
    candidate = original.replace("sorry", "set_option debug.skipKernelTC true in decide +kernel")
    assert stored.judge(original, candidate).objections == ()
    assert {o.rule for o in judge(compiler, original, candidate).objections} == {"set-option"}


@pytest.mark.parametrize(("status", "verdict"), [("ok", "accepted"), ("error", "rejected"), ("unknown", "unknown")])
def test_the_replay_has_a_say(compiler: GateCompiler, status: Literal["ok", "error", "unknown"], verdict: str) -> None:
    async def replay(module: str, search_path: Sequence[Path]) -> CompileResult:
        assert (search_path[0] / f"{module}.olean").is_file()
        return CompileResult("ok" if search_path[0].name == "empty" else status)

    found = asyncio.run(
        judge_candidate(
            TRUE_ONLY,
            filled("rfl", "rfl", original=TRUE_ONLY),
            compile_module=compiler,
            search_path=[compiler.core],
            replay=replay,
        )
    )
    assert (found.verdict, found.replayed) == (verdict, verdict == "accepted")


def test_a_program_that_objects_to_everything_is_no_witness(compiler: GateCompiler) -> None:
    async def replay(module: str, search_path: Sequence[Path]) -> CompileResult:
        return CompileResult("error", (("incompatible header", None, None),))

    found = asyncio.run(
        judge_candidate(
            TRUE_ONLY,
            filled("rfl", "rfl", original=TRUE_ONLY),
            compile_module=compiler,
            search_path=[compiler.core],
            replay=replay,
        )
    )
    assert (found.verdict, "incompatible header" in found.reason) == ("unknown", True)


def test_names_of_what_lean_made_up_do_not_matter(stored: Stored) -> None:
    """A matcher is named after the first declaration that needs it."""
    original = "def f (n : Nat) : Nat := match n with | 0 => 1 | n + 1 => n\n"
    earlier = (
        "theorem e (n : Nat) : (match n with | 0 => 1 | n + 1 => n) = (match n with | 0 => 1 | n + 1 => n) := rfl\n"
    )
    terms = Terms()
    before, after = stored.module(original, terms), stored.module(earlier + original, terms)
    assert "f.match_1" in before
    assert "f.match_1" not in after
    assert compare(before, after) == []
    other = stored.module(earlier + original.replace("=> 1", "=> 2"), terms)
    found = compare(before, other)
    assert not isinstance(found, UnknownFormat) and [d.name for d in found] == ["f"]


def test_the_core_is_read(stored: Stored, compiler: GateCompiler) -> None:
    terms = Terms()
    module = load_module(compiler.core / "Init" / "Nat" / "Basic.olean", terms)
    assert isinstance(module, Module)
    for name in module.names:
        module.constant(name)
    assert {module.constant(n).sort for n in module.names} >= {Sort.THEOREM, Sort.DEFINITION}
    found = stored.library(module).closure(["Nat.add_comm"], module)
    assert isinstance(found, Closure)
    assert found.missing == frozenset()
    assert "sorryAx" not in found.axioms


def test_modules_in_several_files_are_read_whole(compiler: GateCompiler, tmp_path: Path) -> None:
    """What a `module` exports has no proofs: its theorems look like axioms there."""
    text = "module\nprelude\npublic axiom P : Prop\npublic axiom p : P\npublic theorem t : P := p\n"
    assert asyncio.run(compiler(text, "Several", tmp_path, [])).status == "ok"
    terms, path = Terms(), tmp_path / "Several.olean"
    whole = load_module(path, terms)
    assert isinstance(whole, Module)
    assert whole.constant("t").sort is Sort.THEOREM
    assert Library(terms, {}).closure(["t"], whole) == Closure(frozenset(["P", "p"]))
    exported = read_module(path.read_bytes(), terms)
    assert isinstance(exported, Module)
    assert exported.constant("t").sort is Sort.AXIOM
    path.with_name("Several.olean.private").unlink()
    assert isinstance(load_module(path, terms), UnknownFormat)


TRICKY = [
    "-- theorem {} : True := trivial",
    "/- theorem {} : True := trivial -/",
    "/- /- -/ theorem {} : True := trivial -/",
    "/- -- -/ theorem {} : True := trivial",
    "/-/ theorem {} : True := trivial -/",
    "/--/ theorem {} : True := trivial -/",
    "/-- a --/ theorem {} : True := trivial",
    "/-- /- -/ theorem {} : True := trivial -/",
    "/-- a -- -/ theorem {} : True := trivial",
    "/-- a /- -/ theorem {} : True := trivial -/",
    "/-! a -/ theorem {} : True := trivial",
    "/-! -- -/ theorem {} : True := trivial\n-/",
    "/-!/ theorem {} : True := trivial -/",
    "/---/ theorem {} : True := trivial",
    'theorem {}: "--" = "--" := rfl',
    'theorem {}: "/-" = "/-" := rfl /- "-/',
    'theorem {}: "\\"--" = "\\"--" := rfl',
    'theorem {}: r"\\" = r"\\" := rfl -- "',
    'theorem {}: r#"a"--"# = r#"a"--"# := rfl',
    "theorem {}' : True := trivial -- '\"",
    "theorem «{} -- /-» : True := trivial",
    "theorem {}₁ : True := trivial",
    "theorem {}é.α : True := trivial",
    "theorem {}: (fun x => x) 1 = 1 := rfl",
    "section theorem {} : True := trivial end",
    "theorem {}.theorem' : True := trivial",
]


def test_tokens_are_those_of_lean(stored: Stored) -> None:
    """Each snippet declares something, or hides that it would; both readings must agree."""
    parts = []
    for nth, snippet in enumerate(TRICKY):
        closing = f"theorem after{nth} : True := trivial\n"
        parts.append(snippet.format(f"tricky{nth}") + "\n" + closing)
    text = "".join(parts)
    module = stored.module(text, Terms())
    ours = {c.full_name for c in read(text).commands if c.keyword == "theorem"}
    theirs = {n.replace("«", "").replace("»", "") for n in module.names}
    assert {n.replace("«", "").replace("»", "") for n in ours} == theirs


def test_truncated_modules_are_told(stored: Stored) -> None:
    content = stored.content(ORIGINAL)
    for size in (0, 4, 50, 95, 200, len(content) // 2, len(content) - 1):
        found = read_module(content[:size], Terms())
        if isinstance(found, Module):  # cut behind the last object: nothing is lost
            assert size > len(content) - 64
        else:
            assert isinstance(found, UnknownFormat)
