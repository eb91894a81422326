"""Lines that may help in a lemma's body, besides hypotheses: identities on its terms, other lemmas of the file."""

from __future__ import annotations

from itertools import islice, product

from dafny_env.scope import INTEGERS, TypeTable, formals
from dafny_env.syntax import ast
from dafny_env.syntax.walk import substitute, walk
from prover.policy.symbolic.algebra import expansions
from prover.policy.symbolic.hints import sequence_identities
from prover.policy.symbolic.points import Line
from prover.policy.symbolic.regroup import regrouped
from prover.policy.symbolic.view import printed

MAX_LEMMA_CALLS = 12


def hints(decl: ast.Callable, table: TypeTable) -> list[Line]:
    """Identities on the lemma's terms, and calls of the file's other lemmas on its parameters."""
    return identities_of(decl, table) + other_lemmas(decl, table)


def identities_of(decl: ast.Callable, table: TypeTable) -> list[Line]:
    """Labels to reveal, sequence identities and products multiplied out, for the terms of a declaration's contract."""
    exprs = [e for c in decl.clauses for e in c.exprs]
    lines = [Line(f"reveal {', '.join(labels)};") for labels in [_labels(decl)] if labels]
    lines += [Line(f"assert {text};", cost=3) for text in sequence_identities(exprs, formals(decl), table)]
    stated = [e for c in decl.clauses_of("ensures") for e in c.exprs]
    return lines + [
        Line(f"assert {text};", cost=2) for text in (*regrouped(stated, table), *multiplied_out(decl, table))
    ]


def _labels(decl: ast.Callable) -> list[str]:
    """Labels of preconditions and assertions, which hide them until revealed."""
    return list(dict.fromkeys(c.label for c in decl.clauses if c.label))


def multiplied_out(decl: ast.Callable, table: TypeTable) -> list[str]:
    """Expanded products of the statement, and of the statement as recursive calls in the body state it."""
    exprs = [e for c in decl.clauses if c.kind == "ensures" for e in c.exprs]
    bindings: list[dict[str, ast.Expr]] = [{}]
    calls = walk(decl.body) if isinstance(decl.body, ast.Block) else iter(())
    for node in calls:
        if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.id == decl.name:
            bindings.append({p.name: a for p, a in zip(decl.params, node.args, strict=False)})
    for formal in decl.params:
        type_ = table.resolve(formal.type)
        if type_ is not None and type_.name in INTEGERS:
            bindings.append({formal.name: ast.Binary("-", ast.Name(formal.name), ast.Literal("int", 1))})
    found: dict[str, None] = {}
    for binding in bindings:
        for expr in exprs:
            for text in expansions(substitute(expr, binding)):
                found[text] = None
    return list(found)[:10]


def other_lemmas(decl: ast.Callable, table: TypeTable) -> list[Line]:
    """Calls of the file's other lemmas on parameters, their predecessors and their parts."""
    lines: list[Line] = []
    for lemma in table.callables.values():
        if not lemma.is_lemma or lemma.name == decl.name or "twostate" in lemma.kind:
            continue
        choices = [_terms(decl, p.type, table) for p in lemma.params]
        for args in islice(product(*choices), MAX_LEMMA_CALLS):
            lines.append(Line(f"{lemma.name}({', '.join(args)});", cost=3))
    return lines


def _terms(decl: ast.Callable, wanted: ast.Type | None, table: TypeTable) -> list[str]:
    type_ = table.resolve(wanted)
    if type_ is None:
        return []
    plain: list[str] = []
    derived: list[str] = []
    for formal in decl.params:
        own = table.resolve(formal.type)
        if own is None:
            continue
        generic = type_.name[:1].isupper() and type_.name not in table.datatypes
        if own.name == type_.name or generic or (own.name in INTEGERS and type_.name in INTEGERS):
            plain.append(formal.name)
            if own.name in INTEGERS:
                derived.append(f"{formal.name} - 1")
            elif own.name in ("seq", "string"):
                derived += [f"{formal.name}[1..]", f"{formal.name}[..|{formal.name}| - 1]"]
        elif own.name in ("seq", "set") and own.args and own.args[0].name == type_.name and own.name == "seq":
            derived += [f"{formal.name}[0]", f"{formal.name}[|{formal.name}| - 1]"]
    for clause in decl.clauses:
        for node in (n for e in clause.exprs for n in walk(e)):
            if isinstance(node, ast.Call | ast.Binary) and not isinstance(node, ast.Quantifier):
                shape = table.of(node, {p.name: p.type for p in decl.params})
                if shape is not None and shape.name == type_.name and shape.name != "bool":
                    derived.append(printed(node))
    return list(dict.fromkeys([*plain, *derived]))[:8]
