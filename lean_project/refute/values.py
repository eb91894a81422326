"""Small values of types, as terms: those of `small.toml`, and what the constructors of the file's own types make."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from lean_project.outline import Constructor, Inductive, Outline
from lean_project.refute.types import Type, read_type

MOST = 7
"""Values of one type."""
_DEPTH = 3
_FILE = Path(__file__).with_name("small.toml")


@dataclass(frozen=True, slots=True)
class Small:
    """What `small.toml` says."""

    types: Mapping[str, tuple[str, ...]]
    containers: Mapping[str, tuple[str, ...]]
    functions: Mapping[str, tuple[str, ...]]
    deciding: tuple[str, ...]
    predicates: tuple[str, ...]


@cache
def small() -> Small:
    """The data file. Raises for a damaged one."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    types, containers, functions = (
        {name: tuple(terms) for name, terms in data[part].items()} for part in ("types", "containers", "functions")
    )
    deciding = data["deciding"]
    return Small(types, containers, functions, tuple(deciding["tactics"]), tuple(deciding["predicates"]))


def values_of(type_: Type, declared: Outline, depth: int = _DEPTH) -> tuple[str, ...]:
    """Terms of the type, at most `MOST`, each one argument; none where no value is known. depth: of nested
    constructors."""
    known = small()
    if not type_.args and type_.head in known.types:
        return known.types[type_.head]
    if type_.head == "→":
        domain, result = type_.args
        constant = tuple(f"(fun _ => {v})" for v in values_of(result, declared, depth)[:2])
        same = ("(fun x => x)",) if domain == result else ()
        return known.functions.get(str(type_), (*same, *constant))
    if type_.head in ("×", "Prod") and len(type_.args) == 2:
        left, right = (values_of(a, declared, depth) for a in type_.args)
        return _taken(f"({a}, {b})" for a, b in by_rank([left, right]))
    if type_.head in known.containers and len(type_.args) == 1:
        inner = values_of(type_.args[0], declared, depth)
        if not inner:
            return ()
        three = (*inner, inner[-1], inner[-1])[:3]
        return _taken(form.format(*three) for form in known.containers[type_.head])
    named = [i for i in declared.inductives if i.name == type_.head or i.name.endswith(f".{type_.head}")]
    return _made(type_, named[0], declared, depth) if len(named) == 1 else ()


def _made(type_: Type, inductive: Inductive, declared: Outline, depth: int) -> tuple[str, ...]:
    """What the constructors make of small arguments, those without arguments first."""
    if depth == 0 or inductive.proposition or len(inductive.params) != len(type_.args):
        return ()
    names = dict(zip((p.name for p in inductive.params), type_.args, strict=True))
    each: list[list[str]] = []
    for constructor in sorted(inductive.constructors, key=lambda c: len(c.args)):
        types = [read_type(a.type) for a in constructor.args if a.explicit]
        terms = [() if t is None else values_of(t.with_names(names), declared, depth - 1) for t in types]
        each.append([_applied(inductive, constructor, given) for given in islice(by_rank(terms), MOST)])
    longest = max((len(made) for made in each), default=0)
    return _taken(made[k] for k in range(longest) for made in each if k < len(made))


def _applied(inductive: Inductive, constructor: Constructor, args: Sequence[str]) -> str:
    if inductive.structure:
        return f"⟨{', '.join(args)}⟩"
    name = f"{inductive.name}.{constructor.name}"
    return f"({' '.join([name, *args])})" if args else name


def _taken(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(terms), MOST))


def by_rank(choices: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """All ways to choose one of each, those first that are early in all of the lists; at most a few hundred."""
    found: list[tuple[str, ...]] = []
    most = sum(len(c) - 1 for c in choices)
    for rank in range(most + 1):
        found += _of_rank(choices, rank)
        if len(found) > 200:
            break
    return found


def _of_rank(choices: Sequence[Sequence[str]], rank: int) -> list[tuple[str, ...]]:
    if not choices:
        return [()] if rank == 0 else []
    first, *rest = choices
    return [
        (first[k], *others) for k in range(min(rank, len(first) - 1), -1, -1) for others in _of_rank(rest, rank - k)
    ]
