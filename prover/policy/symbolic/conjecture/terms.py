"""What conjectures are made of: functions with their types, terms of known type, and what a call asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dafny_env.index import Located, callables, mentioned
from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import substitute, walk
from prover.policy.symbolic.setting import Setting

BOOL, INT, NAT = Type("bool"), Type("int"), Type("nat")
SEQUENCES = frozenset({"seq", "string"})
NEAR = 12
"""Functions that conjectures are about, those nearest to the goal."""
RIGID = "`"
"""Marks type parameters that are fixed."""
Values = Mapping[str, ast.Expr]


@dataclass(frozen=True, slots=True)
class Term:
    """An expression and its type."""

    expr: ast.Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Fn:
    """A function as conjectures use it: the receiver of a member is its first parameter. Type parameters are named
    apart from those of other functions. distance: 0 where the goal speaks of it, else how many functions lie between.
    descending: the parameters that its recursion is on; gathers: those that a result is gathered in; from_front and
    from_back: the sequences that it takes apart at one end.
    """

    name: str
    params: tuple[ast.Formal, ...]
    result: Type
    decl: ast.Callable
    type_params: tuple[str, ...] = ()
    member: bool = False
    distance: int = 0
    descending: tuple[int, ...] = ()
    gathers: tuple[int, ...] = ()
    from_front: frozenset[int] = frozenset()
    from_back: frozenset[int] = frozenset()

    def call(self, args: Sequence[ast.Expr]) -> ast.Expr:
        """The call with these arguments, one for each parameter."""
        if self.member:
            return ast.Call(ast.Member(args[0], self.name), tuple(args[1:]))
        return ast.Call(ast.Name(self.name), tuple(args))

    def arguments(self, call: ast.Expr) -> tuple[ast.Expr, ...] | None:
        """The arguments where an expression is a call of the function; None where it is not."""
        match call:
            case ast.Call(function=ast.Name(id=name), args=args) if name == self.name and not self.member:
                return args if len(args) == len(self.params) else None
            case ast.Call(function=ast.Member(object=receiver, name=name), args=args) if self.member:
                whole = (receiver, *args)
                return whole if name == self.name and len(whole) == len(self.params) else None
        return None

    def tells_at_once(self, call: ast.Expr, table: TypeTable) -> bool:
        """Whether an expression is a call that the definition evaluates: of a constant or a constructor in an argument
        that its recursion is on."""
        args = self.arguments(call)
        return args is not None and any(_is_plain(args[k], table) for k in self.descending)

    def asks(self, args: Sequence[ast.Expr]) -> Iterator[ast.Expr]:
        """What `requires` says of a call with these arguments."""
        values = {p.name: a for p, a in zip(self.params, args, strict=True)}
        if self.member:
            return  # `this` may be left out there
        for clause in self.decl.clauses_of("requires"):
            for expr in clause.exprs:
                yield substitute(expr, values)


def _is_plain(expr: ast.Expr, table: TypeTable) -> bool:
    match expr:
        case ast.Literal() | ast.SeqDisplay():
            return True
        case ast.Name(id=name) | ast.Call(function=ast.Name(id=name)):
            return name in table.constructors
    return False


def functions_of(setting: Setting) -> list[Fn]:
    """The functions with a body that a goal speaks of, directly or through others, the nearest first. Those that read
    the heap through `this`, and those of other scopes, are left out."""
    located = setting.located
    if located is None:
        return []
    own = {f.decl.name: f for f in callables(setting.program).values() if f.decl.is_function and _within(f, located)}
    names = [*own, *(n for n in setting.table.functions if n not in own)]
    distance: dict[str, int] = {}
    frontier, steps = _spoken_of(setting, located), 0
    while frontier:
        new = {n for n in frontier if n in setting.table.functions and n not in distance}
        distance |= dict.fromkeys(new, steps)
        frontier = frozenset().union(*(mentioned(setting.table.functions[n]) for n in new))
        steps += 1
    found = []
    for name in names:
        decl = setting.table.functions[name]
        owner = own[name].owner if name in own else None
        if name in distance and (name in own or owner is None):
            function = _function(decl, owner, distance[name])
            if function is not None:
                found.append(function)
    return sorted(found, key=lambda f: f.distance)[:NEAR]


def _spoken_of(setting: Setting, located: Located) -> frozenset[str]:
    """The names that a declaration mentions, and those in the contracts of the methods that it calls."""
    own = mentioned(located.decl)
    called = (setting.table.callables.get(name) for name in own)
    clauses = (c for m in called if m is not None and not m.is_function for c in m.clauses)
    return own.union(*(mentioned(c) for c in clauses))


def _within(function: Located, goal: Located) -> bool:
    """Whether a function can be named at the goal as it stands, or is a member of a datatype."""
    scope = function.scope.rpartition(".")[0] if isinstance(function.owner, ast.Datatype) else function.scope
    return goal.scope == scope or goal.scope.startswith(f"{scope}.") or not scope


def _function(decl: ast.Callable, owner: ast.Decl | None, distance: int) -> Fn | None:
    if not isinstance(decl.body, ast.Expr) or "twostate" in decl.kind or decl.order is not None:
        return None
    if any(p.type is None for p in decl.params) or (
        isinstance(owner, ast.ClassLike) and "static" not in decl.modifiers
    ):
        return None
    result = BOOL if "predicate" in decl.kind else decl.result
    if result is None:
        return None
    params, generic, member = decl.params, [p.name for p in decl.type_params], False
    if isinstance(owner, ast.Datatype) and "static" not in decl.modifiers:
        receiver = Type(owner.name, tuple(Type(p.name) for p in owner.type_params))
        generic += [p.name for p in owner.type_params]
        params, member = (ast.Formal("this", receiver), *params), True
    elif isinstance(owner, ast.Datatype | ast.TypeDecl):
        return None
    apart = {name: Type(f"{name}'{decl.name}") for name in generic}
    renamed = tuple(ast.Formal(p.name, instance(p.type, apart)) for p in params if p.type is not None)
    return Fn(
        decl.name, renamed, instance(result, apart), decl, tuple(t.name for t in apart.values()), member, distance
    )


# ---------------------------------------------------------------------------------------------------------------- types


def instance(type_: Type, values: Mapping[str, Type]) -> Type:
    """The type with type parameters replaced."""
    if not type_.args:
        return values.get(type_.name, type_)
    return Type(type_.name, tuple(instance(a, values) for a in type_.args), type_.qualifier)


def is_parameter(type_: Type) -> bool:
    """Whether a type is a type parameter of a function, named apart as `Fn` does."""
    return "'" in type_.name and not type_.args


def rigid(type_: Type) -> Type:
    """The type with its type parameters fixed: they stand for types that nothing is known of."""
    return Type(type_.name.replace("'", RIGID), tuple(rigid(a) for a in type_.args), type_.qualifier)


def is_generic(type_: Type) -> bool:
    """Whether a type is a type parameter, fixed or not."""
    return not type_.args and ("'" in type_.name or RIGID in type_.name)


def unify(left: Type, right: Type, found: dict[str, Type], table: TypeTable) -> bool:
    """Whether two types can be made the same by choosing type parameters; `found` is extended. Integers and natural
    numbers are the same here."""
    left, right = _followed(left, found, table), _followed(right, found, table)
    if left == right or (left.name in INTEGERS and right.name in INTEGERS):
        return True
    for own, other in ((left, right), (right, left)):
        if is_parameter(own):
            if any(t.name == own.name for t in walk(other) if isinstance(t, Type)):
                return False
            found[own.name] = other
            return True
    if left.name != right.name or len(left.args) != len(right.args):
        return False
    return all(unify(a, b, found, table) for a, b in zip(left.args, right.args, strict=True))


def _followed(type_: Type, found: Mapping[str, Type], table: TypeTable) -> Type:
    seen = 0
    while type_.name in found and seen < 20:
        type_, seen = found[type_.name], seen + 1
    if type_.name == "string":
        return Type("seq", (Type("char"),))
    return table.resolve(type_) or type_


def settled(type_: Type, found: Mapping[str, Type]) -> Type:
    """The type with all that was found put in."""
    for _ in range(20):
        new = instance(type_, found)
        if new == type_:
            break
        type_ = new
    return type_


def is_integer(type_: Type, table: TypeTable) -> bool:
    """Whether a type is `int`, `nat`, or a subset of them."""
    resolved = table.resolve(type_)
    return resolved is not None and resolved.name in INTEGERS


def is_sequence(type_: Type, table: TypeTable) -> bool:
    """Whether a type is one of sequences."""
    resolved = table.resolve(type_)
    return resolved is not None and resolved.name in SEQUENCES


def element_of(type_: Type, table: TypeTable) -> Type:
    """The element type of a sequence type."""
    resolved = table.resolve(type_) or type_
    return Type("char") if resolved.name == "string" else resolved.args[0] if resolved.args else INT


# ---------------------------------------------------------------------------------------------------------- expressions


def number(value: int) -> ast.Expr:
    """A literal."""
    return ast.Literal("int", value)


def added(left: ast.Expr, right: ast.Expr) -> ast.Expr:
    """`left + right`."""
    return ast.Binary("+", left, right)


def at(sequence: ast.Expr, index: ast.Expr) -> ast.Expr:
    """`sequence[index]`."""
    return ast.Index(sequence, (index,))


def upto(sequence: ast.Expr, high: ast.Expr) -> ast.Expr:
    """`sequence[..high]`."""
    return ast.Slice(sequence, None, high)


def behind(sequence: ast.Expr, low: ast.Expr) -> ast.Expr:
    """`sequence[low..]`."""
    return ast.Slice(sequence, low, None)


def size(expr: ast.Expr) -> int:
    """Nodes of an expression: how long it is to read."""
    return sum(isinstance(n, ast.Expr) for n in walk(expr))


def requirements(exprs: Iterable[ast.Expr], functions: Sequence[Fn]) -> Iterator[ast.Expr]:
    """What the calls in some formulas ask for."""
    for call in (n for e in exprs for n in walk(e) if isinstance(n, ast.Call)):
        for function in functions:
            args = function.arguments(call)
            if args is not None:
                yield from function.asks(args)
