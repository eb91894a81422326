"""Types of what a file declares, and of expressions as far as their text tells them.

Types are inferred from what is written, without resolution: enough to choose templates by. A wrong or missing type
costs a candidate that the verifier then rejects, never soundness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import walk

INT, BOOL, REAL, CHAR = Type("int"), Type("bool"), Type("real"), Type("char")
INTEGERS = frozenset({"int", "nat"})
TUPLE = "(,)"

Scope = Mapping[str, Type | None]
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"})


class TypeTable:
    """Types of everything that a file declares, by simple name; of equal names the first wins.

    functions, callables: declarations. fields: types of fields, constants and constructor parameters. constructors: of
    datatypes, with the datatype's name. synonyms: what other types are, constraints left out. Declarations from
    elsewhere (`included`) come behind the file's own.
    """

    def __init__(self, program: ast.Program, included: Iterable[ast.Decl] = ()) -> None:
        self.functions: dict[str, ast.Callable] = {}
        self.callables: dict[str, ast.Callable] = {}
        self.fields: dict[str, Type | None] = {}
        self.constructors: dict[str, tuple[str, ast.Constructor]] = {}
        self.datatypes: dict[str, ast.Datatype] = {}
        self.synonyms: dict[str, Type] = {}
        for node in chain.from_iterable(map(walk, (program, *included))):
            if isinstance(node, ast.Callable):
                self.callables.setdefault(node.name, node)
                if node.is_function:
                    self.functions.setdefault(node.name, node)
            elif isinstance(node, ast.Field):
                self.fields.setdefault(node.name, node.type)
            elif isinstance(node, ast.Datatype):
                self.datatypes.setdefault(node.name, node)
                for constructor in node.constructors:
                    self.constructors.setdefault(constructor.name, (node.name, constructor))
                    for formal in constructor.params:
                        self.fields.setdefault(formal.name, formal.type)
            elif isinstance(node, ast.TypeDecl) and node.base is not None:
                self.synonyms.setdefault(node.name, node.base)

    def resolve(self, type_: Type | None) -> Type | None:
        """Follow synonyms and subset types to their base (at most 10 deep: declarations may be circular nonsense)."""
        for _ in range(10):
            if type_ is None or type_.name not in self.synonyms:
                break
            type_ = self.synonyms[type_.name]
        return type_

    def of(self, expr: ast.Expr | None, scope: Scope) -> Type | None:
        """The type of an expression as far as its text tells, None otherwise."""
        match expr:
            case ast.Literal(kind=("int" | "bool" | "real" | "char") as kind):
                return Type(kind)
            case ast.Literal(kind="string"):
                return Type("seq", (CHAR,))
            case ast.Name(id=name):
                if name in scope:
                    return self.resolve(scope[name])
                if name in self.constructors:
                    return Type(self.constructors[name][0])
                return self.resolve(self.fields.get(name))
            case ast.Cardinality():
                return INT
            case ast.Unary(op="!") | ast.Chain() | ast.PrefixEqual() | ast.Quantifier() | ast.HeapPredicate():
                return BOOL
            case ast.Unary(operand=inner) | ast.Old(operand=inner) | ast.StmtExpr(body=inner):
                return self.of(inner, scope)
            case ast.Binary(op=op, left=left, right=right):
                return self.of(left, scope) or self.of(right, scope) if op in _ARITHMETIC else BOOL
            case ast.IfExpr(then=then, orelse=orelse):
                return self.of(then, scope) or self.of(orelse, scope)
            case ast.Convert(kind=kind, type=type_):
                return self.resolve(type_) if kind == "as" else BOOL
            case ast.Tuple(items=items):
                types = [self.of(item, scope) for item in items]
                known = tuple(t for t in types if t is not None)
                return Type(TUPLE, known) if len(known) == len(types) else None
            case ast.Member() | ast.Call() | ast.Index() | ast.Slice() | ast.Update() | ast.DatatypeUpdate():
                return self._selected(expr, scope)
        return self._display(expr, scope)

    def _selected(self, expr: ast.Expr, scope: Scope) -> Type | None:
        """The type of a member, a call, an element or a part."""
        match expr:
            case ast.Member(object=inner, name=name):
                return self._member(inner, name, scope)
            case ast.Call(function=ast.Name(id=name)) | ast.Call(function=ast.Member(name=name)):
                if name in self.functions:
                    function = self.functions[name]
                    return BOOL if "predicate" in function.kind else self.resolve(function.result)
                return Type(self.constructors[name][0]) if name in self.constructors else None
            case ast.Index(object=inner, indices=indices):
                base = self.of(inner, scope)
                if base is None or not indices:
                    return None
                if base.name in ("multiset", "string"):
                    return INT if base.name == "multiset" else CHAR
                return self.resolve(base.args[-1 if base.name in ("map", "imap") else 0]) if base.args else None
            case ast.Slice(object=inner):
                base = self.of(inner, scope)
                if base is not None and base.name == "string":
                    return base
                return Type("seq", base.args) if base is not None else None
            case ast.Update(object=inner) | ast.DatatypeUpdate(object=inner):
                return self.of(inner, scope)
        return None

    def _member(self, inner: ast.Expr, name: str, scope: Scope) -> Type | None:
        if name == "Floor" or (name.startswith("Length") and (name == "Length" or name[6:].isdigit())):
            return INT
        if name.endswith("?"):
            return BOOL
        if name.isdigit():
            base = self.of(inner, scope)
            parts = base.args if base is not None and base.name == TUPLE else ()
            return self.resolve(parts[int(name)]) if int(name) < len(parts) else None
        if name in ("Keys", "Values"):
            base = self.of(inner, scope)
            if base is not None and base.name in ("map", "imap"):
                return Type("set", (base.args[0 if name == "Keys" else 1],)) if len(base.args) == 2 else None
        return self.resolve(self.fields.get(name))

    def _display(self, expr: ast.Expr | None, scope: Scope) -> Type | None:
        """The type of a collection written out, or made from others."""
        match expr:
            case ast.SeqDisplay(items=items):
                element = self.of(items[0], scope) if items else None
                return Type("seq", (element,) if element else ())
            case ast.SetDisplay(kind=kind, items=items):
                element = self.of(items[0], scope) if items else None
                return Type(kind, (element,) if element else ())
            case ast.MapDisplay(items=items):
                if not items:
                    return Type("map")
                key, value = self.of(items[0][0], scope), self.of(items[0][1], scope)
                return Type("map", (key, value) if key and value else ())
            case ast.SetComp(vars=bound, term=term):
                inner = {**scope, **{v.name: v.type for v in bound}}
                element = self.of(term, inner) if term is not None else self.resolve(bound[0].type) if bound else None
                return Type("set", (element,) if element else ())
            case ast.MapComp():
                return Type("map")
            case ast.SeqComp():
                return Type("seq", expr.type_args)
            case ast.MultisetOf(operand=operand):
                base = self.of(operand, scope)
                return Type("multiset", base.args if base else ())
        return None
