"""Lemmas that the file does not state, from patterns: an accumulator generalised, a function that commutes with
appending, the goal at hand as a lemma of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lean_project.outline import Declared
from lean_project.steps import LeanStep
from lean_project.syntax.tokens import code, tokenize
from prover.policy.lean.look import Look, applied, split_top, words_of

_CLOSED = {"[]": "List", "List.nil": "List", "0": "Nat", "Nat.zero": "Nat", "1": "Nat", "true": "Bool", "false": "Bool"}
_NAMES = re.compile(r"\(([^:()]+) :")
USES = (
    "simp [{lemma}]",
    "simp_all [{lemma}, {defs}]",
    "rw [{lemma}]\nsorry",
    "simp only [{defs}]\nrw [{lemma}]\nsorry",
)
"""How a lemma may serve the goal it was stated for."""
INSTANCE_USES = (
    "exact {lemma} {args}",
    "simpa using {lemma} {args}",
    "simpa [{defs}] using {lemma} {args}",
)
"""The same where it is known what the lemma has to be applied to."""
Statement = tuple[str, str, str]
"""Binders, conclusion, and the arguments that make it speak of the goal (empty where they are not known)."""


def lemmas(look: Look) -> Iterator[tuple[LeanStep, ...]]:
    """Steps that state a lemma in front of the declaration; for each lemma, the ways to use it."""
    taken = {x.name for x in (*look.outline.lemmas, *look.outline.functions)}
    names = _names(look, taken)
    for statement in (*_generalised(look), *_appended(look), *_own(look)):
        signature, conclusion, args = statement
        variables = {n for n, _ in look.variables} | {w for part in _NAMES.findall(signature) for w in part.split()}
        if conclusion != look.target and _shape(conclusion, variables) == _shape(look.target, variables):
            continue  # the goal, about variables of other names
        name = next(names)
        helper = f"theorem {name}{signature} : {conclusion} := by\n  sorry"
        defs = ", ".join(f.name for f in look.functions) or name
        forms = _uses(look, conclusion, args)
        uses = [u.replace("{lemma}", name).replace("{defs}", defs).replace("{args}", args) for u in forms]
        yield tuple(LeanStep(use, helper) for use in uses)


def _shape(statement: str, variables: set[str]) -> tuple[str, ...]:
    """A statement without round brackets, its variables numbered in their order."""
    numbers: dict[str, str] = {}
    words = [t.text for t in code(tokenize(statement)) if t.text not in ("(", ")")]
    return tuple(numbers.setdefault(w, f"#{len(numbers)}") if w in variables else w for w in words)


def _uses(look: Look, conclusion: str, args: str) -> Sequence[str]:
    if conclusion == look.target:
        return ("exact {lemma} ..", "apply {lemma} <;> assumption")
    return (*INSTANCE_USES, *USES) if args else USES


def _names(look: Look, taken: set[str]) -> Iterator[str]:
    base = look.goal.declaration.rpartition(".")[2] or "goal"
    k = 1
    while True:
        if f"{base}_aux{k}" not in taken and f"{base}_aux{k}" not in look.goal.prefix:
            yield f"{base}_aux{k}"
        k += 1


def _binders(look: Look, names: Sequence[str], more: Sequence[tuple[str, str]] = ()) -> str:
    found = [(n, look.type_of(n)) for n in names] + list(more)
    return "".join(f" ({n} : {t})" for n, t in found if t)


def _generalised(look: Look) -> Iterator[Statement]:
    """For `f xs [] = g xs` that `f xs acc` is `g xs` together with `acc`, in the ways that their types allow."""
    sides = split_top(look.target, ["="])
    if sides is None:
        return
    for left, right in ((sides[0], sides[2]), (sides[2], sides[0])):
        for function in look.functions:
            types = _argument_types(function)
            short = function.name.rpartition(".")[2]
            for (start, end), args in applied(left, short, len(types)):
                if (start, end) != (0, len(left)):
                    continue
                used = [n for n, _ in look.variables if n in words_of(left) | words_of(right)]
                # Accumulators that are values of a sequence move on together.
                yield from _numbered(look, short, args, right, used)
                yield from _one_open(look, short, args, types, right, used)


def _one_open(
    look: Look, function: str, args: list[str], types: Sequence[str], right: str, used: list[str]
) -> Iterator[Statement]:
    closed = [k for k, a in enumerate(args) if a in _CLOSED]
    for k in closed:
        acc = look.fresh("acc")[0]
        call = " ".join([function, *_with(args, {k: acc})])
        inner = f"({right})" if " " in right else right
        type_ = types[k]
        ways: list[str] = []
        if type_.startswith("List"):
            ways = [f"{inner} ++ {acc}", f"{acc} ++ {inner}"]
            # A list that is worked off first may have more behind it.
            for j, arg in enumerate(args):
                if j != k and types[j].startswith("List") and not arg.isidentifier():
                    rest = look.fresh("rest")[0]
                    left = " ".join([function, *_with(args, {j: f"({arg} ++ {rest})", k: acc})])
                    behind = " ".join([function, *_with(args, {j: rest, k: f"({inner} ++ {acc})"})])
                    more = [(rest, types[j]), (acc, type_)]
                    yield _binders(look, used, more), f"{left} = {behind}", " ".join([*used, "[]", args[k]])
        elif type_ in ("Nat", "Int"):
            ways = [f"{acc} + {inner}", f"{inner} + {acc}", f"{acc} * {inner}"]
        for way in ways:
            yield _binders(look, used, [(acc, type_)]), f"{call} = {way}", " ".join([*used, args[k]])


def _with(args: Sequence[str], changes: dict[int, str]) -> list[str]:
    return [changes.get(k, a) for k, a in enumerate(args)]


def _numbered(look: Look, function: str, args: list[str], right: str, used: list[str]) -> Iterator[Statement]:
    """For `loop n 0 1 = fib n` that a loop which starts at the k-th values of a sequence goes on to later ones."""
    words = right.split(" ")
    if len(words) != 2 or words[1] not in args or look.type_of(words[1]) != "Nat":
        return
    sequence, count = words
    closed = [k for k, a in enumerate(args) if a in _CLOSED and _CLOSED[a] == "Nat"]
    if not closed:
        return
    k = look.fresh("k")[0]
    values = {at: f"({sequence} ({k} + {nth}))" if nth else f"({sequence} {k})" for nth, at in enumerate(closed)}
    left = " ".join([function, *_with(args, values)])
    start = " ".join([*used, args[closed[0]]])
    yield _binders(look, used, [(k, "Nat")]), f"{left} = {sequence} ({k} + {count})", start


def _appended(look: Look) -> Iterator[Statement]:
    """How the functions of the goal go through an append."""
    for function in look.functions:
        types = _argument_types(function)
        lists = [k for k, t in enumerate(types) if t.startswith("List")]
        if not function.recursive or not lists or len(types) > 2:
            continue
        short, result = function.name.rpartition(".")[2], function.arrows[-1]
        at = lists[-1] if len(lists) == 1 else lists[0]
        xs, ys = look.fresh("xs", "ys")
        others = look.fresh(*("u" for k in range(len(types)) if k != at))
        fixed = [(n, t) for n, t in zip(others, [t for k, t in enumerate(types) if k != at], strict=True)]

        def call(arg: str, name: str = short, place: int = at, rest: list[str] = others) -> str:
            args = list(rest)
            args.insert(place, arg)
            return " ".join([name, *args])

        binders = "".join(f" ({n} : {t})" for n, t in [*fixed, (xs, types[at]), (ys, types[at])])
        whole = call(f"({xs} ++ {ys})")
        operators = {"Nat": ("+",), "Bool": ("||", "&&"), "Prop": ("∧",)}.get(result, ())
        if result.startswith("List"):
            yield binders, f"{whole} = {call(ys)} ++ {call(xs)}", ""
            yield binders, f"{whole} = {call(xs)} ++ {call(ys)}", ""
        for operator in operators:
            sign = "↔" if result == "Prop" else "="
            left = f"({call(xs)} {operator} {call(ys)})"
            yield binders, f"{whole} {sign} {left}", ""


def _own(look: Look) -> Iterator[Statement]:
    """The goal itself, with those of its hypotheses that speak of its variables only: by induction on its own it may
    go through where hypotheses of another induction are in the way."""
    if not look.variables:
        return
    used = {n for n, _ in look.variables if n in look.words}
    facts: list[tuple[str, str]] = []
    for name, fact in look.facts:
        if name.startswith("ih"):
            continue
        own = {n for n, _ in look.variables if n in words_of(fact)}
        if own & used:
            facts.append((name, fact))
            used |= own
    ordered = [n for n, _ in look.variables if n in used]
    yield _binders(look, ordered) + "".join(f" ({n} : {f})" for n, f in facts), look.target, ""


def _argument_types(function: Declared) -> list[str]:
    return [b.type for b in function.explicit] + list(function.arrows[:-1])
