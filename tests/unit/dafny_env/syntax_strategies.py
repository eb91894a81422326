"""Random expressions as the parser makes them, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_expr import LEVELS, RELATIONAL

NAMES = st.sampled_from(["a", "b", "x'", "f", "S", "is", "to"])
OPERATORS = st.sampled_from([op for op, level in LEVELS.items() if level < 8])
COMPARISONS = st.sampled_from([op for op, level in LEVELS.items() if level == RELATIONAL])
TYPES = st.recursive(
    st.sampled_from(["int", "T", "M.U", "array2"]).map(A.Type),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=2).map(lambda a: A.Type("seq", tuple(a))),
        st.lists(inner, min_size=1, max_size=3).map(lambda a: A.Type("->", tuple(a))),
        st.lists(inner, min_size=2, max_size=2).map(lambda a: A.Type("(,)", tuple(a))),
        st.builds(lambda a, b: A.Type("D", (), A.Type("C", (a, b))), inner, inner),
    ),
    max_leaves=4,
)
LITERALS = st.one_of(
    st.integers(0, 10**6).map(lambda n: A.Literal("int", n)),
    st.sampled_from(["1.5", "0.25"]).map(lambda r: A.Literal("real", r)),
    st.booleans().map(lambda b: A.Literal("bool", b)),
    st.characters().map(lambda c: A.Literal("char", c)),
    st.text(max_size=4).map(lambda t: A.Literal("string", t)),
    st.just(A.Literal("null", None)),
)
LEAVES = st.one_of(NAMES.map(A.Name), LITERALS, st.just(A.This()))
PATTERNS = st.recursive(
    st.one_of(
        st.builds(A.Pattern, NAMES, type=st.none() | TYPES),
        st.integers(0, 9).map(lambda n: A.Pattern("", literal=A.Literal("int", n))),
        st.just(A.Pattern("_")),
    ),
    lambda inner: st.one_of(
        st.builds(lambda n, a: A.Pattern(n, tuple(a)), NAMES, st.lists(inner, max_size=2)),
        st.lists(inner, min_size=2, max_size=2).map(lambda a: A.Pattern("(,)", tuple(a))),
    ),
    max_leaves=3,
)


def _tuple(inner: st.SearchStrategy[A.Expr], low: int, high: int) -> st.SearchStrategy[tuple[A.Expr, ...]]:
    return st.lists(inner, min_size=low, max_size=high).map(tuple)


def _one_direction(ops: list[str]) -> bool:
    """Dafny refuses chains that rise and fall; `a < b > is` would be a test of the type of `a<b>`."""
    return not ({"<", "<="} & set(ops) and {">", ">="} & set(ops))


def _extend(e: st.SearchStrategy[A.Expr]) -> st.SearchStrategy[A.Expr]:
    optional = st.none() | e
    bound = st.builds(A.BoundVar, NAMES, st.none() | TYPES, optional)
    binders = st.lists(bound, min_size=1, max_size=2).map(tuple)
    plain = st.lists(st.builds(A.BoundVar, NAMES, st.none() | TYPES), max_size=2).map(tuple)
    trigger = st.lists(st.builds(lambda a: A.Attribute("trigger", a), _tuple(e, 1, 2)), max_size=1).map(tuple)
    pairs = st.lists(st.tuples(e, e), min_size=1, max_size=2).map(tuple)
    statements = st.one_of(
        st.builds(A.Assert, e),
        st.builds(lambda f, a: A.Assign((), (A.Rhs(A.Call(A.Name(f), a)),)), NAMES, _tuple(e, 0, 2)),
        st.builds(lambda a, b: A.Calc(None, (a, b), ("==",), ((), ())), e, e),
    )
    return st.one_of(
        st.builds(A.Binary, OPERATORS, e, e),
        st.builds(A.Binary, OPERATORS, e, e),
        st.builds(
            lambda ops, xs: A.Chain(tuple(ops), tuple(xs)),
            st.lists(COMPARISONS, min_size=2, max_size=2).filter(_one_direction),
            _tuple(e, 3, 3),
        ),
        st.builds(A.PrefixEqual, st.sampled_from(["==", "!="]), e, e, e),
        st.builds(A.Unary, st.sampled_from(["!", "-"]), e),
        st.builds(A.Cardinality, e),
        st.builds(A.IfExpr, e, e, e),
        st.builds(A.IfExpr, e, e, e, plain),
        st.builds(A.Quantifier, st.sampled_from(["forall", "exists"]), binders, optional, e, trigger),
        st.builds(A.SetComp, binders, optional, optional, st.booleans()),
        st.builds(A.MapComp, binders, optional, optional, e, st.booleans()),
        st.builds(
            lambda ps, c, b: A.Lambda(ps, tuple(A.Clause("requires", (x,)) for x in c), b), plain, _tuple(e, 0, 1), e
        ),
        st.builds(lambda p, v, b: A.Let((p,), (v,), b), PATTERNS.filter(lambda p: p.literal is None), e, e),
        st.builds(lambda n, v, b: A.Let((A.Pattern(n),), (v,), b, such_that=True, ghost=True), NAMES, e, e),
        _tuple(e, 0, 3).map(A.SeqDisplay),
        st.builds(A.SetDisplay, st.sampled_from(["set", "iset", "multiset"]), _tuple(e, 0, 2)),
        st.builds(A.MapDisplay, pairs, st.booleans()),
        st.builds(A.SeqComp, e, e),
        st.builds(A.MultisetOf, e),
        st.builds(A.Old, e, st.sampled_from([None, "L"])),
        st.builds(A.HeapPredicate, st.just("allocated"), _tuple(e, 1, 1)),
        st.builds(A.Member, e, st.sampled_from(["g", "0", "Cons?", "12"])),
        st.builds(A.Call, e, _tuple(e, 0, 3)),
        st.builds(lambda n, t, a: A.Call(A.Name(n, (t,)), a), NAMES, TYPES, _tuple(e, 0, 2)),
        st.builds(A.Index, e, _tuple(e, 1, 2)),
        st.builds(A.Slice, e, optional, optional),
        st.builds(A.Update, e, pairs),
        st.builds(lambda o, n, v: A.DatatypeUpdate(o, ((n, v),)), e, NAMES, e),
        st.builds(lambda s, p, b: A.MatchExpr(s, ((p, b),)), e, PATTERNS, e),
        _tuple(e, 2, 3).map(A.Tuple),
        st.builds(A.Convert, st.sampled_from(["as", "is"]), e, TYPES),
        st.builds(A.StmtExpr, statements, e),
    )


EXPRESSIONS: st.SearchStrategy[A.Expr] = st.recursive(LEAVES, _extend, max_leaves=8)
