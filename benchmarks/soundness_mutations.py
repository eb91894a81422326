"""Do the tests notice when a rule of "What keeps the graph sound" is taken out? Each rule is removed in a copy of the
sources by one edit, and the unit tests that speak of it are run: they must fail.

    python benchmarks/soundness_mutations.py [--only WORD]

Prints one line per rule; exit status 1 when a rule was removed and nobody noticed, or an edit no longer applies."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEARCH = (
    "tests/unit/search/test_soundness.py",
    "tests/unit/search/test_graph.py",
    "tests/unit/search/test_strategies.py",
)
GOALS = ("tests/unit/dafny_env/test_environment.py",)
STEPS = ("tests/unit/dafny_env/test_environment.py", "tests/unit/dafny_env/test_steps.py")
REFUTE = ("tests/unit/dafny_env", "-k", "refute")


@dataclass(frozen=True)
class Removal:
    """A rule, and the edit that removes it: `old` occurs once in `file`."""

    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


REMOVALS = (
    # ------------------------------------------------------------------------------------------------------------- keys
    Removal(
        "a key covers verifier and options",
        "dafny_env/environment.py",
        "Keys(str(verifier.info), str(solver_seconds), text, *digests)",
        "Keys(text, *digests)",
        GOALS,
    ),
    Removal(
        "a key covers the frozen environment: includes",
        "dafny_env/environment.py",
        "str(solver_seconds), text, *digests)",
        "str(solver_seconds), text)",
        GOALS,
    ),
    Removal(
        "a lemma's key covers what may not be used for it",
        "dafny_env/goals.py",
        '" ".join(tokens), *sorted(payload.forbidden))',
        '" ".join(tokens))',
        GOALS,
    ),
    Removal(
        "a lemma's key covers the visible helpers, its hypotheses and its target",
        "dafny_env/goals.py",
        'tokens = ["\\0" if t.text == lemma.name else t.text for t in tokenize(payload.base)]',
        'tokens = ["\\0" if t.text == lemma.name else t.text for t in tokenize(payload.base)][:8]',
        GOALS,
    ),
    Removal(
        "a fact's key covers the whole current text of its declaration",
        "dafny_env/goals.py",
        'self._keys.of("fact", base, str(span.start), *sorted(forbidden))',
        'self._keys.of("fact", text, *sorted(forbidden))',
        GOALS,
    ),
    Removal(
        "equal keys are one node",
        "search/graph.py",
        "        if goal.key not in self.digraph:\n",
        "        if goal.key not in self.digraph or True:\n",
        SEARCH,
    ),
    # ------------------------------------------------------------------------------------------------------------ steps
    Removal(
        "a fact's step stays inside its `by { }`",
        "dafny_env/permitted.py",
        "    if goal.kind is GoalKind.FACT and not _in_by_block(goal, candidate, target, start):",
        "    if False:",
        STEPS,
    ),
    Removal(
        "a step stays inside its declaration",
        "dafny_env/permitted.py",
        "            if not start <= insertion.offset <= end:",
        "            if False:",
        STEPS,
    ),
    Removal(
        "a lemma that waits for a goal is not used for it",
        "dafny_env/permitted.py",
        "            if token.text in goal.forbidden:",
        "            if False:",
        STEPS,
    ),
    Removal(
        "steps whose open goals share metavariables are rejected",
        "search/effort.py",
        "        if isinstance(verdict, Accepted) and (shared := shared_metavariables(verdict.subgoals)):",
        "        if isinstance(verdict, Accepted) and (shared := shared_metavariables(())):",
        SEARCH,
    ),
    # ---------------------------------------------------------------------------------------------------------- solving
    Removal(
        "a goal records its first solving step",
        "search/graph.py",
        "            if node.status is not GoalStatus.OPEN or not step.usable:",
        "            if node.status.hopeless or not step.usable:",
        SEARCH,
    ),
    Removal(
        "a step solves when all of its subgoals are solved",
        "search/graph.py",
        "                if parent.pending == 0:",
        "                if parent.pending >= 0:",
        SEARCH,
    ),
    Removal(
        "subgoals are solved strictly earlier: a circle is worked out from scratch",
        "search/graph.py",
        "            if node.status is GoalStatus.SOLVED:\n                node.status = GoalStatus.OPEN\n",
        "",
        SEARCH,
    ),
    Removal(
        "a solution holds every goal after its subgoals",
        "search/graph.py",
        "        ordered = sorted(found.values(), key=lambda node: node.solved_at or 0)",
        "        ordered = list(found.values())",
        SEARCH,
    ),
    # --------------------------------------------------------------------------------------------------------- assembly
    Removal(
        "assembly is a check like any other: counted",
        "search/assembler.py",
        "        if not self._ledger.reserve():",
        "        if False:",
        SEARCH,
    ),
    Removal(
        "assembly is a check like any other: its verdict counts",
        "search/assembler.py",
        "        if isinstance(verdict, Accepted) and not verdict.subgoals:",
        "        if True:",
        SEARCH,
    ),
    Removal(
        "parts that fail together are a recorded conflict",
        "search/engine.py",
        "        self._committer.set_aside(self._conflicts, conflict)\n        return None\n\n    def _revise",
        "        return None\n\n    def _revise",
        SEARCH,
    ),
    Removal(
        "no verdict on the whole is no conflict",
        "search/engine.py",
        "        if isinstance(verdict, Unknown) and self._assembler.may_ask_again(solution):",
        "        if False:",
        SEARCH,
    ),
    # ------------------------------------------------------------------------------------------------------------ final
    Removal(
        "exhausted only without any unknown",
        "search/graph.py",
        "not (node.live or node.set_aside or node.undecided)",
        "not (node.live or node.set_aside)",
        SEARCH,
    ),
    Removal(
        "exhausted only without a step set aside",
        "search/graph.py",
        "not (node.live or node.set_aside or node.undecided)",
        "not (node.live or node.undecided)",
        SEARCH,
    ),
    Removal(
        "given up is a priority and not a state",
        "search/commit.py",
        "        self._recorder.given_up(key, why)\n",
        "        self._recorder.given_up(key, why)\n        self.absorb(self._graph.refute(key, why))\n",
        SEARCH,
    ),
    Removal(
        "what a strategy turns down is not the verifier's word",
        "search/commit.py",
        "        elif isinstance(verdict, Unknown) or isinstance(checked.verdict, Accepted):",
        "        elif isinstance(verdict, Unknown):",
        SEARCH,
    ),
    Removal(
        "what nobody confirmed prunes nothing",
        "search/commit.py",
        "        if isinstance(tested.found, Refuted):",
        "        if tested.found is not None:",
        SEARCH,
    ),
    Removal(
        "a refuted lemma ends every step that needs it",
        "search/graph.py",
        "        self._events.refuted.append(key)\n        self._kill_parents(node)\n",
        "        self._events.refuted.append(key)\n",
        SEARCH,
    ),
    Removal(
        "a timeout is no failure",
        "dafny_env/environment.py",
        "NOT_A_VERDICT = (Rule.TIMEOUT, Rule.RESOURCE, Rule.INTERNAL)",
        "NOT_A_VERDICT = ()",
        GOALS,
    ),
    # ---------------------------------------------------------------------------------------------------------- refuted
    Removal(
        "refuted only from an input that satisfies requires",
        "dafny_env/interp/inputs.py",
        "                if test(frame) is not True:\n                    return None\n"
        "            except Fault as fault:\n"
        "                if clause",
        "                test(frame)\n            except Fault as fault:\n                if clause",
        REFUTE,
    ),
    Removal(
        "a run in which an assumption is false is no evidence",
        "dafny_env/refute/strict.py",
        '            raise Moot("an assumption is not seen to hold")',
        "            pass",
        REFUTE,
    ),
    Removal(
        "what a callee breaks is not held against its caller",
        "dafny_env/refute/strict.py",
        "        if not kept:\n",
        "        if False:\n",
        REFUTE,
    ),
    Removal(
        "a function that breaks its contract is no evidence against others",
        "dafny_env/refute/strict.py",
        "            if truth(test, inner) is not True:\n",
        "            if False:\n",
        REFUTE,
    ),
    Removal(
        "a solver's model refutes nothing",
        "dafny_env/refute/refuter.py",
        "        return None if left is None else Unconfirmed(",
        "        return None if left is None else Refuted(",
        REFUTE,
    ),
    Removal(
        "a fact is refuted only where a run gets to it",
        "dafny_env/refute/running.py",
        '            if self._fact is not None and not (claim.kind == "assume" and claim.offset == self._fact):\n',
        "            if False:\n",
        REFUTE,
    ),
)


def noticed(removal: Removal, copy: Path) -> bool | None:
    """Whether the tests fail without the rule; None when the edit does not apply."""
    file = copy / removal.file
    text = file.read_text(encoding="utf-8")
    if text.count(removal.old) != 1:
        return None
    file.write_text(text.replace(removal.old, removal.new), encoding="utf-8")
    try:
        env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *removal.tests]
        return subprocess.run(command, cwd=copy, env=env, capture_output=True, timeout=600, check=False).returncode == 1
    finally:
        file.write_text(text, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="WORD", help="rules that contain this")
    options = parser.parse_args()
    unnoticed = 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        ignored = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignored)
        for removal in REMOVALS:
            if options.only in removal.rule:
                found = noticed(removal, copy)
                word = {True: "noticed", False: "NOT NOTICED", None: "DOES NOT APPLY"}[found]
                unnoticed += found is not True
                print(f"{word:<15} {removal.rule}", flush=True)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    raise SystemExit(main())
