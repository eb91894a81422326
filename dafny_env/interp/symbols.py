"""What the names of a program stand for: modules, types, constructors, callables and constants.

Names that Dafny would resolve are found; a name that is only found by being the sole one of that spelling in the
program is accepted too (imports are not modelled exactly), and an ambiguous one is not resolved at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dafny_env.interp.values import Ctor
from dafny_env.syntax import ast


@dataclass(eq=False, slots=True)
class ModuleInfo:
    """A module; the program's top level is the one without parent."""

    name: str
    parent: ModuleInfo | None
    members: dict[str, Entry] = field(default_factory=dict)
    ctors: dict[str, list[CtorInfo]] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class CallableInfo:
    """A function, method or lemma with its place. `owner` is the class, datatype or newtype that declares it;
    `included`: its offsets are those of another file."""

    decl: ast.Callable
    module: ModuleInfo
    owner: Owner | None
    included: bool = False

    @property
    def is_static(self) -> bool:
        """Whether it has no receiver."""
        return self.owner is None or "static" in self.decl.modifiers


@dataclass(eq=False, slots=True)
class FieldInfo:
    """A field or constant. Constants with a value are computed from it."""

    decl: ast.Field
    module: ModuleInfo
    owner: Owner | None

    @property
    def is_static(self) -> bool:
        """Whether it has no receiver."""
        return self.owner is None or "static" in self.decl.modifiers


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class or trait."""

    name: str
    decl: ast.ClassLike
    module: ModuleInfo
    members: dict[str, CallableInfo | FieldInfo] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class DatatypeInfo:
    """A datatype or codatatype."""

    name: str
    decl: ast.Datatype
    module: ModuleInfo
    ctors: dict[str, CtorInfo] = field(default_factory=dict)
    members: dict[str, CallableInfo | FieldInfo] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class CtorInfo:
    """A constructor with its declaration."""

    ctor: Ctor
    decl: ast.Constructor
    datatype: DatatypeInfo


@dataclass(eq=False, slots=True)
class TypeInfo:
    """A type synonym, subset type, opaque type or newtype."""

    name: str
    decl: ast.TypeDecl
    module: ModuleInfo
    members: dict[str, CallableInfo | FieldInfo] = field(default_factory=dict)


Owner = ClassInfo | DatatypeInfo | TypeInfo
Entry = ModuleInfo | CallableInfo | FieldInfo | ClassInfo | DatatypeInfo | TypeInfo
Resolved = Entry | CtorInfo


class Symbols:
    """The symbol table of one program and those it includes, whose top levels are one. Of equal names its own wins."""

    def __init__(self, program: ast.Program, included: Sequence[ast.Program] = ()) -> None:
        self.root = ModuleInfo("", None)
        self.modules: list[ModuleInfo] = [self.root]
        self.callables: list[CallableInfo] = []
        self._by_decl: dict[int, CallableInfo] = {}
        self._including = True
        for other in included:
            self._fill(self.root, other.decls)
        self._including = False
        self._fill(self.root, program.decls)

    def info(self, decl: ast.Callable) -> CallableInfo | None:
        """The entry of a declaration of this program (by identity, or else by its place in the text)."""
        found = self._by_decl.get(id(decl))
        if found is not None:
            return found
        for info in self.callables:
            if not info.included and info.decl.span == decl.span and info.decl.name == decl.name:
                return info
        return None

    def _fill(self, module: ModuleInfo, decls: tuple[ast.Decl, ...]) -> None:
        for decl in decls:
            if isinstance(decl, ast.Module):
                inner = ModuleInfo(decl.name.split(".")[-1], module)
                module.members[inner.name] = inner
                self.modules.append(inner)
                if decl.refines:
                    inner.opened.append(decl.refines)
                self._fill(inner, decl.members)
            elif isinstance(decl, ast.ClassLike):
                info = ClassInfo(decl.name, decl, module)
                module.members[decl.name] = info
                self._members(info, info.members, decl.members, module)
            elif isinstance(decl, ast.Datatype):
                self._datatype(module, decl)
            elif isinstance(decl, ast.TypeDecl):
                type_info = TypeInfo(decl.name, decl, module)
                module.members[decl.name] = type_info
                self._members(type_info, type_info.members, decl.members, module)
            elif isinstance(decl, ast.Callable):
                module.members[decl.name] = self._callable(decl, module, None)
            elif isinstance(decl, ast.Field):
                module.members[decl.name] = FieldInfo(decl, module, None)
            elif isinstance(decl, ast.Import):
                _import(module, decl.text)

    def _datatype(self, module: ModuleInfo, decl: ast.Datatype) -> None:
        info = DatatypeInfo(decl.name, decl, module)
        module.members[decl.name] = info
        siblings = frozenset(c.name for c in decl.constructors)
        nullary = frozenset(c.name for c in decl.constructors if not c.params)
        for constructor in decl.constructors:
            fields = tuple(p.name for p in constructor.params)
            entry = CtorInfo(Ctor(constructor.name, fields, info, siblings, nullary), constructor, info)
            info.ctors[constructor.name] = entry
            module.ctors.setdefault(constructor.name, []).append(entry)
        self._members(info, info.members, decl.members, module)

    def _members(
        self, owner: Owner, into: dict[str, CallableInfo | FieldInfo], decls: tuple[ast.Decl, ...], module: ModuleInfo
    ) -> None:
        for decl in decls:
            if isinstance(decl, ast.Callable):
                into[decl.name] = self._callable(decl, module, owner)
            elif isinstance(decl, ast.Field):
                into[decl.name] = FieldInfo(decl, module, owner)

    def _callable(self, decl: ast.Callable, module: ModuleInfo, owner: Owner | None) -> CallableInfo:
        info = CallableInfo(decl, module, owner, self._including)
        self.callables.append(info)
        self._by_decl[id(decl)] = info
        return info

    # ------------------------------------------------------------------------------------------------------- look-up

    def member(self, owner: Owner, name: str) -> CallableInfo | FieldInfo | None:
        """A member of a type, looked up through its parents; a member with a body wins over one without."""
        own = owner.members.get(name)
        if isinstance(own, FieldInfo) or (own is not None and own.decl.body is not None):
            return own
        for parent in self.parents(owner):
            found = self.member(parent, name)
            if found is not None and (own is None or (isinstance(found, CallableInfo) and found.decl.body is not None)):
                return found
        return own

    def parents(self, owner: Owner) -> Iterator[ClassInfo]:
        """The traits that a class extends."""
        if isinstance(owner, ClassInfo):
            for parent in owner.decl.parents:
                info = self.type_named(parent.name, owner.module)
                if isinstance(info, ClassInfo):
                    yield info

    def implementations(self, trait: ClassInfo) -> list[ClassInfo]:
        """The classes that extend a trait."""

        def extends(cls: ClassInfo) -> bool:
            return any(parent is trait or extends(parent) for parent in self.parents(cls))

        everything = (entry for module in self.modules for entry in module.members.values())
        return [c for c in everything if isinstance(c, ClassInfo) and c.decl.kind == "class" and extends(c)]

    def fields(self, owner: ClassInfo) -> Iterator[FieldInfo]:
        """All fields of a class, inherited ones first."""
        for parent in self.parents(owner):
            yield from self.fields(parent)
        for member in owner.members.values():
            if isinstance(member, FieldInfo):
                yield member

    def type_named(self, name: str, module: ModuleInfo) -> ClassInfo | DatatypeInfo | TypeInfo | None:
        """The declared type of a (dotted) name, `C?` being looked up as `C`."""
        where: Resolved | None = None
        for k, part in enumerate(name.rstrip("?").split(".")):
            where = self.lookup(part, module, ctors=False) if k == 0 else self.inside(where, part, ctors=False)
        return where if isinstance(where, ClassInfo | DatatypeInfo | TypeInfo) else None

    def inside(self, where: Resolved | None, name: str, *, ctors: bool = True) -> Resolved | None:
        """`where.name` for a module or type; None where there is no such static thing."""
        if isinstance(where, ModuleInfo):
            return self._in_module(where, name, ctors, set())
        if isinstance(where, CtorInfo):
            return self.inside(where.datatype, name) if where.datatype.name == where.ctor.name else None
        if isinstance(where, DatatypeInfo) and name in where.ctors:
            return where.ctors[name]
        if isinstance(where, ClassInfo | DatatypeInfo | TypeInfo):
            if isinstance(where, TypeInfo) and where.decl.base is not None and name not in where.members:
                return self.inside(self.type_named(where.decl.base.name, where.module), name)
            return self.member(where, name)
        return None

    def lookup(self, name: str, module: ModuleInfo, *, ctors: bool = True) -> Resolved | None:
        """What an unqualified name that is neither a local nor a member of the enclosing type stands for; constructors
        win over types and functions of the same name unless `ctors` is off."""
        here: ModuleInfo | None = module
        while here is not None:
            found = self._in_module(here, name, ctors, set())
            if found is not None:
                return found
            here = here.parent
        everywhere = [f for m in self.modules if (f := self._own(m, name, ctors)) is not None]
        return everywhere[0] if len(everywhere) == 1 else None

    def _own(self, module: ModuleInfo, name: str, ctors: bool) -> Resolved | None:
        found = module.ctors.get(name, ())
        if ctors and len(found) == 1:
            return found[0]
        return module.members.get(name)

    def _in_module(self, module: ModuleInfo, name: str, ctors: bool, seen: set[int]) -> Resolved | None:
        found = self._own(module, name, ctors)
        if found is not None:
            return found
        seen.add(id(module))
        if name in module.aliases:
            return self._module_at(module.aliases[name], module)
        for path in module.opened:
            opened = self._module_at(path, module)
            if opened is not None and id(opened) not in seen:
                found = self._in_module(opened, name, ctors, seen)
                if found is not None:
                    return found
        return None

    def _module_at(self, path: str, module: ModuleInfo) -> ModuleInfo | None:
        parts = path.split(".")
        here: ModuleInfo | None = module.parent or module
        while here is not None:
            where: Resolved | None = here
            for part in parts:
                where = where.members.get(part) if isinstance(where, ModuleInfo) else None
            if isinstance(where, ModuleInfo):
                return where
            here = here.parent
        named = [m for m in self.modules if m.name == parts[-1]]
        return named[0] if len(named) == 1 else None


_IMPORT = re.compile(r"^\s*import\s+(opened\s+)?(?:([\w?']+)\s*(?:=|as|:)\s*)?([\w.?']+)")


def _import(module: ModuleInfo, text: str) -> None:
    match = _IMPORT.match(text)
    if match is None:
        return
    opened, alias, path = match.groups()
    if opened:
        module.opened.append(path)
    module.aliases[alias or path.split(".")[-1]] = path
