"""Dafny's part of a verdict: the text first, then a fresh verifier over the whole file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, Outcome
from dafny_env.gate.implementing import judge_regions
from dafny_env.gate.inferred import changed_types, leaves_types_open
from dafny_env.gate.objections import Objection
from dafny_env.gate.regions import Marked
from dafny_env.gate.static import StaticVerdict, judge_text
from dafny_env.gate.surroundings import Surroundings, read_surroundings
from dafny_env.gate.targets import SAYS_SOMETHING, depends_on_open, needed_by, told_of
from dafny_env.gate.verified import (
    has_something_to_prove,
    resolve_target,
    trace_names,
    unseen,
    unverified_on_purpose,
)
from dafny_env.index import callables, dependencies
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a candidate. reason: one sentence where it is unknown."""

    verdict: Literal["accepted", "rejected", "unknown"]
    baseline: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()
    reason: str = ""


async def judge_candidate(
    original: str | None,
    candidate: str,
    *,
    verifier: DafnyVerifier,
    folder: Path | None,
    target: str | None = None,
    seconds: float = 120.0,
    solver_seconds: int = 30,
) -> Judgement:
    """Judge a candidate. Never raises for what the texts or the verifier do.

    verifier: one that starts a fresh process for each check. folder: the original's. seconds: bounds the (at most two)
    verifier runs on the file together, that on each included file, and those that only look at types.
    """
    frozen = parse(original) if original is not None else None
    program = parse(candidate)
    surroundings = read_surroundings(frozen or program, folder)
    if surroundings.missing:
        told = "; ".join(surroundings.missing)
        return Judgement("rejected", (), (Objection("include-missing", f"cannot read what is included: {told}"),))
    goal: str | None = None
    if target is not None:
        goal = resolve_target(program, target)
        if goal is None:
            message = f"the target `{target}` is not declared in the file, or more than once: give its qualified name"
            return Judgement("rejected", (), (Objection("target-missing", message),))
    static = judge_text(frozen, program, surroundings, goal)
    if static.objections:
        return Judgement("rejected", static.baseline, static.objections)
    request = CheckRequest(candidate, folder, seconds=seconds, solver_seconds=solver_seconds)
    result = await verifier.check(request)
    found = _whole(result) if goal is None else _targeted(frozen, program, goal, result, static)
    if found.verdict == "accepted":
        excused = unverified_on_purpose(frozen, program) if frozen is not None else frozenset()
        found = await _cross_check(program, goal, excused, result, verifier, request) or found
    readable = frozen is not None and not frozen.problems
    if found.verdict == "accepted" and frozen is not None and readable:
        open_ = leaves_types_open(frozen, program, surroundings.programs)
        found = (await _compare_types(frozen.text, verifier, request) if open_ else None) or found
    if found.verdict == "accepted":
        found = await _check_included(found, surroundings, verifier, request, goal is not None)
    if found.verdict == "accepted" and not surroundings.unchanged():
        found = Judgement("unknown", reason="An included file changed while the candidate was checked: check again.")
    return replace(found, baseline=(*static.baseline, *found.baseline))


async def judge_implementation(
    original: Marked,
    candidate: str,
    *,
    verifier: DafnyVerifier,
    folder: Path | None,
    seconds: float = 120.0,
    solver_seconds: int = 30,
) -> Judgement:
    """Judge an implementation: the original with its regions filled in, and all of it verified. As `judge_candidate`
    otherwise."""
    program, skeleton = parse(candidate), parse(original.skeleton)
    surroundings = read_surroundings(skeleton, folder)
    if surroundings.missing:
        told = "; ".join(surroundings.missing)
        return Judgement("rejected", (), (Objection("include-missing", f"cannot read what is included: {told}"),))
    static = judge_regions(original, candidate, surroundings)
    if static.objections:
        return Judgement("rejected", static.baseline, static.objections)
    request = CheckRequest(candidate, folder, seconds=seconds, solver_seconds=solver_seconds)
    result = await verifier.check(request)
    found = _whole(result)
    if found.verdict == "accepted":
        excused = unverified_on_purpose(skeleton, program)
        found = await _cross_check(program, None, excused, result, verifier, request) or found
    if found.verdict == "accepted":
        found = await _check_included(found, surroundings, verifier, request, False)
    if found.verdict == "accepted" and not surroundings.unchanged():
        found = Judgement("unknown", reason="An included file changed while the candidate was checked: check again.")
    return replace(found, baseline=(*static.baseline, *found.baseline))


# ----------------------------------------------------------------------------------------------------- what it said


def _whole(result: CheckResult) -> Judgement:
    if result.outcome is Outcome.VERIFIED and not result.failed and not result.timed_out:
        return Judgement("accepted")
    if result.outcome in (Outcome.FAILED, Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR):
        return Judgement("rejected", objections=_failures(result))
    return Judgement("unknown", reason=_undecided(result))


def _failures(result: CheckResult) -> tuple[Objection, ...]:
    rule = {Outcome.PARSE_ERROR: "does-not-parse", Outcome.RESOLVE_ERROR: "does-not-resolve"}.get(
        result.outcome, "not-verified"
    )
    told = tuple(
        Objection(
            rule,
            d.message if d.place.file is None else f"{d.place.file}({d.place.line}): {d.message}",
            d.place.line if d.place.file is None else None,
            d.place.column if d.place.file is None else None,
        )
        for d in result.errors[:20]
    )
    return tuple(dict.fromkeys(told)) or (
        Objection(rule, f"not verified: {', '.join(result.failed) or 'no reason given'}"),
    )


def _undecided(result: CheckResult) -> str:
    if result.outcome is Outcome.TIMEOUT:
        names = f" in {', '.join(result.timed_out)}" if result.timed_out else ""
        return f"The verifier ran out of time{names}: allow more seconds, or give the proof more hints."
    return f"The verifier came to no verdict ({result.outcome} after {result.seconds:.0f} s): try again."


def _targeted(
    original: ast.Program | None, program: ast.Program, goal: str, result: CheckResult, static: StaticVerdict
) -> Judgement:
    """With a target, what fails elsewhere is baseline, as long as the original says the same there and the target does
    not depend on it."""
    if result.outcome not in SAYS_SOMETHING:
        return _whole(result)
    said = told_of(program, result)
    failed, undecided = said.failed, said.undecided
    told = [d.declaration for d in result.errors]
    if None in told and result.outcome is not Outcome.VERIFIED and not failed | undecided:
        return _whole(result)
    ours = {goal} | _inserted(original, program)
    if failed & ours:
        mine = {printed for name, printed in trace_names(program).items() if name in ours}
        errors = tuple(d for d in result.diagnostics if d.declaration in mine)
        return Judgement("rejected", objections=_failures(replace(result, diagnostics=errors or result.diagnostics)))
    if undecided & ours:
        return Judgement("unknown", reason=_undecided(result))
    needed = needed_by(program, goal, (failed | undecided | static.open) - ours)
    if needed:
        return Judgement("unknown", reason=depends_on_open(goal, needed))
    baseline = tuple(f"not verified, outside of the target: {name}" for name in sorted(failed | undecided))
    return Judgement("accepted", baseline)


def _inserted(original: ast.Program | None, program: ast.Program) -> set[str]:
    """Declarations that the original does not have, or has with another text."""
    if original is None:
        return set()
    known = {name: located.decl for name, located in callables(original).items()}
    return {name for name, located in callables(program).items() if known.get(name) != located.decl}


async def _compare_types(original: str, verifier: DafnyVerifier, request: CheckRequest) -> Judgement | None:
    """Types that are not written down must be inferred in the candidate as they are in the original; None when so."""
    look = replace(request, resolve_only=True, print_types=True)
    before, after = await verifier.check(replace(look, source=original)), await verifier.check(look)
    seen = all(r.outcome is Outcome.VERIFIED for r in (before, after))
    changed = changed_types(before.printed, after.printed) if seen else None
    if changed is None:
        return Judgement("unknown", reason="The types that Dafny infers for the original could not be compared.")
    objections = tuple(
        Objection(
            "type-changed",
            f"what was inserted gives `{c.name}` in `{c.declaration}` the type `{c.after}`; "
            f"in the original it has the type `{c.before}`: use it at that type only",
        )
        for c in changed
    )
    return Judgement("rejected", objections=objections) if objections else None


async def _check_included(
    found: Judgement, surroundings: Surroundings, verifier: DafnyVerifier, request: CheckRequest, targeted: bool
) -> Judgement:
    """Dafny takes included files for granted: verify each by itself. What was found, when all verify."""
    open_: list[str] = []
    for file in surroundings.files:
        alone = replace(request, source=file.program.text, folder=file.path.parent)
        result = await verifier.check(alone)
        if result.outcome is Outcome.VERIFIED:
            continue
        if not targeted:
            told = "; ".join(d.message for d in result.errors[:2]) or str(result.outcome)
            return Judgement("unknown", reason=f"The included {file.shown} does not verify by itself: {told}")
        open_.append(f"not verified, outside of the target: the included {file.shown}")
    return replace(found, baseline=(*found.baseline, *open_))


async def _cross_check(
    program: ast.Program,
    goal: str | None,
    excused: frozenset[str],
    result: CheckResult,
    verifier: DafnyVerifier,
    request: CheckRequest,
) -> Judgement | None:
    """Every declaration must have been seen to be verified, or have nothing to verify, or be excused; None when that is
    so."""
    said = {*result.verified, *result.failed, *result.timed_out}
    missing = tuple(name for name in unseen(program, said) if name not in excused)
    if goal is not None:
        needed = dependencies(program, goal) | {goal}
        missing = tuple(name for name in missing if name in needed)
    if not missing:
        return None
    index = callables(program)
    if verifier.info.major == 2:
        left = max(request.seconds - result.seconds, 1.0)
        again = await verifier.check(replace(request, declarations=missing, seconds=left))
        if again.outcome is Outcome.VERIFIED:
            return None
        suspicious: tuple[str, ...] = missing
    else:
        suspicious = tuple(name for name in missing if has_something_to_prove(index[name]))
    if not suspicious:
        return None
    return Judgement("unknown", reason=f"The verifier did not say that `{suspicious[0]}` is verified.")
