"""What Lean stored for the candidate, against what it stored for the original: statements and definitions term by term,
and what the proofs rest on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lean_project.gate.results import Objection
from lean_project.olean.closure import STANDARD_AXIOMS, Closure, Library
from lean_project.olean.compare import compare, is_numbered
from lean_project.olean.module import Module, Sort
from lean_project.olean.region import Malformed, UnknownFormat

SORRY = "sorryAx"

_RULES = {
    "missing": ("declaration-missing", "is not there any more"),
    "kind": ("kind-changed", "is another kind of declaration"),
    "type": ("type-changed", "states something else"),
    "value": ("definition-changed", "is defined otherwise"),
    "details": ("type-changed", "is another type"),
    "axiom-added": ("axiom", "is a new axiom"),
}

_EQUATION = re.compile(r"eq_\d+|eq_def|eq_unfold")

_REPLACING = ("implementedBy", "externAttr", "CSimp", "csimp", "InitAttr", "exportAttr")
"""In the names of extensions that say which code stands for a definition when it runs."""


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """unknown: why nothing can be said; empty otherwise. axioms: what the claimed theorems rest on. claimed: their
    names. baseline: what the original takes for granted."""

    objections: tuple[Objection, ...] = ()
    axioms: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    unknown: str = ""


def judge_stored(
    original: Module,
    candidate: Module,
    library: Library,
    declared: Collection[str],
    target: str | None,
    implement: bool = False,
    also: Collection[str] = (),
    granted: Collection[str] = (),
) -> StoredVerdict:
    """Compare. declared: full names that the original's text declares; those that the module does not have are left
    out. target: the full name of the one theorem that is asked for; None for all. implement: definitions that the
    original leaves open are to be given too; otherwise they stay as they are. also: definitions whose axioms are told
    with those of the theorems. granted: full names of the original's declarations whose open proofs are taken for
    granted.
    """
    try:
        return _judge(original, candidate, library, declared, target, implement, also, granted)
    except Malformed as error:
        return StoredVerdict(unknown=f"A compiled module cannot be relied on: {error}.")


def judge_alone(module: Module, library: Library) -> StoredVerdict:
    """What is said of a module that is its own specification: everything that it takes for granted counts."""
    try:
        return _alone(module, library)
    except Malformed as error:
        return StoredVerdict(unknown=f"A compiled module cannot be relied on: {error}.")


def _alone(module: Module, library: Library) -> StoredVerdict:
    objections: list[Objection] = []
    for name in module.names:
        if module.constant(name).sort is Sort.AXIOM:
            objections.append(Objection("axiom", f"`{_plain(name)}` is an axiom"))
        if _sorries(module, name) != (False, False):
            objections.append(Objection("sorry-left", f"`{_plain(name)}` is not proved: a `sorry` is left in it"))
    found = library.closure(module.names, module)
    if isinstance(found, UnknownFormat) or found.missing:
        return StoredVerdict(unknown="What the file rests on cannot be found out.")
    for axiom in sorted(found.axioms - STANDARD_AXIOMS - {SORRY}):
        if axiom not in module:
            objections.append(Objection("axiom-used", f"the file rests on the axiom `{axiom}`"))
    theorems = tuple(n for n in module.names if module.constant(n).sort is Sort.THEOREM)
    return StoredVerdict(tuple(objections), tuple(sorted(found.axioms)), (), theorems)


def _judge(
    original: Module,
    candidate: Module,
    library: Library,
    declared: Collection[str],
    target: str | None,
    implement: bool,
    also: Collection[str],
    granted: Collection[str],
) -> StoredVerdict:
    if original.imports != candidate.imports:
        return StoredVerdict((Objection("imports-changed", "the candidate imports other modules"),))
    required = {n for n in original.names if n in declared or _plain(n) in declared}
    given = {n for n in original.names if implement and _leaves_data_open(original, n)}
    found = compare(original, candidate, required, may_differ=given)
    if isinstance(found, UnknownFormat):
        return StoredVerdict(unknown=f"A compiled module cannot be relied on: {found.reason}.")
    objections: list[Objection] = []
    for difference in found:
        rule, message = _RULES[difference.what]
        through = f" uses `{difference.through}`, which" if difference.through else ""
        objections.append(Objection(rule, f"`{_plain(difference.name)}`{through} {message}"))
    objections += _replaced(original, candidate)
    theorems = [n for n in original.names if original.constant(n).sort is Sort.THEOREM]
    claimed = [n for n in theorems if target is None or n == target or _plain(n) == target]
    if target is not None and not claimed:
        return StoredVerdict((Objection("target-missing", f"the original proves no `{target}`"),))
    own = {n for n in original.names if original.constant(n).sort is Sort.AXIOM}
    open_, unknown = _unproved(original, candidate, library, target, claimed, given, granted)
    objections += open_
    axioms = set[str]()
    checked = claimed if target is not None else list(original.names)  # definitions hold proofs too
    checked = [n for n in checked if n in candidate]
    befores, afters = library.closures(checked, original), library.closures(checked, candidate)
    if isinstance(befores, UnknownFormat) or isinstance(afters, UnknownFormat):
        return StoredVerdict(unknown="What the theorems rest on cannot be found out: there is too much of it.")
    for name in checked:
        before, after = befores[name], afters[name]
        if after.missing:
            return StoredVerdict(unknown=f"`{name}` uses `{min(after.missing)}`, which is in no module.")
        if (name in claimed and not is_numbered(name)) or _plain(name) in also:
            axioms |= after.axioms
        objections += _axioms(name, before, after, own)
    told = (*(f"axiom {n}" for n in sorted(own)), *_taken_for_granted(original, candidate, library))
    objections = list(dict.fromkeys(objections))
    return StoredVerdict(tuple(objections), tuple(sorted(axioms)), told, tuple(claimed), unknown)


def _plain(name: str) -> str:
    """A private name as it is written."""
    return name.split(".0.", 1)[1] if name.startswith("_private.") and ".0." in name else name


def _axioms(name: str, before: Closure, after: Closure, own: AbstractSet[str]) -> Iterator[Objection]:
    allowed = STANDARD_AXIOMS | own | before.axioms | {SORRY}  # a `sorry` is looked for where it stands
    for axiom in sorted(after.axioms - allowed):
        yield Objection("axiom-used", f"`{name}` rests on the axiom `{axiom}`, which the original does not have")


def _sorries(module: Module, name: str) -> tuple[bool, bool]:
    """Whether a constant itself has a `sorry` for a proof, and one for data."""
    terms, constant = module.terms, module.constant(name)
    if SORRY not in (terms.constants(constant.type) | _in_value(module, name)):
        return False, False
    proof = data = False
    todo = [constant.type, *(() if constant.value is None else (constant.value,))]
    seen = set(todo)
    while todo:
        at = todo.pop()
        node = terms.nodes[at]
        if node[0] == "const" and node[1] == SORRY:
            levels = terms.nodes[int(str(node[2]))]
            if len(levels) == 2 and not terms.is_zero(int(str(levels[1]))):
                data = True
            else:
                proof = True
        new = [p for p in terms.parts(at) if p not in seen]
        seen.update(new)
        todo += new
    return proof, data


def _in_value(module: Module, name: str) -> frozenset[str]:
    value = module.constant(name).value
    return module.terms.constants(value) if value is not None else frozenset()


def _leaves_data_open(original: Module, name: str) -> bool:
    return original.constant(name).sort is Sort.DEFINITION and _sorries(original, name)[1]


def _unproved(
    original: Module,
    candidate: Module,
    library: Library,
    target: str | None,
    claimed: Iterable[str],
    given: AbstractSet[str],
    granted: Collection[str],
) -> tuple[list[Objection], str]:
    """What is left open of what was asked for; with a target also why it is not known whether it holds."""
    reached = set(candidate.names) if target is None else _reached(candidate, library, claimed)
    asked = set(claimed)
    found: list[Objection] = []
    unknown = ""
    for name in candidate.names:
        if name not in reached:
            continue
        proof, data = _sorries(candidate, name)
        before = _sorries(original, name) if name in original else (False, False)
        frozen_data = data and before[1] and original.constant(name).sort is not Sort.THEOREM
        frozen_data = (frozen_data or (data and _is_equation_of_open(original, name))) and not given
        if not proof and (not data or frozen_data):
            continue
        if not data and before == (True, False) and _is_of(name, granted):
            continue
        if not data and name not in original and _is_equation_of_granted(original, candidate, name, granted):
            continue
        if target is None or name in asked or name not in original or is_numbered(name):
            found.append(Objection("sorry-left", f"`{_plain(name)}` is not proved: a `sorry` is left in it"))
        elif not unknown:
            unknown = f"`{target}` depends on `{_plain(name)}`, which is not proved."
    return found, unknown


def _is_of(name: str, granted: Collection[str]) -> bool:
    """Whether a constant is one of some declarations, or made by Lean for one of them."""
    plain = _plain(name)
    return any(plain == g or plain.startswith(f"{g}.") for g in granted)


def _is_equation_of_open(original: Module, name: str) -> bool:
    """Whether it is an equation that Lean derived of a definition whose data the original leaves open."""
    parent, _, last = name.rpartition(".")
    return _EQUATION.fullmatch(last) is not None and parent in original and _sorries(original, parent)[1]


def _is_equation_of_granted(original: Module, candidate: Module, name: str, granted: Collection[str]) -> bool:
    """Whether it is an equation that Lean derived of a definition with an open proof in it that is taken for granted:
    it speaks of that proof, and its own proof has no `sorry`."""
    parent, _, last = name.rpartition(".")
    return (
        _EQUATION.fullmatch(last) is not None
        and _plain(parent) in granted
        and parent in original
        and _sorries(original, parent) == (True, False)
        and SORRY not in _in_value(candidate, name)
    )


def _reached(candidate: Module, library: Library, names: Iterable[str]) -> set[str]:
    """The module's own constants that some of them use."""
    todo = [n for n in names if n in candidate]
    seen = set(todo)
    while todo:
        for use in library.uses(todo.pop(), candidate) or ():
            if use in candidate and use not in seen:
                seen.add(use)
                todo.append(use)
    return seen


def _taken_for_granted(original: Module, candidate: Module, library: Library) -> Iterator[str]:
    for name in original.names:
        if name in candidate and _sorries(candidate, name) != (False, False) and _sorries(original, name)[1]:
            yield f"sorry in {_plain(name)}"
    imported = library.closure(
        {u for n in original.names for u in library.uses(n, original) or () if u not in original} - {SORRY}
    )
    if isinstance(imported, Closure):
        for axiom in sorted(imported.axioms - STANDARD_AXIOMS):
            yield f"imported axiom {axiom}"


def _replaced(original: Module, candidate: Module) -> Iterator[Objection]:
    """Whether more definitions than before are replaced by other code when they run."""
    before, after = original.entries(), candidate.entries()
    for extension, places in after.items():
        if any(part in extension for part in _REPLACING) and len(places) != len(before.get(extension, ())):
            yield Objection(
                "code-replaced", f"the candidate says which other code stands for a definition ({extension})"
            )
