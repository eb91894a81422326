"""A found solution with less in it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence

from environment_base import Answer, Bench, as_step, verified

from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule
from dafny_env.steps import DafnyStep, Insertion
from prover.prune import prune
from search.ports import Assignment

TEXT = "function F(n: nat): nat { n }\nmethod M(n: nat) returns (r: nat) ensures r == F(n) { r := n; }\n"
AT = TEXT.index("r := n")


def needs(*words: str) -> Answer:
    """A verifier that is content as long as these words are there."""

    def answer(request: CheckRequest) -> CheckResult:
        if all(word in request.source for word in words):
            return verified(request)
        error = Diagnostic("error", Rule.ASSERTION, "failed", Place(1, 0))
        return CheckResult(Outcome.FAILED, (error,), failed=("M",))

    return answer


def pruned(needed: Sequence[str], *, checks: float = math.inf) -> tuple[str, int]:
    """A method solved with two insertions and a lemma, one insertion of which may go."""
    bench = Bench(TEXT, broken=("M",))
    root = bench.root("M")
    lines = (Insertion(AT, "\nassert n >= 0;"), Insertion(AT, "\nHelp(n);\n"))
    split = DafnyStep(lines, helpers="lemma Help(n: nat) ensures F(n) == n")
    (lemma,) = bench.subgoals(root, split)
    proof = DafnyStep((Insertion(lemma.payload.site.end, "\n{ }"),))
    solution = {
        lemma.key: Assignment(lemma, as_step(proof)),
        root.key: Assignment(root, as_step(split), (lemma,)),
    }
    bench.verifier.answer = needs(*needed)
    found, spent = asyncio.run(prune(bench.environment, [root], solution, checks, math.inf, plain=True))
    return bench.environment.render(found, [root]), spent


def test_a_decomposed_root_is_pruned_with_its_lemmas_proofs_put_in() -> None:
    text, spent = pruned(["Help(n);", "lemma Help(n: nat) ensures F(n) == n\n{ }"])
    assert "assert n >= 0" not in text
    assert "Help(n);" in text and "lemma Help" in text
    assert 0 < spent <= 3


def test_without_checks_everything_stays() -> None:
    text, spent = pruned(["nothing"], checks=0)
    assert "assert n >= 0" in text and "Help(n);" in text
    assert spent == 0
