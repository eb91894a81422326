"""Long files with the real Lean: short documents that import what stands above, and many goals read at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from lean_installation import lean_installation

from lean_project.driver.factory import Toolchain, open_lean
from lean_project.driver.types import LeanResult, Place
from lean_project.environment import LeanEnvironment
from lean_project.goals import NotRead
from lean_project.steps import LeanStep
from lean_project.syntax.holes import sorries
from lean_project.told_apart import told_apart
from sandbox.missing import Missing
from search.ports import Accepted, Assignment, Step

pytestmark = pytest.mark.integration

T = TypeVar("T")
LEMMAS = "".join(f"theorem before{k} (p q : Prop) (h : p) (k : q) : p ∧ q := ⟨h, k⟩\n" for k in range(6))
SCOPED = f"""\
universe u
{LEMMAS}
namespace Outer
variable {{α : Type u}} (xs : List α)
def twice (n : Nat) : Nat := n + n
section
open List
variable (ys : List α)
@[simp] theorem twice_zero : twice 0 = 0 := rfl
{LEMMAS}
theorem unfinished : twice 1 = 2 := by
  sorry

/-- The goal. -/
theorem goal : xs.length + twice 0 = length xs ∧ ys = ys := by
  constructor
  · sorry
  · rfl
end
end Outer
"""


def with_lean(work: Callable[[Toolchain], Awaitable[T]]) -> T:
    async def run() -> T:
        tools = open_lean(found=lean_installation())
        assert not isinstance(tools, Missing)
        try:
            return await work(tools)
        finally:
            await tools.close()

    return asyncio.run(run())


def said(result: LeanResult) -> list[tuple[str, str, Place, Place | None]]:
    return [(d.severity, d.message, d.place, d.end) for d in result.diagnostics]


def test_a_short_document_says_what_the_whole_one_says() -> None:
    async def work(tools: Toolchain) -> None:
        above = tools.above()
        wanted = [SCOPED.index("theorem unfinished"), SCOPED.index("/-- The goal")]
        above._spacing = 1
        assert await above.prepare(SCOPED, wanted, seconds=60.0) == 2
        end = SCOPED.rindex("end\nend Outer")
        for proof in ("simp", "exact rfl", "exact h", "skip", "omega'", "simp [twice]", "𝔸"):
            text = SCOPED[:end].replace("· sorry", f"· {proof}")
            short, whole = await above.check(text, seconds=60.0), await tools.working.check(text, seconds=60.0)
            assert (short.outcome, said(short)) == (whole.outcome, said(whole))
        assert len(above._above) == 2
        places = [Place(h.line, h.column) for h in sorries(SCOPED)]
        for some in (places, places[1:]):
            one, other = [await v.goals(SCOPED, some, seconds=60.0) for v in (above, tools.working)]
            assert one.places == other.places and len(one.places) == len(some)

    with_lean(work)


def test_steps_of_a_long_file_are_accepted_and_put_together() -> None:
    async def work(tools: Toolchain) -> None:
        above = tools.above()
        above._spacing = 4
        environment = LeanEnvironment(SCOPED, above)
        await environment.open(seconds=60.0)
        roots = await environment.roots()
        assert [r.text for r in roots] == ["twice 1 = 2", "xs.length + twice 0 = xs.length"]
        assert len(above._above) == 1
        solution = {}
        for root, body in zip(roots, ["rfl", "simp"], strict=True):
            step = Step(body, body, payload=LeanStep(body))
            assert await environment.check(root, step, seconds=60.0) == Accepted()
            solution[root.key] = Assignment(root, step)
        assert await environment.assemble(solution, seconds=60.0) == Accepted()

    with_lean(work)


DATA = """\
noncomputable def pick (xs : List Nat) : Nat := sorry
theorem fine (p q : Prop) (h : p) (k : q) : p ∧ q := by
  have both : p ∧ q := ⟨sorry, k⟩
  sorry
noncomputable def other : Nat × Nat := by
  constructor
  · sorry
  · sorry
def positive : { n : Nat // n = 3 } := ⟨3, by sorry⟩
noncomputable def some : { n : Nat // n = 3 } := ⟨sorry, sorry⟩
theorem last (xs : List Nat) : pick xs = pick xs := by
  cases xs with
  | nil => sorry
  | cons x xs => sorry
"""


def test_data_is_told_from_proofs() -> None:
    async def work(tools: Toolchain) -> None:
        holes = sorries(DATA)
        found = await told_apart(tools.working, DATA, holes, seconds=60.0)
        assert not isinstance(found, NotRead)
        proofs, data = found
        assert [h.line for h in data] == [1, 7, 8, 10]
        assert [h.line for h in proofs] == [3, 4, 9, 10, 13, 14]

    with_lean(work)
