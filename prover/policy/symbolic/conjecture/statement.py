"""A conjecture: a lemma that nobody has stated yet, with names that depend on nothing but what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.print_type import show_type
from dafny_env.syntax.walk import complexity, free_names, fresh_name, substitute, walk
from prover.policy.symbolic.conjecture.terms import SEQUENCES, instance, is_generic
from prover.policy.symbolic.view import printed

LETTERS = {
    "seq": "stuv",
    "int": "xyzw",
    "nat": "nmkl",
    "bool": "pqr",
    "set": "abcd",
    "->": "fgh",
    "data": "abcd",
    "": "xyzw",
}
TYPE_LETTERS = "TUVW"


@dataclass(frozen=True, slots=True)
class Conjecture:
    """A statement worth being a lemma. family: what it is about, for its name (`SumAppend`). cost: how far-fetched, the
    least first. distance: how far from the goal its functions are."""

    family: str
    params: tuple[ast.Formal, ...]
    requires: tuple[ast.Expr, ...]
    ensures: ast.Expr
    type_params: tuple[str, ...] = ()
    cost: int = 0
    distance: int = 0

    @property
    def key(self) -> str:
        """Equal for equal statements, whatever they are called."""
        return "\n".join(self._lines(""))

    @property
    def complexity(self) -> int:
        """Operators of what it says."""
        return complexity(self.ensures)

    def declaration(self, name: str, *, static: bool = False) -> ast.Callable:
        """The lemma under a name, without a body."""
        clauses = (
            *(ast.Clause("requires", (e,)) for e in self.requires),
            ast.Clause("ensures", (self.ensures,)),
        )
        return ast.Callable(
            "lemma",
            name,
            self.params,
            clauses=clauses,
            type_params=tuple(ast.TypeParam(p) for p in self.type_params),
            modifiers=("static",) if static else (),
        )

    def text(self, name: str, *, static: bool = False) -> str:
        """The same as text."""
        return ("static " if static else "") + "\n".join(self._lines(name))

    def _lines(self, name: str) -> Iterator[str]:
        generic = f"<{', '.join(self.type_params)}>" if self.type_params else ""
        params = ", ".join(f"{p.name}: {show_type(p.type)}" for p in self.params if p.type is not None)
        yield f"lemma {name}{generic}({params})"
        yield from (f"  requires {printed(e)}" for e in self.requires)
        yield f"  ensures {printed(self.ensures)}"


def conjecture(
    family: str,
    variables: Mapping[str, Type],
    requires: Iterable[ast.Expr],
    ensures: ast.Expr,
    table: TypeTable,
    *,
    cost: int = 0,
    distance: int = 0,
    taken: frozenset[str] = frozenset(),
) -> Conjecture:
    """A conjecture over some of the variables, renamed by their types in the order in which they occur. taken: names
    that mean something else."""
    needed = list(dict.fromkeys(r for r in requires if not _evident(r, variables)))
    used = [n.id for e in (ensures, *needed) for n in walk(e) if isinstance(n, ast.Name) and n.id in variables]
    used = [name for name in dict.fromkeys(used) if any(name in free_names(e) for e in (ensures, *needed))]
    types: dict[str, Type] = {}
    for name in used:
        for inner in (n for n in walk(variables[name]) if isinstance(n, ast.Type)):
            if is_generic(inner) and inner.name not in types:
                left = [t for t in TYPE_LETTERS if t not in taken and Type(t) not in types.values()]
                types[inner.name] = Type(left[0] if left else fresh_name("T0", taken))
    bound = {v.name for e in (ensures, *needed) for n in walk(e) if isinstance(n, ast.BoundVar) for v in (n,)}
    given: dict[str, str] = {}
    for name in used:
        letters = LETTERS[_class(variables[name], table)]
        free = [x for x in letters if x not in taken and x not in given.values() and x not in bound]
        given[name] = free[0] if free else fresh_name(f"{letters[0]}0", {*taken, *given.values(), *bound})
    # In two steps, since old and new names may be the same.
    aside: dict[str, ast.Expr] = {old: ast.Name(f"{new}'") for old, new in given.items()}
    final: dict[str, ast.Expr] = {f"{new}'": ast.Name(new) for new in given.values()}

    def renamed(expr: ast.Expr) -> ast.Expr:
        return substitute(substitute(expr, aside), final)

    return Conjecture(
        family,
        tuple(ast.Formal(given[n], instance(variables[n], types)) for n in used),
        tuple(sorted((renamed(e) for e in needed), key=_definite)),
        renamed(ensures),
        tuple(t.name for t in types.values()),
        cost,
        distance,
    )


def _definite(expr: ast.Expr) -> tuple[bool, bool, int, str]:
    """An order of preconditions in which those that others need to have a value come first."""
    nodes = list(walk(expr))
    calls = any(isinstance(n, ast.Call) for n in nodes)
    return calls, any(isinstance(n, ast.Index | ast.Slice) for n in nodes), len(nodes), printed(expr)


def _class(type_: Type, table: TypeTable) -> str:
    resolved = table.resolve(type_) or type_
    name = type_.name if type_.name in INTEGERS else resolved.name
    if name in SEQUENCES:
        return "seq"
    if name in ("set", "multiset", "map", "iset", "imap"):
        return "set"
    if name in ("->", "-->", "~>"):
        return "->"
    if name in table.datatypes:
        return "data"
    return name if name in LETTERS else ""


def _evident(expr: ast.Expr, variables: Mapping[str, Type]) -> bool:
    """Whether a precondition says nothing: `0 <= n` of a natural number, `0 <= |s|`, `x <= x`."""
    match expr:
        case ast.Literal(kind="bool", value=True):
            return True
        case ast.Binary(op="<=", left=ast.Literal(kind="int", value=0), right=right):
            return _natural(right, variables)
        case ast.Binary(op=">=", left=left, right=ast.Literal(kind="int", value=0)):
            return _natural(left, variables)
        case ast.Binary(op=("<=" | ">=" | "=="), left=left, right=right):
            return left == right
    return False


def _natural(expr: ast.Expr, variables: Mapping[str, Type]) -> bool:
    match expr:
        case ast.Cardinality():
            return True
        case ast.Literal(kind="int", value=int(value)):
            return value >= 0
        case ast.Name(id=name):
            return name in variables and variables[name].name == "nat"
        case ast.Binary(op=("+" | "*"), left=left, right=right):
            return _natural(left, variables) and _natural(right, variables)
    return False
