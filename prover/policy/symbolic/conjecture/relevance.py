"""Which conjectures a goal may need, and where: those that speak of its terms, then those that speak of what these
become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import links, substitute, walk
from prover.policy.symbolic.conjecture.matching import Match, matches, sides
from prover.policy.symbolic.conjecture.paths import negated
from prover.policy.symbolic.conjecture.statement import Conjecture
from prover.policy.symbolic.conjecture.use import Named
from prover.policy.symbolic.conjecture.wanted import Place
from prover.policy.symbolic.instantiate import TRUE, Term, guards, terms_of
from prover.policy.symbolic.view import printed

ROUNDS, MAX_CALLS, MAX_OWN, MAX_MADE = 2, 6, 12, 24
"""How often terms are replaced by what lemmas say of them, calls of one lemma, of a lemma by itself, and terms that
replace others."""
PLAIN = 1
"""The worst rank of what may do instead of a lemma made for one place."""


@dataclass(frozen=True, slots=True)
class Call:
    """A lemma called with the terms of a place, because of one of them; round as in `Relevance`."""

    lemma: Named
    place: Place
    text: str
    args: tuple[ast.Expr, ...]
    term: ast.Expr
    round: int


@dataclass(frozen=True, slots=True)
class Relevance:
    """A lemma with the calls of it that a goal suggests. round: how many replacements away its terms are, 0 for those
    of the goal itself; more than all of them where no call was found."""

    lemma: Named
    round: int
    calls: tuple[Call, ...]
    spare: bool = False
    """A law speaks of the same terms: it is easier to prove than what only one place needs."""

    @property
    def rank(self) -> int:
        """How far-fetched it is to use this lemma here."""
        conjecture = self.lemma.conjecture
        far = conjecture.distance if self.round else 0  # that the goal gets there is seen where it matches
        return self.round + conjecture.cost + far + (PLAIN + 2 if self.spare else 0)


def relevant(
    lemmas: Sequence[Named], places: Sequence[Place], table: TypeTable, *, most: int = MAX_CALLS
) -> list[Relevance]:
    """The lemmas in the order in which they are worth trying, each with so many calls."""
    first: dict[str, int] = {}
    calls: dict[str, dict[tuple[int | None, str], Call]] = {n.name: {} for n in lemmas}
    for place in places:
        terms = [*place.wanted, *place.beyond, *place.known]
        seen = {t.call for t in terms}
        near = {t.call for t in (*place.wanted, *place.beyond)}
        direct = {t.call for t in (*place.wanted, *place.known)}
        for number in range(ROUNDS):
            made: list[Term] = []
            for lemma in lemmas:
                for term, match in _matched(lemma, terms):
                    if match.takes_apart and term.call not in direct:
                        continue  # how a definition takes a sequence apart is known
                    text = call_text(lemma, match, term, place, table)
                    if text is None:
                        continue
                    args = tuple(match.of(ast.Name(p.name)) for p in lemma.conjecture.params)
                    round_ = max(number, match.vague, term.call not in near)
                    calls[lemma.name].setdefault(
                        (place.offset, text), Call(lemma, place, text, args, term.call, round_)
                    )
                    first[lemma.name] = min(first.get(lemma.name, ROUNDS), round_)
                    for side in sides(lemma.conjecture.ensures):
                        made += [
                            Term(n, term.conditions)
                            for n in walk(match.of(side))
                            if isinstance(n, ast.Call) and n not in seen
                        ]
            terms = list(dict.fromkeys(made))[:MAX_MADE]
            seen.update(t.call for t in terms)
    found = []
    for lemma in lemmas:
        best = sorted(calls[lemma.name].values(), key=lambda call: call.round)[:most]
        found.append(Relevance(lemma, first.get(lemma.name, ROUNDS), tuple(best)))
    plain = [r for r in found if 0 <= r.rank <= PLAIN and r.lemma.conjecture.cost >= 0]
    answered = {c.place.origins.get(c.term, c.term) for r in plain for c in r.calls if not c.round}
    found = [replace(r, spare=r.lemma.conjecture.cost < 0 and _among(r, answered)) for r in found]
    return sorted(found, key=lambda r: (r.rank, r.lemma.conjecture.complexity))


def hypotheses(decl: ast.Callable, table: TypeTable) -> list[str]:
    """Calls of a lemma in its own proof, where what it says matches what its terms unfold to: the other parameters
    change in them as they need to."""
    requires = tuple(e for c in decl.clauses_of("requires") for e in c.exprs)
    ensures = [e for c in decl.clauses_of("ensures") for e in c.exprs]
    direct, unfolded = (tuple(terms_of(ensures, table, rounds=rounds)) for rounds in (0, 1))
    scope = {p.name: p.type for p in decl.params if p.type is not None}
    place = Place(None, "", scope, (), (), tuple(t for t in unfolded if t not in direct))
    own = [Named(decl.name, Conjecture(decl.name, decl.params, requires, e)) for e in ensures]
    calls = [c for r in relevant(own, [place], table, most=MAX_OWN) for c in r.calls if _descends(c.args, decl)]
    return list(dict.fromkeys(c.text for c in calls))


def _descends(args: Sequence[ast.Expr], decl: ast.Callable) -> bool:
    """Whether the first argument that changes is plainly a part of its parameter: then recursion ends."""
    for formal, argument in zip(decl.params, args, strict=True):
        here = ast.Name(formal.name)
        if argument != here:
            return _is_part(argument, here)
    return False


def _is_part(expr: ast.Expr, whole: ast.Expr) -> bool:
    match expr:
        case ast.Member(object=inner) | ast.Slice(object=inner):
            return inner == whole or _is_part(inner, whole)
        case ast.Binary(op="-", left=left, right=ast.Literal()):
            return left == whole or _is_part(left, whole)
    return False


def _among(found: Relevance, terms: set[ast.Expr]) -> bool:
    """Whether other lemmas speak of the terms of the goal that this one is for, before or behind."""
    return any(c.term in terms for c in found.calls if c.term not in c.place.origins)


def _matched(lemma: Named, terms: Iterable[Term]) -> Iterator[tuple[Term, Match]]:
    for term in terms:
        for match in matches(lemma.conjecture, term.call):
            yield term, match


def call_text(lemma: Named, match: Match, term: Term, place: Place, table: TypeTable) -> str | None:
    """The call under the conditions under which it makes sense, with the identities that it is modulo; None where they
    are plainly false."""
    arrays = frozenset(n for n, t in place.scope.items() if t.name in ("array", "array?"))
    values = dict(match.binding)
    args = [_passed(values[p.name], p, arrays) for p in lemma.conjecture.params]
    given = {p.name: a for p, a in zip(lemma.conjecture.params, args, strict=True)}
    requires = [substitute(e, given) for e in lemma.conjecture.requires]
    conditions = (*term.conditions, *match.conditions, *requires)
    if any(_plainly_false(e) or negated(e) in conditions for e in conditions) or _two_shapes(conditions):
        return None
    if any(_has_no_parts(e, table) for e in (*conditions, *args)):
        return None
    needed: list[ast.Expr] = []
    for expr in (*term.conditions, *match.conditions, *args, *match.identities, *requires):
        needed += [*guards([expr], table), *within(expr, arrays)]
        needed += [expr] if expr in conditions else []
    told = [f"assert {printed(e)};" for e in match.identities if not _says_nothing(e)]
    behind = [f"assert {printed(e)};" for e in _behind_displays(match.of(lemma.conjecture.ensures))]
    body = " ".join([*told, f"{lemma.name}({', '.join(map(printed, args))});", *behind])
    if any(map(_plainly_false, needed)):
        return None
    guard = " && ".join(f"({printed(c)})" for c in dict.fromkeys(needed) if c != TRUE)
    return f"if {guard} {{ {body} }}" if guard else body


def _behind_displays(expr: ast.Expr) -> Iterator[ast.Expr]:
    """`([x] + ([y] + s))[2..] == s`: what is left behind single elements, which solvers know for one of them only."""
    for node in dict.fromkeys(n for n in walk(expr) if isinstance(n, ast.Binary) and n.op == "+"):
        first: ast.Expr = node
        count = 0
        while isinstance(first, ast.Binary) and first.op == "+" and isinstance(first.left, ast.SeqDisplay):
            count += len(first.left.items)
            first = first.right
            if count > 1:
                yield ast.Binary("==", ast.Slice(node, ast.Literal("int", count), None), first)


def _says_nothing(expr: ast.Expr) -> bool:
    return isinstance(expr, ast.Binary) and printed(expr.left) == printed(expr.right)


def _two_shapes(conditions: Iterable[ast.Expr]) -> bool:
    """Whether a value is said to be made by two constructors."""
    shapes: dict[ast.Expr, str] = {}
    told = (e for e in conditions if isinstance(e, ast.Member) and e.name.endswith("?"))
    return any(shapes.setdefault(e.object, e.name) != e.name for e in told)


def _plainly_false(expr: ast.Expr) -> bool:
    match expr:
        case ast.Unary(op="!", operand=ast.Binary(op="==", left=left, right=right)):
            return left == right
        case ast.Binary(op=">" | "<" | "!=", left=left, right=right) if left == right:
            return True
        case ast.Chain():
            return any(_plainly_false(link) for link in links(expr))
        case ast.Binary(op=op, left=left, right=right):
            a, b = _number(left), _number(right)
            if a is not None and b is not None:
                return not {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b}.get(op, True)
    return False


def _has_no_parts(expr: ast.Expr, table: TypeTable) -> bool:
    """Whether a term asks for the shape or a part of a constant."""
    members = (n.object for n in walk(expr) if isinstance(n, ast.Member))
    return any(isinstance(o, ast.Name) and o.id in table.constructors for o in members)


def _number(expr: ast.Expr) -> int | None:
    match expr:
        case ast.Literal(kind="int", value=int(value)):
            return value
        case ast.Unary(op="-", operand=inner):
            positive = _number(inner)
            return None if positive is None else -positive
    return None


def _passed(value: ast.Expr, formal: ast.Formal, arrays: frozenset[str]) -> ast.Expr:
    """An argument; an array is passed as the sequence of its elements where that is asked for."""
    wanted = formal.type is not None and formal.type.name == "seq"
    if wanted and isinstance(value, ast.Name) and value.id in arrays:
        return ast.Slice(value, None, None)
    return value


def within(expr: ast.Expr, arrays: frozenset[str]) -> Iterator[ast.Expr]:
    """That the indices in a term are within their sequences, the innermost first. arrays: variables that are arrays."""
    zero = ast.Literal("int", 0)

    def length(base: ast.Expr) -> ast.Expr:
        array = isinstance(base, ast.Name) and base.id in arrays
        return ast.Member(base, "Length") if array else ast.Cardinality(base)

    for node in reversed(list(walk(expr))):
        match node:
            case ast.Index(object=base, indices=(index,)):
                yield ast.Chain(("<=", "<"), (zero, index, length(base)))
            case ast.Slice(object=base, low=low, high=high) if low is not None or high is not None:
                ends = [e for e in (low, high) if e is not None]
                yield ast.Chain(("<=",) * (len(ends) + 1), (zero, *ends, length(base)))
