"""Structural moves: they follow the shape of the goal and leave smaller ones open."""

from __future__ import annotations

from collections.abc import Iterator

from lean_project.outline import Constructor, Inductive
from prover.policy.lean.instances import instances
from prover.policy.lean.look import Look, applied, parts_of, split_top, words_of

Move = str | tuple[str, ...]
"""A body, or several that come to the same: those behind the first that is accepted are not tried."""
MOST_VARIABLES, MOST_NESTED, MOST_INSTANCES = 4, 2, 2
"""Variables of a goal by which induction is tried, inductions inside one another, and universal facts applied."""
_TAKEN = 1000
"""The weight of a variable that a recursive function of the file is applied to, beyond all that occurrences weigh."""


def moves(look: Look) -> Iterator[Move]:
    """Bodies with `sorry` where something is left, the most telling first."""
    yield from _introduced(look)
    yield from _taken_apart(look)
    yield from _put_together(look)
    yield from _defined(look)
    yield from _by_condition(look)
    # Behind an induction the hypothesis is what helps; it wants the other arguments in the form of the equations.
    nested = any(n.startswith("ih") for n, _ in look.facts)
    for part in (_by_cases_of_variables, inductions) if nested else (inductions, _by_cases_of_variables):
        yield from part(look)
    yield from _unfolded(look)
    yield from _specialised(look)


def _introduced(look: Look) -> Iterator[Move]:
    target = look.target
    if target.startswith("∀"):
        names = target[1:].split(",")[0].replace("(", " ").split(":")[0].split()
        if names:
            yield f"intro {' '.join(look.fresh(*names, bound=True))}\nsorry"
    elif (
        target.startswith("¬")
        or split_top(target, ["→"]) is not None
        or (split_top(target, ["≠"]) is not None and split_top(target, ["∧", "∨", "↔"]) is None)
    ):
        yield f"intro {look.fresh('h')[0]}\nsorry"


def _is_inequality(target: str) -> bool:
    return split_top(target, ["≠"]) is not None and split_top(target, ["∧", "∨", "↔"]) is None


def _taken_apart(look: Look) -> Iterator[Move]:
    """Conjunctions, disjunctions and existential statements among the hypotheses."""
    for name, fact in look.facts:
        if split_top(fact, ["→", "↔"]) is not None:
            continue
        if split_top(fact, ["∨"]) is not None:
            h = look.fresh("h")[0]
            yield f"cases {name} with\n| inl {h} =>\n  sorry\n| inr {h} =>\n  sorry"
        elif len(parts := parts_of(fact, "∧")) > 1:
            names = look.fresh(*(f"h{k + 1}" for k in range(len(parts))))
            yield f"obtain ⟨{', '.join(names)}⟩ := {name}\nsorry"
        elif fact.startswith("∃"):
            names = fact[1:].split(",")[0].replace("(", " ").split(":")[0].split()
            h = look.fresh("h")[0]
            yield f"obtain ⟨{', '.join([*look.fresh(*names, bound=True), h])}⟩ := {name}\nsorry"


def _put_together(look: Look) -> Iterator[Move]:
    """Conjunctions, equivalences, disjunctions and existential statements to prove."""
    target = look.target
    if split_top(target, ["→"]) is not None:
        return
    if split_top(target, ["↔"]) is not None:
        yield "constructor\n· sorry\n· sorry"
    elif split_top(target, ["∨"]) is not None:
        yield "left\nsorry"
        yield "right\nsorry"
    elif len(parts := parts_of(target, "∧")) > 1:
        yield f"refine ⟨{', '.join('?_' for _ in parts)}⟩\n" + "\n".join("· sorry" for _ in parts)
    elif target.startswith("∃"):
        wanted = target[1:].split(",")[0].partition(":")[2].strip()
        for witness in _witnesses(look, wanted):
            yield f"refine ⟨{witness}, ?_⟩\nsorry"


def _witnesses(look: Look, type_: str) -> list[str]:
    names = [n for n, t in look.variables if not type_ or t == type_]
    found = list(names)
    if type_ in ("", "Nat"):
        found += ["0", "1", *(f"{n} + 1" for n in names), *(f"{a} + {b}" for a in names for b in names if a <= b)]
    if type_.startswith("List"):
        found.append("[]")
    if type_ == "Bool":
        found += ["true", "false"]
    return list(dict.fromkeys(found))[:10]


def inductions(look: Look) -> Iterator[str]:
    """Induction on each variable of an inductive type, those first that a recursive function of the goal is applied
    to; the other variables of the goal fixed, then generalised."""
    weights = {n: _weight(look, n) for n, _ in look.variables if n in look.words and _recursive(look, n)}
    taken_apart = max(weights.values(), default=0) >= _TAKEN
    there = [n for n, w in weights.items() if w >= _TAKEN or (not taken_apart and look.type_of(n) != "Nat")]
    if sum(n.startswith("ih") for n, _ in look.facts) >= MOST_NESTED:
        return
    there.sort(key=lambda n: -weights[n])
    for name in there[:MOST_VARIABLES]:
        inductive = look.inductive(name)
        assert inductive is not None
        others = [
            n
            for n, t in look.variables
            if n != name and n in look.reached and "→" not in t and not t.startswith(("Prop", "Type"))
        ]
        for generalised in ([], others) if others else ([],):
            how = f" generalizing {' '.join(generalised)}" if generalised else ""
            yield f"induction {name}{how} with\n" + _alternatives(look, name, inductive, hypotheses=True)


def _recursive(look: Look, name: str) -> bool:
    inductive = look.inductive(name)
    return inductive is not None and any(_same(arg.type, inductive) for c in inductive.constructors for arg in c.args)


def _same(type_: str, inductive: Inductive) -> bool:
    return type_.split(" ")[0] == inductive.name


def taken_apart(look: Look) -> list[str]:
    """The variables of inductive types that a recursive function takes apart in the target or in a hypothesis."""
    names = [n for n, _ in look.variables if look.inductive(n) is not None]
    return [n for n in names if max(_weight(look, n), _weight_in_facts(look, n)) >= _TAKEN]


def _weight_in_facts(look: Look, name: str) -> int:
    """The same in the hypotheses that are no induction hypotheses: the most there is."""
    facts = (f for n, f in look.facts if not n.startswith("ih") and name in words_of(f))
    return max((_weight(look, name, fact) for fact in facts), default=0)


def _weight(look: Look, name: str, term: str | None = None) -> int:
    """How often a variable stands right behind a function of the file in the target (or another term), and whether
    that takes it apart there."""
    weight = 0
    term = look.target if term is None else term
    words = term.replace("(", " ( ").replace(")", " ) ").split()
    functions = {f.name.rpartition(".")[2]: f for f in look.functions if f.recursive}
    for short, function in functions.items():
        count = len(function.explicit) + len(function.arrows) - 1
        # What is named in front of the colon stays the same in the equations behind it.
        fixed = len(function.explicit) if len(function.arrows) > 1 else 0
        for _, args in applied(term, short, count):
            weight += _TAKEN * args[fixed:].count(name)
    return weight + words.count(name)


def _alternatives(look: Look, name: str, inductive: Inductive, *, hypotheses: bool) -> str:
    lines = []
    for constructor in inductive.constructors:
        lines.append(f"| {_pattern(look, name, inductive, constructor, hypotheses)} =>\n  sorry")
    return "\n".join(lines)


def _pattern(look: Look, name: str, inductive: Inductive, constructor: Constructor, hypotheses: bool) -> str:
    wanted = []
    for arg in constructor.args:
        same = _same(arg.type, inductive)
        wanted.append(name if same and inductive.name in ("List", "Nat") else arg.name.strip("_") or "x")
    recursive = sum(_same(a.type, inductive) for a in constructor.args)
    if hypotheses and recursive:
        wanted += ["ih"] if recursive == 1 else [f"ih{k + 1}" for k in range(recursive)]
    taken = look.fresh(*wanted)
    # The variable itself goes: its name is free for its part.
    taken = [
        name if w == name and t.startswith(name) and name not in taken else t
        for w, t in zip(wanted, taken, strict=True)
    ]
    return " ".join([constructor.name.rpartition(".")[2], *taken])


def _by_condition(look: Look) -> Iterator[Move]:
    """Cases by the conditions of the branches in sight."""
    target = look.target
    conditions = [args[0] for _, args in applied(target, "ite", 3)]
    at = target.find("if ")
    if at >= 0:
        condition = target[at + 3 :].split(" then ")[0].strip()
        if " : " in condition.split("=")[0]:
            condition = condition.split(" : ", 1)[1]
        conditions.append(condition)
    conditions = [c[1:-1] if c.startswith("(") and c.endswith(")") else c for c in conditions]
    for condition in dict.fromkeys(c for c in conditions if "if " not in c and "ite " not in c):
        h = look.fresh("h")[0]
        yield (
            f"by_cases {h} : {condition}\n· simp only [if_pos {h}]\n  sorry\n· simp only [if_neg {h}]\n  sorry",
            f"by_cases {h} : {condition}\n· rw [if_pos {h}]\n  sorry\n· rw [if_neg {h}]\n  sorry",
            f"by_cases {h} : {condition}\n· sorry\n· sorry",
        )
    if "match" in target:
        yield tuple("split" + "\n· sorry" * count for count in (2, 3, 4))
    if look.unnamed:
        names = " ".join(look.fresh(*(f"h{k}" for k in range(look.unnamed))))
        yield f"rename_i {names}\nsorry"


def _by_cases_of_variables(look: Look) -> Iterator[Move]:
    for name, _ in look.variables:
        inductive = look.inductive(name)
        nested = any(n.startswith("ih") for n, _ in look.facts)
        # Also one that only a hypothesis takes apart: its equations then say something.
        used = name in look.words or (nested and _weight_in_facts(look, name) >= _TAKEN)
        if not used or inductive is None:
            continue
        if _recursive(look, name) and (not nested or max(_weight(look, name), _weight_in_facts(look, name)) < _TAKEN):
            continue  # induction says more
        yield f"cases {name} with\n" + _alternatives(look, name, inductive, hypotheses=False)
    booleans = [n for n, t in look.variables if t == "Bool" and n in look.words]
    if len(booleans) > 1:
        yield " <;> ".join(f"cases {n}" for n in booleans) + " <;> sorry"


def _defined(look: Look) -> Iterator[Move]:
    """Definitions that are not recursive, put in: first all of the target's at once."""
    named = [f.name for f in look.functions if not f.recursive and f.name.rpartition(".")[2] in look.words]
    if named:
        yield f"simp only [{', '.join(named)}]\nsorry", f"unfold {' '.join(named)}\nsorry"
    for name in named if len(named) > 1 else []:
        yield f"unfold {name}\nsorry"


def _specialised(look: Look) -> Iterator[Move]:
    """Universal hypotheses applied to what there is; definitions that are not recursive, put in at hypotheses."""
    inst = look.fresh("inst")[0]
    if sum(n.startswith("inst") for n, _ in look.facts) < MOST_INSTANCES:
        for term in instances(look):
            yield f"have {inst} := {term}\nsorry"
    plain = {f.name.rpartition(".")[2]: f.name for f in look.functions if not f.recursive}
    for name, fact in look.facts:
        named = [full for short, full in plain.items() if not fact.startswith("∀") and short in words_of(fact)]
        if named:
            yield f"simp only [{', '.join(named)}] at {name}\nsorry", f"unfold {' '.join(named)} at {name}\nsorry"


def _unfolded(look: Look) -> Iterator[Move]:
    named = [f.name for f in look.functions if f.recursive and f.name.rpartition(".")[2] in look.words]
    # A function of a variable unfolds to a `match`, where induction on that variable says more.
    closed = not any(_weight(look, n) >= _TAKEN for n, _ in look.variables if _recursive(look, n))
    for name in named:
        yield (f"simp only [{name}]\nsorry", *([f"rw [{name}]\nsorry", f"unfold {name}\nsorry"] if closed else []))
    if len(named) > 1:
        yield f"simp only [{', '.join(named)}]\nsorry"
    if look.functions:
        defs = ", ".join(f.name for f in look.functions)
        yield f"simp [{defs}]\nsorry", f"simp_all [{defs}]\nsorry"


def rewrites(look: Look) -> Iterator[Move]:
    """The target rewritten by equations at hand: hypotheses, lemmas of the file, functions' equations."""
    equations = [n for n, f in look.facts if _is_equation(f)]
    lemmas = [x.name for x in look.lemmas if _is_equation(x.arrows[-1])]
    for name in (*equations, *lemmas):
        yield f"rw [{name}]\nsorry"
    # Backwards, but not where that puts a term in the place of every `true` or `0`.
    telling = [n for n, f in look.facts if _is_equation(f) and " " in _right_side(f)]
    for name in (*telling, *lemmas):
        yield f"rw [← {name}]\nsorry"
    functions = [f.name for f in look.functions if words_of(f.name) & look.words]
    for function in functions:
        for name in equations:
            yield f"rw [{function}, {name}]\nsorry"
    for name, fact in look.facts:
        for function in functions:
            if function in words_of(fact):
                yield f"rw [{function}] at {name}\nsorry"


def _right_side(fact: str) -> str:
    while fact.startswith("∀") and "," in fact:
        fact = fact.partition(",")[2].strip()
    sides = split_top(parts_of(fact, "→")[-1], ["=", "↔"])
    return sides[2] if sides else ""


def _is_equation(fact: str) -> bool:
    while fact.startswith("∀") and "," in fact:
        fact = fact.partition(",")[2].strip()
    last = parts_of(fact, "→")[-1]
    return split_top(last, ["=", "↔"]) is not None


def applications(look: Look) -> Iterator[Move]:
    """Hypotheses and lemmas whose conclusion may be the target; what they ask for is looked for or left open."""
    named = [*((n, f) for n, f in look.facts), *((x.name, x.result) for x in look.lemmas)]
    for name, fact in named:
        premises = fact.count("→")
        yield f"apply {name} <;> assumption"
        if premises or name not in {n for n, _ in look.facts}:
            yield f"apply {name}\nsorry"
            yield f"apply {name}\n· sorry\n· sorry"
