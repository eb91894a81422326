"""Dafny names and the mangled names that Boogie prints in its trace.

Mangling, as seen in Dafny 2.3's trace: `_` is written `__`, `'` `_k`, `?` `_q`, `#` `_h`; the kind of check comes
first (`Impl$$`, `CheckWellformed$$`, `OverrideCheck$$`); then the module (`_module` for the file itself, else a
counter and the last part of its name, `_0_M`), the class (`__default` for none) and the member. Nested modules show
only their last part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ESCAPES = {"_": "__", "'": "_k", "?": "_q", "#": "_h"}
_UNESCAPES = {"__": "_", "_k": "'", "_q": "?", "_h": "#"}
_COUNTED_MODULE = re.compile(r"_\d+_(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ProcedureName:
    """A Boogie procedure taken apart. `kind` is `Impl`, `CheckWellformed`, `OverrideCheck`...; `module` the last
    part of the module's name (None for the file's own); `owner` the class or trait (None for none); `member` the
    declaration, a type's own name where the check is about a type, constant or iterator."""

    kind: str
    module: str | None
    owner: str | None
    member: str

    @property
    def dafny(self) -> str:
        """The Dafny name as far as the trace tells it: `Foo`, `C.Foo`, `M.Foo`, `M.C.Foo`."""
        return ".".join(part for part in (self.module, self.owner, self.member) if part)


def mangle(identifier: str) -> str:
    """One Dafny identifier as Boogie writes it: `x_1'` becomes `x__1_k`."""
    return "".join(_ESCAPES.get(c, c) for c in identifier)


def demangle(text: str) -> str:
    """The inverse of `mangle`; what is not an escape stays as it is. Never raises."""
    return re.sub(r"__|_k|_q|_h", lambda m: _UNESCAPES[m.group()], text)


def parse_procedure(name: str) -> ProcedureName:
    """Take a procedure's name from the trace apart. Names in no known form become a member of kind `""`."""
    kind, separator, rest = name.partition("$$")
    if not separator:
        return ProcedureName("", None, None, name)
    module_text, *path = rest.split(".")
    counted = _COUNTED_MODULE.fullmatch(module_text)
    module = demangle(counted.group(1)) if counted else None if module_text == "_module" else demangle(module_text)
    if not path:
        return ProcedureName(kind, None, None, module or rest)
    # The prefix lemma of a co-inductive or inductive lemma L is L#: its check is a check of L.
    member = demangle(path[-1]).removesuffix("#")
    owners = [demangle(p) for p in path[:-1] if p != "__default"]
    return ProcedureName(kind, module, ".".join(owners) or None, member)


def _readings(declaration: str) -> Iterable[tuple[str | None, str | None, str]]:
    """What (module, owner, member) a dotted Dafny name may mean: `B.Foo` is module B's or class B's."""
    *prefix, member = declaration.split(".")
    yield (prefix[-1] if prefix else None), None, member
    if prefix:
        yield (prefix[-2] if len(prefix) > 1 else None), prefix[-1], member


def is_about(procedure: ProcedureName, declaration: str) -> bool:
    """Whether a procedure belongs to a declaration given by its Dafny name. A type's name covers its members."""
    module, owner, member = procedure.module, procedure.owner, procedure.member
    for m, o, name in _readings(declaration):
        if (module, owner, member) == (m, o, name):
            return True
        if o is None and module == m and owner == name:
            return True
    return False


def procedure_patterns(declarations: Iterable[str]) -> tuple[str, ...]:
    """Boogie `/proc` patterns (`*` matches anything) that select every check of the given Dafny names. They may
    select a little more than asked (the module's counter and nesting are not known beforehand), never less."""
    patterns: dict[str, None] = {}
    for declaration in declarations:
        for module, owner, member in _readings(declaration):
            scope = "*$$_module" if module is None else f"*$$*_{mangle(module)}"
            name = mangle(member)
            if owner is not None:
                heads = [f"{scope}.{mangle(owner)}.{name}"]
            else:
                heads = [f"{scope}.__default.{name}", f"{scope}.{name}"]
                patterns[f"{scope}.{name}.*"] = None
            for head in heads:
                patterns[head] = None
                patterns[head + "_h"] = None
    return tuple(patterns)
