"""Reading what Boogie writes of the solver's models (`/mv:FILE`).

A file has one `*** MODEL` for each failing obligation: constants (`x -> 3`), functions by their points
(`Seq#Length -> { T@U!val!7 -> 2, else -> 0 }`, a line each), and states, of which `<initial>` names the parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

INITIAL = "<initial>"
_MOST = 20_000_000


@dataclass(slots=True)
class Model:
    """One model. Values are the solver's words: numbers, `true`, names of elements. points: of each function, by its
    arguments; what holds for `else` is left out. initial: the state at the start."""

    constants: dict[str, str] = field(default_factory=dict)
    points: dict[str, dict[tuple[str, ...], str]] = field(default_factory=dict)
    initial: dict[str, str] = field(default_factory=dict)

    def at(self, function: str, *args: str) -> str | None:
        """The value of a function at a point; None where the model does not say."""
        return self.points.get(function, {}).get(args)

    def selected(self, *args: str) -> str | None:
        """The value of a map (heap, set...) at a point."""
        return next((p[args] for name, p in self.points.items() if is_select(name) and args in p), None)

    def selections(self, first: str) -> Iterator[tuple[str, str]]:
        """The keys of a map of one argument with their values."""
        for name, points in self.points.items():
            if is_select(name):
                yield from ((args[1], value) for args, value in points.items() if len(args) == 2 and args[0] == first)

    def unboxed(self, word: str) -> list[str]:
        """What may be in a box, the word itself last."""
        return [value for args, value in self.points.get("$Unbox", {}).items() if args[-1] == word] + [word]


def is_select(function: str) -> bool:
    """Whether a function looks a key up in a map."""
    return function in ("[2]", "[3]", "[4]") or (function.startswith("MapType") and function.endswith("Select"))


def read_models(text: str) -> list[Model]:
    """The models in a file, in order; what cannot be read is passed over."""
    models: list[Model] = []
    points: dict[tuple[str, ...], str] | None = None
    state: dict[str, str] | None = None
    for line in text[:_MOST].splitlines():
        if line.startswith("***"):
            points = state = None
            if line == "*** MODEL":
                models.append(Model())
            elif line.startswith("*** STATE ") and models:
                state = models[-1].initial if line.removeprefix("*** STATE ") == INITIAL else {}
            continue
        if not models:
            continue
        left, arrow, right = line.rpartition(" -> ")
        if not arrow:
            points = None
        elif right == "{":
            points = models[-1].points.setdefault(left.strip(), {})
        elif state is not None:
            state[left.strip()] = right
        elif points is None or not line.startswith(" "):
            models[-1].constants[left.strip()] = right
        elif left.strip() != "else":
            points[tuple(_words(left))] = right
    return models


def _words(text: str) -> Iterator[str]:
    """Words apart by spaces, with what is in parentheses kept together."""
    depth, word = 0, ""
    for char in text.strip() + " ":
        depth += (char == "(") - (char == ")")
        if char == " " and depth == 0:
            if word:
                yield word
            word = ""
        else:
            word += char


def number(word: str) -> int | Fraction | None:
    """A number as the solver writes it: `12`, `(- 12)`, `1.5`, `(/ 1.0 3.0)`, `(- (/ 1.0 3.0))`."""
    if word.startswith("(") and word.endswith(")"):
        parts = list(_words(word[1:-1]))
        values = [number(part) for part in parts[1:]]
        match parts[:1], values:
            case ["-"], [int() | Fraction() as value]:
                return -value
            case ["/"], [int() | Fraction() as above, int() | Fraction() as below] if below:
                return Fraction(above) / below
        return None
    try:
        return int(word) if word.lstrip("-").isdigit() else Fraction(word)
    except (ValueError, ZeroDivisionError):
        return None
