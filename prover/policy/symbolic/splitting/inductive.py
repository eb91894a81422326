"""Lemmas by induction whose step needs another lemma: what is left of a case when functions are unfolded and the
hypothesis is used becomes a lemma, made wider.

Boyer and Moore's waterfall ("A Computational Logic"): unfold, use the hypothesis on one side only
(cross-fertilisation), generalise what is common to both sides. What comes out is tried on small values first."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from itertools import product

from dafny_env.environment import StepDiagnostic
from dafny_env.scope import TypeTable, formals
from dafny_env.steps import DafnyStep, GoalKind
from dafny_env.syntax import ast
from dafny_env.syntax.walk import conjuncts, free_names, substitute, transform, walk
from prover.policy.symbolic.hints import indent_at
from prover.policy.symbolic.houdini import Item, Round, build, make_step
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.claims import Claim, canonical, claim_about
from prover.policy.symbolic.splitting.ends import distributed, opened_at
from prover.policy.symbolic.splitting.plans import lemma_name
from prover.policy.symbolic.splitting.reduction import unfolded
from prover.policy.symbolic.splitting.rewriting import matches, rewritings
from prover.policy.symbolic.splitting.schemes import Case, Scheme, schemes
from prover.policy.symbolic.splitting.trials import Trials
from prover.policy.symbolic.splitting.wider import widened
from prover.policy.symbolic.splitting.witnesses import body_with_witnesses
from prover.policy.symbolic.view import printed, replace_node
from search.ports import Accepted, PolicyContext, Rejected, Step, Verdict

MAX_SCHEMES, MAX_INSTANCES = 4, 4
BELIEVED = 4
Strategy = Generator[Step, Verdict, object]


def inductive(setting: Setting, context: PolicyContext) -> Strategy:
    """Steps for a lemma without a body, or with an empty one."""
    assert setting.located is not None
    decl = setting.located.decl
    lost = frozenset(entry.partition(":")[0] for entry in context.lost_lemmas)
    trials = Trials(setting)
    accepted = 0
    for scheme in list(schemes(decl, setting.table))[:MAX_SCHEMES]:
        lines = [_lines(decl, scheme, case, setting.table) for case in scheme.cases]
        verdict = yield _step(setting, scheme, lines, {}, "")
        if isinstance(verdict, Accepted):
            return None
        if not isinstance(verdict, Rejected):
            continue
        failing = _failing(verdict.diagnostics, setting, scheme, lines)
        if not failing:
            continue
        options = {k: _claims(setting, scheme, scheme.cases[k], trials) for k in failing}
        if not all(options.values()):
            continue
        for rank in range(max(map(len, options.values()))):
            calls, helpers, names = _called(setting, {k: o[min(rank, len(o) - 1)] for k, o in options.items()}, scheme)
            if lost & set(names):
                continue
            verdict = yield _step(setting, scheme, lines, calls, helpers)
            accepted += isinstance(verdict, Accepted)
            if accepted > context.visits:
                return None
    return None


def witnessed(setting: Setting) -> Generator[Step, Verdict, Round | None]:
    """A body that names what exists and says witnesses aloud, for a lemma with no body yet; None unless that is all."""
    if setting.located is None or not is_unproved(setting.located.decl):
        return None
    lines = body_with_witnesses(setting.located.decl, Trials(setting), setting.table)
    if not lines:
        return None
    verdict = yield _plain(setting, lines)
    return Round((), True) if isinstance(verdict, Accepted) else None


def is_unproved(decl: ast.Callable) -> bool:
    """Whether a lemma has no body, or an empty one: then what is left to show is what it says."""
    return decl.is_lemma and (decl.body is None or (isinstance(decl.body, ast.Block) and not decl.body.body))


# ----------------------------------------------------------------------------------------------------------- the text


def _lines(decl: ast.Callable, scheme: Scheme, case: Case, table: TypeTable) -> list[str]:
    """The hypotheses of a case, and hints."""
    calls = []
    for binding in _instances(decl, scheme, case, table):
        args = [substitute(binding[p.name], case.values) for p in decl.params]
        calls.append(f"{decl.name}({', '.join(map(printed, args))});")
    stated = [e for c in decl.clauses_of("ensures") for e in c.exprs]
    openings = [o for e in stated for o in opened_at(_at(e, scheme, case), case.marked, table)[1]]
    here = ast.Name(scheme.param.name)
    ends = [
        o.equation(lambda e: substitute(e, case.values), replace_node(o.whole, case.whole, here))
        for o in dict.fromkeys(openings)
        if o.whole != case.whole
    ]
    return [*(f"assert {h};" for h in (*case.hints, *ends)), *calls]


def _at(expr: ast.Expr, scheme: Scheme, case: Case) -> ast.Expr:
    return substitute(expr, {scheme.param.name: case.whole})


def _instances(decl: ast.Callable, scheme: Scheme, case: Case, table: TypeTable) -> list[dict[str, ast.Expr]]:
    """Values of the parameters for which the hypothesis is used: the other parameters as they are, and as terms of what
    is to be shown ask for (accumulators change on the way)."""
    others = {p.name for p in decl.params if p.name != scheme.param.name}
    found: dict[tuple[str, ...], dict[str, ast.Expr]] = {}
    stated = [e for c in decl.clauses_of("ensures") for e in c.exprs]
    for part in case.smaller:
        plain: dict[str, ast.Expr] = {scheme.param.name: part, **{n: ast.Name(n) for n in others}}
        bindings = [plain]
        for ensured in stated:
            formula = _opened(ensured, scheme, case, table)
            smaller = substitute(ensured, {scheme.param.name: part})
            patterns = [n for n in walk(smaller) if isinstance(n, ast.Call) and others & free_names(n)]
            for pattern in patterns:
                names = others & free_names(pattern)
                for node in walk(formula):
                    binding: dict[str, ast.Expr] = {}
                    if isinstance(node, ast.Call) and matches(pattern, node, names, binding):
                        bindings.append({**plain, **binding})
        for binding in bindings:
            key = tuple(printed(binding[p.name]) for p in decl.params)
            if len(found) < MAX_INSTANCES:
                found.setdefault(key, binding)
    return list(found.values())


def _step(
    setting: Setting, scheme: Scheme, lines: Sequence[Sequence[str]], calls: dict[int, list[str]], helpers: str
) -> Step:
    """The body. A case without calls of further lemmas ends with what is to be shown, so that errors tell cases."""
    items = _items(setting, scheme, lines, calls)
    step = build(setting.goal, items, "induction" if not helpers else "decomposition", thorough=True, solver_seconds=4)
    payload: DafnyStep = step.payload
    return make_step(replace(payload, helpers=helpers), step.kind)


def _plain(setting: Setting, lines: Sequence[str]) -> Step:
    """Lines as the whole body."""
    at, open_, indent = _place(setting)
    told = [("{", 0), *((line, 1) for line in lines), ("}", 0)] if open_ else [(line, 1) for line in lines]
    items = [Item(at, text, k, 2, fixed=True, indent=indent + "  " * deep) for k, (text, deep) in enumerate(told)]
    return build(setting.goal, items, "witness", thorough=True, solver_seconds=6)


def _place(setting: Setting) -> tuple[int, bool, str]:
    """Where the body's lines go, whether it is still to be opened, and the indentation of the lemma."""
    assert setting.located is not None
    decl, goal = setting.located.decl, setting.goal
    open_ = goal.kind is GoalKind.LEMMA
    at = goal.site.end if open_ or not isinstance(decl.body, ast.Block) else decl.body.span.start + 1
    return at, open_, indent_at(goal.base, decl.span.start)


def _items(setting: Setting, scheme: Scheme, lines: Sequence[Sequence[str]], calls: dict[int, list[str]]) -> list[Item]:
    assert setting.located is not None
    decl = setting.located.decl
    at, open_, indent = _place(setting)
    told: list[tuple[str, int]] = [("{", 0)] if open_ else []
    told += [(scheme.before, 1)] if scheme.before else []
    depth = 2 if scheme.before else 1
    for k, case in enumerate(scheme.cases):
        told.append((case.opening, depth))
        told += [(line, depth + 1) for line in lines[k]]
        told += [(line, depth + 1) for line in calls.get(k, ())]
        if not calls:
            told += [(f"assert {printed(e)};", depth + 1) for c in decl.clauses_of("ensures") for e in c.exprs]
        told += [(case.closing, depth)] if case.closing else []
    told += [(scheme.behind, 1)] if scheme.behind else []
    told += [("}", 0)] if open_ else []
    return [Item(at, text, k, 2, fixed=True, indent=indent + "  " * deep) for k, (text, deep) in enumerate(told)]


def _failing(
    found: Sequence[StepDiagnostic], setting: Setting, scheme: Scheme, lines: Sequence[Sequence[str]]
) -> list[int]:
    """The cases that errors are in; none where an error is elsewhere."""
    items = _items(setting, scheme, lines, {})
    openings = [c.opening for c in scheme.cases]
    at: list[int | None] = []
    current: int | None = None
    for item in items:
        if item.text in openings:
            current = openings.index(item.text)
        at.append(current)
    cases = {at[d.insertion] for d in found if d.insertion is not None and d.insertion < len(at)}
    return sorted(k for k in cases if k is not None)


# --------------------------------------------------------------------------------------------------------- the lemmas


def _claims(setting: Setting, scheme: Scheme, case: Case, trials: Trials) -> list[list[Claim]]:
    """Claims that would close a case, one for each thing to be shown, in ranked alternatives; empty where there are
    none for one of them."""
    assert setting.located is not None
    decl, table = setting.located.decl, setting.table
    variables = [v for v in formals(decl) if v.name != scheme.param.name] + list(case.variables)
    stated = [p for c in decl.clauses_of("ensures") for e in c.exprs for p in conjuncts(e)]
    required = [p for c in decl.clauses_of("requires") for e in c.exprs for p in conjuncts(e)]
    instances = _instances(decl, scheme, case, table)
    hypotheses = [substitute(e, binding) for binding in instances for e in stated]
    known = [*(_opened(e, scheme, case, table) for e in required), *hypotheses]
    found: list[list[Claim]] = []
    for ensured in stated:
        formula = _opened(ensured, scheme, case, table)
        if isinstance(formula, ast.Binary) and formula.op == "==" and formula.left == formula.right:
            continue
        believed: list[Claim] = []
        for form in _forms(formula, hypotheses, frozenset(v.name for v in variables)):
            claim = claim_about(form, known, variables, table)
            weakest = trials.weakest(claim) if claim is not None else None
            if claim is not None and weakest is not None:
                believed.append(claim)
                if len(believed) >= BELIEVED:
                    break
        chains = [c for b in believed if (c := [w for w in widened(b, trials, table)[:2] if not _restated(w, decl)])]
        wide = [w for chain in sorted(chains, key=lambda c: _rank(c[0], table)) for w in chain]
        wide = [replace(w, values={n: substitute(v, case.values) for n, v in w.values.items()}) for w in wide]
        if not wide:
            return []
        found.append(wide)
    if not found:
        return []
    return [[o[min(rank, len(o) - 1)] for o in found] for rank in range(max(map(len, found)))]


def _rank(claim: Claim, table: TypeTable) -> tuple[int, int, int]:
    """Hypotheses, functions and size: what is about one function alone is the likeliest to go by induction."""
    functions = {
        n.function.id for n in walk(claim.ensures) if isinstance(n, ast.Call) and isinstance(n.function, ast.Name)
    }
    return len(claim.requires), len(functions & table.functions.keys()), claim.size


def _opened(expr: ast.Expr, scheme: Scheme, case: Case, table: TypeTable) -> ast.Expr:
    """A formula in a case, with the functions unfolded that can be."""
    return unfolded(opened_at(_at(expr, scheme, case), case.marked, table)[0], table)


def _forms(formula: ast.Expr, hypotheses: Sequence[ast.Expr], names: frozenset[str]) -> list[ast.Expr]:
    """The formula with the hypotheses used: on one side of it alone first."""
    found: dict[ast.Expr, None] = {}
    multiplied = transform(formula, distributed)
    assert isinstance(multiplied, ast.Expr)
    for told, hypothesis in product(dict.fromkeys((formula, multiplied)), hypotheses):
        match told, hypothesis:
            case ast.Binary(op="==", left=left, right=right), ast.Binary(op="==", left=one, right=other):
                found[ast.Binary("==", left, replace_node(right, other, one))] = None
                found[ast.Binary("==", replace_node(left, one, other), right)] = None
                found[ast.Binary("==", left, replace_node(right, one, other))] = None
                found[ast.Binary("==", replace_node(left, other, one), right)] = None
    found |= dict.fromkeys(rewritings(multiplied, hypotheses, names))
    found.pop(formula, None)
    return [f for f in (*found, formula) if not (isinstance(f, ast.Binary) and f.left == f.right)]


def _restated(claim: Claim, decl: ast.Callable) -> bool:
    """Whether a claim is what is to be proved, again."""
    required, ensured = ([e for c in decl.clauses_of(k) for e in c.exprs] for k in ("requires", "ensures"))
    mine = canonical([p.name for p in claim.params], claim.requires, [claim.ensures])
    return mine == canonical([p.name for p in decl.params], required, ensured)


def _called(
    setting: Setting, chosen: dict[int, list[Claim]], scheme: Scheme
) -> tuple[dict[int, list[str]], str, list[str]]:
    """The calls for each case, the lemmas, and their names."""
    calls: dict[int, list[str]] = {k: [] for k in range(len(scheme.cases))}
    helpers: dict[str, None] = {}
    names: list[str] = []
    for k, claims in chosen.items():
        for claim in claims:
            calls[k] += [f"assert {h};" for h in claim.hints]
            if not claim.idle:
                name = lemma_name(setting, claim)
                names.append(name)
                helpers[claim.statement(name)] = None
                calls[k].append(claim.call(name))
    return calls, "\n\n".join(helpers), names
