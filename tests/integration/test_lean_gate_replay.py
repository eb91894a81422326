"""The gate with a program that replays modules, and where compiled modules cannot be read: with the real Lean."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lean_attacks import DECEITS, HONEST, Attack, Deceit
from lean_installation import GateCompiler, gate_compiler
from warm import mostly_slow

from lean_project.gate import modules
from lean_project.gate.asking import judge_printed
from lean_project.gate.judge import judge_candidate
from lean_project.gate.modules import Modules
from lean_project.gate.results import CompileResult, Judgement
from lean_project.gate.text import TextVerdict, read
from lean_project.replay import Replayer
from prover import gate
from prover.inputs import SourceFile
from prover.lean_toolchain import LeanCompiler

pytestmark = pytest.mark.integration

ORIGINAL = "theorem t (n : Nat) : n + 0 = n := by\n  sorry\n"
CANDIDATE = ORIGINAL.replace("sorry", "rfl")


def source(text: str) -> SourceFile:
    return SourceFile(None, text, hashlib.sha256(text.encode()).hexdigest(), "lean")


async def takes_all(module: str, search_path: Sequence[Path]) -> CompileResult:
    """A replay that has nothing to object."""
    return CompileResult("ok")


@pytest.fixture(scope="module")
def compiler() -> GateCompiler:
    return gate_compiler()


def checker(folder: Path, body: str) -> Path:
    """A program that does what `body` says, if it is asked about a module that is there; else it crashes."""
    file = folder / "leanchecker"
    asked = '[ "$1" = LemmatreeCandidate ] && [ -f "${LEAN_PATH%%:*}/$1.olean" ] || kill -9 $$'
    file.write_text(f"#!/bin/sh\n{asked}\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def with_checker(compiler: GateCompiler, program: Path, seconds: float = 60.0) -> LeanCompiler:
    lean = compiler.compiler
    return replace(lean, replayer=Replayer(program, lean.verifier.installation), seconds=seconds)


OF_CANDIDATE = 'case "$LEAN_PATH" in */candidate:*)'


@pytest.mark.parametrize(
    ("body", "verdict", "rule"),
    [
        ("exit 0", "accepted", ""),
        (f"{OF_CANDIDATE} echo 'declaration type mismatch' >&2; exit 1;; esac", "rejected", "replay"),
        ("echo 'incompatible header' >&2; exit 1", "unknown", ""),
        ("kill -9 $$", "unknown", ""),
        ("exec sleep 600", "unknown", ""),
    ],
)
def test_the_kernels_word_counts(compiler: GateCompiler, tmp_path: Path, body: str, verdict: str, rule: str) -> None:
    lean = with_checker(compiler, checker(tmp_path, body), 3.0 if "sleep" in body else 60.0)
    found = asyncio.run(gate.judge(source(ORIGINAL), CANDIDATE, verifier=lean))
    assert (found.verdict, {o.rule for o in found.objections}) == (verdict, {rule} if rule else set()), found
    assert bool(found.replay) == (verdict == "accepted")


def test_without_a_program_it_is_told(compiler: GateCompiler) -> None:
    found = asyncio.run(gate.judge(source(ORIGINAL), CANDIDATE, verifier=compiler.compiler))
    assert (found.verdict, found.replay) == ("accepted", "")


class Unreadable:
    """The gate as for a version whose compiled modules are not understood."""

    def __init__(self, compiler: GateCompiler, replays: bool = True) -> None:
        self.compiler, self._replays = compiler, replays

    def judge(self, original: str | None, candidate: str, target: str | None = None) -> Judgement:
        return asyncio.run(
            judge_candidate(
                original,
                candidate,
                compile_module=self.compiler,
                search_path=[self.compiler.core],
                target=target,
                replay=takes_all if self._replays else None,
            )
        )


@pytest.fixture
def unreadable(compiler: GateCompiler, monkeypatch: pytest.MonkeyPatch) -> Unreadable:
    monkeypatch.setattr(modules, "KNOWN_LEAN", ("4.999.",))
    return Unreadable(compiler)


USUAL = (
    *("two proofs", "a private lemma for simp, and a definition", "an option for a lemma"),
    *("a lemma by the same patterns as a definition's", "local facts"),
)
"""Honest candidates that differ in what Lean prints of them."""


@pytest.mark.parametrize("honest", mostly_slow({a.name: (a,) for a in HONEST}, *USUAL))
def test_honest_candidates_are_accepted_by_what_lean_prints(unreadable: Unreadable, honest: Attack) -> None:
    found = unreadable.judge(honest.original, honest.candidate)
    if honest.name == "a lemma by the same patterns as a definition's":  # Lean names what both need after the lemma
        assert found.verdict == "unknown"
        return
    assert (found.verdict, found.objections, found.reason) == ("accepted", (), "")
    assert found.printed and found.restated and found.replayed
    assert set(found.axioms) <= {"propext", "Classical.choice", "Quot.sound"}


def test_without_a_replay_nothing_is_accepted(unreadable: Unreadable) -> None:
    found = Unreadable(unreadable.compiler, replays=False).judge(ORIGINAL, CANDIDATE)
    assert found.verdict == "unknown"
    assert "leanchecker" in found.reason and "PROVER_LEANCHECKER" in found.reason
    assert Unreadable(unreadable.compiler, replays=False).judge(None, CANDIDATE).verdict == "unknown"


MANY = (
    *("local instance", "scoped instance", "instance by attribute", "instance by command", "instance by variable"),
    *("heterogeneous instance", "instance of numerals", "shadowed in private", "shadowed by an abbreviation"),
    *("shadowed through open", "code replaced by export", "code replaced by extern", "code replaced by csimp"),
    *("universes turned round", "an axiom of its own", "a private theorem instead"),
)
"""Further ways of what other deceits do, all judged where compiled modules are read."""
TRIED = mostly_slow({a.name: (a,) for a in DECEITS}, *(a.name for a in DECEITS if a.name not in MANY))


@pytest.mark.parametrize("deceit", TRIED)
def test_what_lean_accepts_wrongly_is_not_accepted_as_printed(unreadable: Unreadable, deceit: Deceit) -> None:
    """The texts are not looked at here; whatever lies in the candidate, Lean prints it otherwise or names an axiom."""

    async def as_printed() -> Judgement:
        original, candidate = read(deceit.original), read(deceit.candidate)
        with tempfile.TemporaryDirectory() as folder:
            held = Modules(unreadable.compiler, [unreadable.compiler.core], Path(folder), takes_all)
            assert (await held.compiled(deceit.original, "original")).status == "ok"
            return await judge_printed(original, candidate, TextVerdict(()), None, held, "tried", ())

    found = asyncio.run(as_printed())
    # Not printed: other code for when a definition runs, and whether a proof is called one. The texts tell of both.
    unseen = deceit.name.startswith("code replaced") or deceit.name in ("another import", "a definition instead")
    assert found.verdict != "accepted" or unseen, found


def test_a_target_and_axioms_as_printed(unreadable: Unreadable) -> None:
    two = "axiom ax : 1 = 0\ntheorem a : 1 = 0 := by\n  sorry\ntheorem b : 0 = 1 := by\n  sorry\n"
    first = two.replace("sorry", "exact ax", 1)
    found = unreadable.judge(two, first, "a")
    assert (found.verdict, found.axioms, found.baseline) == ("accepted", ("ax",), ("axiom ax",))
    assert {o.rule for o in unreadable.judge(two, first).objections} == {"sorry-left"}
    resting = two.replace("  sorry\n", "  exact a.symm\n").replace("  exact a.symm", "  sorry", 1)
    assert unreadable.judge(two, resting, "b").verdict == "unknown"


@pytest.mark.parametrize(
    ("original", "word"),
    [
        ("instance : Inhabited Nat := ⟨0⟩\n", "instance"),
        ("inductive C where\n  | a\nderiving Inhabited\n", "deriving"),
        ("private theorem p : True := trivial\n", "private"),
        ("attribute [simp] Nat.add_comm\n", "attribute"),
    ],
)
def test_what_has_no_name_is_unknown_as_printed(unreadable: Unreadable, original: str, word: str) -> None:
    found = unreadable.judge(original + ORIGINAL, original + CANDIDATE)
    assert (found.verdict, word in found.reason) == ("unknown", True), found


def test_examples_as_printed(unreadable: Unreadable) -> None:
    original = "theorem h : True := trivial\nexample (n : Nat) : n + 0 = n := by\n  sorry\n"
    assert unreadable.judge(original, original.replace("sorry", "rfl")).verdict == "accepted"
    false = original.replace("n + 0", "n + 1")
    for proof in ("exact sorryAx _ false", "apply?", "rfl"):
        assert unreadable.judge(false, false.replace("sorry", proof)).verdict == "rejected"


def test_a_file_of_its_own_as_printed(unreadable: Unreadable) -> None:
    assert unreadable.judge(None, CANDIDATE).verdict == "accepted"
    hidden = "theorem t (a b : Nat) (h : ∀ c : Nat, c = b) : b + a = 7 := by\n  apply?\n"
    assert unreadable.judge(None, hidden).verdict != "accepted"


def test_an_exit_is_named_and_what_the_original_runs_is_told(compiler: GateCompiler) -> None:
    stopped = ORIGINAL + "#exit\ntheorem u : 1 = 2 := by\n  sorry\n"
    found = asyncio.run(gate.judge(source(stopped), stopped.replace("sorry", "rfl"), verifier=compiler.compiler))
    assert (found.verdict, "`#exit` in line 3" in found.reason) == ("unknown", True), found
    running = "#eval 1\n" + ORIGINAL
    found = asyncio.run(gate.judge(source(running), running.replace("sorry", "rfl"), verifier=compiler.compiler))
    assert (found.verdict, found.baseline) == ("accepted", ("run: `#eval` in line 1",))
