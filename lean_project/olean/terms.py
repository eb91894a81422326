"""Names, universe levels and expressions of modules, each distinct one stored once: equal numbers are equal terms, also
across files. What the kernel ignores is left out: names and kinds of binders, metadata."""

from __future__ import annotations

from lean_project.olean.region import Malformed, Region

MAX_COMPONENTS = 200
"""Of a name; Lean's own have a handful."""

Node = tuple[object, ...]
"""A term: what it is, then numbers of the terms in it, names, or literals. Levels: `zero`, `succ`, `max`, `imax`,
`param`; `levels` is a list of them. Expressions: `bvar`, `sort`, `const`, `app`, `lam`, `pi`, `let`,
`nat`, `str`, `proj`."""

# What is an expression in each node, by position.
_PARTS = {"app": (1, 2), "lam": (1, 2), "pi": (1, 2), "let": (1, 2, 3), "proj": (3,)}


class Terms:
    """A store of terms, shared by all modules that are compared. budget: how many there may be, and how many characters
    of names, before reading is given up."""

    def __init__(self, budget: int = 50_000_000) -> None:
        self.nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}
        self._constants: dict[int, frozenset[str]] = {}
        self.budget = budget

    def number(self, node: Node) -> int:
        """The number of a term, the same for equal ones."""
        known = self._numbers.get(node)
        if known is None:
            self.spend(1)
            known = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return known

    def spend(self, amount: int) -> None:
        """Count work; raises `Malformed` when there was too much."""
        self.budget -= amount
        if self.budget < 0:
            raise Malformed("more in it than can be looked at")

    def parts(self, term: int) -> tuple[int, ...]:
        """The expressions that an expression is made of."""
        node = self.nodes[term]
        return tuple(node[k] for k in _PARTS.get(str(node[0]), ()))  # type: ignore[misc]

    def constants(self, term: int) -> frozenset[str]:
        """Names of all constants in an expression, and of the structures that it projects from."""
        known = self._constants.get(term)
        if known is None:
            seen, todo, names = {term}, [term], set()
            while todo:
                at = todo.pop()
                node = self.nodes[at]
                if node[0] in ("const", "proj"):
                    names.add(str(node[1]))
                for part in self.parts(at):
                    if part not in seen:
                        seen.add(part)
                        todo.append(part)
            self.spend(len(seen) // 8)
            known = self._constants[term] = frozenset(names)
        return known

    def spine(self, term: int) -> tuple[int, tuple[int, ...]]:
        """The head of an application, and its arguments; at most the last thousand."""
        arguments: list[int] = []
        while self.nodes[term][0] == "app" and len(arguments) < 1000:
            _, function, argument = self.nodes[term]
            arguments.append(argument)  # type: ignore[arg-type]
            term = function  # type: ignore[assignment]
        return term, tuple(reversed(arguments))

    def is_zero(self, level: int) -> bool:
        """Whether a level is 0 whatever its parameters are."""
        verdicts: dict[int, bool] = {}
        todo = [level]
        while todo:
            at = todo[-1]
            node = self.nodes[at]
            needs: tuple[int, ...] = ()
            if node[0] == "imax":
                needs = (node[2],)  # type: ignore[assignment]
            elif node[0] == "max":
                needs = (node[1], node[2])  # type: ignore[assignment]
            open_ = [n for n in needs if n not in verdicts]
            if open_:
                todo += open_
                continue
            verdicts[at] = all(verdicts[n] for n in needs) if needs else node[0] == "zero"
            todo.pop()
        return verdicts[level]


class Reader:
    """Reads the terms of one module into a store."""

    def __init__(self, region: Region, terms: Terms) -> None:
        self.region = region
        self.terms = terms
        self._names: dict[int, tuple[str, int]] = {}
        self._levels: dict[int, int] = {}
        self._level_lists: dict[int, int] = {}
        self._expressions: dict[int, int] = {}

    def name(self, place: int) -> str:
        """A name with dots; components that hold one, and those that could be taken for numbers, are in guillemets."""
        return self._name(place)[0]

    def _name(self, place: int) -> tuple[str, int]:
        region, chain = self.region, []
        while not region.is_value(place) and place not in self._names:
            chain.append(place)
            place = region.field(place, 0)
            if len(chain) > MAX_COMPONENTS:
                raise Malformed("a name with too many components")
        text, depth = ("", 0) if region.is_value(place) else self._names[place]
        for at in reversed(chain):
            tag, _ = region.constructor(at)
            part = region.field(at, 1)
            if tag not in (1, 2):
                raise Malformed("a name was expected")
            component = _quoted(region.string(part)) if tag == 1 else str(_small(region.natural(part)))
            text, depth = f"{text}.{component}" if depth else component, depth + 1
            if depth > MAX_COMPONENTS:
                raise Malformed("a name with too many components")
            self.terms.spend(1 + len(text) // 4)
            self._names[at] = (text, depth)
        return text, depth

    def names(self, place: int) -> tuple[str, ...]:
        """A list of names."""
        cells = self.region.list_cells(place)
        self.terms.spend(len(cells))
        return tuple(self.name(cell) for cell in cells)

    def level(self, place: int) -> int:
        """A universe level."""
        region, terms, known = self.region, self.terms, self._levels
        zero = terms.number(("zero",))
        todo = [place]
        while todo:
            at = todo[-1]
            if region.is_value(at) or at in known:
                todo.pop()
                continue
            tag, _ = region.constructor(at)
            if tag in (1, 2, 3):
                below = [region.field(at, k) for k in range(1 if tag == 1 else 2)]
                open_ = [b for b in below if not region.is_value(b) and b not in known]
                if open_:
                    todo += open_
                    continue
                numbers = [zero if region.is_value(b) else known[b] for b in below]
                known[at] = terms.number((("succ", "max", "imax")[tag - 1], *numbers))
            elif tag == 4:
                known[at] = terms.number(("param", self.name(region.field(at, 0))))
            elif tag == 0:
                known[at] = zero
            else:
                raise Malformed("a level was expected")
            todo.pop()
        return zero if region.is_value(place) else known[place]

    def _level_list(self, place: int) -> int:
        """A list of levels, as one term of its own: what is hashed stays short."""
        known = self._level_lists.get(place)
        if known is None:
            cells = self.region.list_cells(place)
            self.terms.spend(len(cells))
            node = ("levels", *(self.level(cell) for cell in cells))
            known = self._level_lists[place] = self.terms.number(node)
        return known

    def expression(self, place: int) -> int:
        """An expression. Each object is read once, so what is shared costs nothing."""
        known = self._expressions
        todo = [place]
        while todo:
            at = todo[-1]
            if at in known:
                todo.pop()
                continue
            kind, below = self._shape(at)
            open_ = [b for b in below if b not in known]
            if open_:
                todo += open_
                continue
            todo.pop()
            known[at] = known[below[0]] if kind == "mdata" else self._node(at, kind, [known[b] for b in below])
        return known[place]

    def mentions(self, place: int) -> set[str]:
        """The constants in an expression, which is not stored: for what is only passed through."""
        seen, todo, names = {place}, [place], set[str]()
        while todo:
            at = todo.pop()
            kind, below = self._shape(at)
            if kind in ("const", "proj"):
                names.add(self.name(self.region.field(at, 0)))
            new = [b for b in below if b not in seen]
            seen.update(new)
            todo += new
        self.terms.spend(len(seen) // 8)
        return names

    def _shape(self, at: int) -> tuple[str, list[int]]:
        region = self.region
        if region.is_value(at):
            raise Malformed("an expression was expected")
        tag, _ = region.constructor(at)
        shape = _SHAPES.get(tag)
        if shape is None:
            raise Malformed("an expression was expected")
        kind, fields = shape
        below = [region.field(at, k) for k in fields]
        return kind, below

    def _node(self, at: int, kind: str, parts: list[int]) -> int:
        region, node = self.region, (kind, *parts)
        if kind == "bvar":
            node = (kind, region.natural(region.field(at, 0)))
        elif kind == "sort":
            node = (kind, self.level(region.field(at, 0)))
        elif kind == "const":
            node = (kind, self.name(region.field(at, 0)), self._level_list(region.field(at, 1)))
        elif kind == "lit":
            literal = region.field(at, 0)
            tag, _ = region.constructor(literal)
            value = region.field(literal, 0)
            content = region.natural(value) if tag == 0 else region.string(value)
            self.terms.spend((content.bit_length() if isinstance(content, int) else len(content)) // 8)
            node = ("nat" if tag == 0 else "str", content)
        elif kind == "proj":
            node = (kind, self.name(region.field(at, 0)), region.natural(region.field(at, 1)), parts[0])
        return self.terms.number(node)


# Constructors of `Lean.Expr`, and which of their fields are expressions. 1 and 2 are free and meta variables.
_SHAPES: dict[int, tuple[str, tuple[int, ...]]] = {
    0: ("bvar", ()),
    3: ("sort", ()),
    4: ("const", ()),
    5: ("app", (0, 1)),
    6: ("lam", (1, 2)),
    7: ("pi", (1, 2)),
    8: ("let", (1, 2, 3)),
    9: ("lit", ()),
    10: ("mdata", (1,)),
    11: ("proj", (2,)),
}


def _quoted(component: str) -> str:
    plain = component and not component[0].isdigit() and not any(c in ".«»" for c in component)
    return component if plain else "«" + component.replace("»", "»»") + "»"


def _small(number: int) -> int:
    if number.bit_length() > 64:
        raise Malformed("a name with a huge number")
    return number


def simple_parts(name: str) -> tuple[str, ...]:
    """The components of a name as `Reader.name` writes it, without guillemets."""
    parts, at = [], 0
    while at < len(name):
        if name[at] != "«":
            end = name.find(".", at)
            end = len(name) if end < 0 else end
            parts.append(name[at:end])
        else:
            end = at + 1
            while name[end : end + 1] != "»" or name[end + 1 : end + 2] == "»":
                if end >= len(name):
                    break
                end += 2 if name[end] == "»" else 1
            parts.append(name[at + 1 : end].replace("»»", "»"))
            end += 1
        at = end + 1
    return tuple(parts)
