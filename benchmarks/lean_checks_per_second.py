"""Candidate checks per second on one goal: the warm language server against one `lean` process for each candidate.

Both sides get the same candidates in the same run, in turns, and no cache. A candidate is the whole file: some lemmas
that are proved already, and a proof of the last one by induction, with a tactic in each case. What stands far above is
compiled to modules first, as the search has it done (`--whole`: not so). The target of the project is a ratio of 10 or
more.

    python benchmarks/lean_checks_per_second.py [--candidates 60] [--lemmas 5 20 100 200] [--whole]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import time

from lean_project.driver.factory import open_lean
from lean_project.driver.types import LeanResult, LeanVerifier
from lean_project.toolchain import LeanInstallation, discover
from sandbox.missing import Missing

LEMMA = """\
theorem before{} (p q r : Prop) (h : p) (k : q ∧ r) : (p ∧ q) ∧ r := by
  constructor
  · exact ⟨h, k.left⟩
  · exact k.right
"""
GOAL = """\
theorem goal (f : Nat → Nat) (xs : List Nat) : (xs.map f).length = xs.length := by
  induction xs with
  | nil => {}
  | cons x xs ih => {}
"""
TACTICS = (
    "rfl", "simp", "simp [ih]", "simp_all", "exact ih", "trivial", "contradiction", "assumption", "rw [ih]", "skip",
    "simp only [List.map_cons, List.length_cons, ih]", "exact absurd rfl ih", "(constructor)", "decide",
    "unfold List.map",
)  # fmt: skip
PROOF = ("rfl", "simp [List.length, ih]")
"""Expected to be accepted, so that both verdicts occur."""


def candidates(count: int, lemmas: int, seed: int) -> list[str]:
    """`count` different texts."""
    given = "".join(LEMMA.format(number) for number in range(lemmas))
    pairs = list(itertools.product(TACTICS, repeat=2))
    random.Random(seed).shuffle(pairs)
    pairs.insert(0, PROOF)
    return [given + GOAL.format(*pair) for pair in pairs[:count]]


async def timed(verifier: LeanVerifier, texts: list[str], results: list[LeanResult]) -> None:
    for text in texts:
        results.append(await verifier.check(text, seconds=60.0))


async def measure(lean: LeanInstallation, lemmas: int, options: argparse.Namespace) -> None:
    texts = candidates(options.candidates, lemmas, options.seed)
    tools = open_lean(found=lean)
    assert not isinstance(tools, Missing)
    warm, cold = tools.above(), tools.cold
    above = texts[0].split("theorem goal")[0]
    first = await warm.check(above, seconds=60.0)
    began = time.monotonic()
    modules = 0 if options.whole else await warm.prepare(texts[0], [len(above)], seconds=60.0)
    prepared = time.monotonic() - began
    await warm.check(above, seconds=60.0)
    from_server: list[LeanResult] = []
    from_process: list[LeanResult] = []
    for start in range(0, len(texts), 10):  # in turns, so that both see the same load of the machine
        await timed(warm, texts[start : start + 10], from_server)
        await timed(cold, texts[start : start + 10], from_process)
    await tools.close()
    print(
        f"{lean}: {len(texts)} candidates, {lemmas} lemmas above the goal; first text {first.seconds:.2f} s; "
        f"{modules} modules in {prepared:.2f} s"
    )
    for name, results in (("language server", from_server), ("process each", from_process)):
        seconds = [result.seconds for result in results]
        ordered = sorted(seconds)
        print(
            f"{name:16} {len(seconds) / sum(seconds):8.2f} checks/s, "
            f"median {1000 * statistics.median(seconds):.1f} ms, "
            f"9 of 10 within {1000 * ordered[(9 * len(ordered)) // 10]:.1f} ms"
        )
    same = sum(
        (a.outcome, a.errors and a.errors[0].place) == (b.outcome, b.errors and b.errors[0].place)
        for a, b in zip(from_server, from_process, strict=True)
    )
    accepted = sum(result.complete for result in from_process)
    print(f"same outcome and first error: {same} of {len(texts)}; accepted: {accepted}")
    ratio = sum(r.seconds for r in from_process) / sum(r.seconds for r in from_server)
    print(f"ratio: {ratio:.1f} (target: at least 10)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=60)
    parser.add_argument("--lemmas", type=int, nargs="+", default=[5])
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    lean = discover()
    if isinstance(lean, Missing):
        raise SystemExit(str(lean))
    for lemmas in options.lemmas:
        asyncio.run(measure(lean, lemmas, options))


if __name__ == "__main__":
    main()
