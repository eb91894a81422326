"""What a constant rests on: everything that its type and its proof mention, through all imported modules."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lean_project.olean.module import Module, Sort, load_module
from lean_project.olean.region import Malformed, UnknownFormat
from lean_project.olean.terms import Terms, simple_parts

STANDARD_AXIOMS = frozenset(["propext", "Classical.choice", "Quot.sound"])
"""The axioms of Lean's logic that everybody grants."""


@dataclass(frozen=True, slots=True)
class Closure:
    """axioms: those that a constant depends on. missing: constants that no module has (then nothing is known)."""

    axioms: frozenset[str]
    missing: frozenset[str] = frozenset()


class Library:
    """The modules that one module imports, with theirs, as they lie on a search path."""

    def __init__(self, terms: Terms, modules: Mapping[str, Module]) -> None:
        self.terms = terms
        self.names = tuple(modules)
        self._home = {name: module for module in modules.values() for name in module.names}
        self._uses: dict[tuple[int, str], tuple[Sort, frozenset[str]]] = {}

    def uses(self, name: str, own: Module | None = None) -> frozenset[str] | None:
        """The constants that one mentions, of the module itself first; None when there is no such constant."""
        found = self._look(name, own)
        return found[1] if found is not None else None

    def _look(self, name: str, own: Module | None) -> tuple[Sort, frozenset[str]] | None:
        home = own if own is not None and name in own else self._home.get(name)
        if home is None:
            return None
        key = (id(home), name)
        if key not in self._uses:
            self._uses[key] = home.uses(name)
        return self._uses[key]

    def closure(self, names: Iterable[str], own: Module | None = None) -> Closure | UnknownFormat:
        """What some constants rest on together."""
        found = self.closures(names, own)
        if isinstance(found, UnknownFormat):
            return found
        axioms = frozenset().union(*(c.axioms for c in found.values()))
        return Closure(axioms, frozenset().union(*(c.missing for c in found.values())))

    def closures(self, names: Iterable[str], own: Module | None = None) -> dict[str, Closure] | UnknownFormat:
        """What each of some constants rests on; in time that grows with what all of them use together."""
        try:
            return self._closures(tuple(names), own)
        except Malformed as error:
            return UnknownFormat(str(error))

    def _closures(self, names: Sequence[str], own: Module | None) -> dict[str, Closure]:
        todo, seen = deque(names), set(names)
        axioms, missing = set[str](), set[str]()
        users: dict[str, list[str]] = {}
        while todo:
            name = todo.popleft()
            found = self._look(name, own)
            if found is None:
                missing.add(name)
                continue
            sort, uses = found
            if sort is Sort.AXIOM:
                axioms.add(name)
            self.terms.spend(1 + len(uses) // 8)
            for use in uses:
                users.setdefault(use, []).append(name)
                if use not in seen:
                    seen.add(use)
                    todo.append(use)
        resting = {bottom: _above(bottom, users) for bottom in axioms | missing}
        return {
            name: Closure(
                frozenset(a for a in axioms if name in resting[a]), frozenset(m for m in missing if name in resting[m])
            )
            for name in names
        }


def _above(bottom: str, users: Mapping[str, Sequence[str]]) -> set[str]:
    """Everything that rests on a constant, itself too."""
    todo, seen = [bottom], {bottom}
    while todo:
        for user in users.get(todo.pop(), ()):
            if user not in seen:
                seen.add(user)
                todo.append(user)
    return seen


def find_module(name: str, search_path: Sequence[Path]) -> Path | None:
    """The `.olean` file of a module, in the first folder that has one."""
    parts = simple_parts(name)
    if not parts or any(p in ("", ".", "..") or "/" in p or "\0" in p for p in parts):
        return None
    for folder in search_path:
        path = folder.joinpath(*parts[:-1], f"{parts[-1]}.olean")
        if path.is_file():
            return path
    return None


def load_library(module: Module, search_path: Sequence[Path]) -> Library | UnknownFormat:
    """Everything that a module imports, directly or not."""
    terms, found = module.terms, dict[str, Module]()
    todo = list(module.imports)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        path = find_module(name, search_path)
        if path is None:
            return UnknownFormat(f"the imported module {name} is not on the search path")
        loaded = load_module(path, terms)
        if isinstance(loaded, UnknownFormat):
            return UnknownFormat(f"{name}: {loaded.reason}")
        if loaded.lean != module.lean:
            return UnknownFormat(f"{name} was compiled by Lean {loaded.lean}, not {module.lean}")
        found[name] = loaded
        todo.extend(loaded.imports)
    return Library(terms, found)
