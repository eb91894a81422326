"""What a model says of a declaration's parameters."""

from __future__ import annotations

import re

from dafny_env.interp.symbols import CallableInfo, ClassInfo, DatatypeInfo, ModuleInfo
from dafny_env.interp.typing_of import Unfolded, parameters_of, substitute, unfold
from dafny_env.interp.world import World
from dafny_env.refute.model import Model, number
from dafny_env.refute.partial import NOTHING, Partial
from dafny_env.syntax import ast

_PARAMETER = re.compile(r"(?P<name>.+)#\d+$")
_DEPTH = 5
_ITEMS = 50


def initial_values(model: Model, info: CallableInfo, world: World) -> dict[str, Partial]:
    """What the model's first state says of the receiver (`this`) and the parameters, by name."""
    reader = _Reader(model, world)
    words = {m["name"]: word for name, word in model.initial.items() if (m := _PARAMETER.match(name))}
    found = {}
    for formal in info.decl.params:
        word = words.get(formal.name)
        if word is not None and formal.type is not None:
            found[formal.name] = reader.value(word, formal.type, info.module, _DEPTH)
    if not info.is_static and isinstance(info.owner, ClassInfo) and "this" in model.initial:
        found["this"] = reader.value(model.initial["this"], ast.Type(info.owner.name), info.owner.module, _DEPTH)
    return {name: partial for name, partial in found.items() if not partial.empty}


class _Reader:
    def __init__(self, model: Model, world: World) -> None:
        self._model = model
        self._world = world
        self._heap = model.initial.get("$Heap", "")
        self._null = model.constants.get("null")
        self._opaque: dict[str, int] = {}

    def value(self, word: str, type_: ast.Type, module: ModuleInfo, depth: int) -> Partial:
        """What is known of a word as a value of a type."""
        if word.startswith("**") or depth < 0:
            return NOTHING
        unfolded = unfold(type_, module, self._world)
        if unfolded.module is None or (unfolded.kind in ("seq", "set", "multiset") and not unfolded.args):
            return NOTHING
        read = getattr(self, f"_{unfolded.kind}", None)
        found: Partial = NOTHING if read is None else read(word, unfolded, unfolded.module, depth)
        return found

    def boxed(self, word: str, type_: ast.Type, module: ModuleInfo, depth: int) -> Partial:
        """The same for an element of a collection."""
        candidates = (self.value(w, type_, module, depth) for w in self._model.unboxed(word))
        return next((c for c in candidates if not c.empty), NOTHING)

    # --------------------------------------------------------------------------------------------------------- scalars

    def _int(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        value = number(word)
        return Partial(value) if isinstance(value, int) else NOTHING

    def _real(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        value = number(word)
        return NOTHING if value is None or isinstance(value, int) else Partial(value)

    def _bool(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        return Partial(word == "true") if word in ("true", "false") else NOTHING

    def _char(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        code = number(self._model.at("char#ToInt", word) or "")
        ordinary = isinstance(code, int) and 0 <= code < 0xD800
        return Partial(chr(code)) if ordinary and isinstance(code, int) else NOTHING

    def _parameter(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        """A value of a type that may be any: ints stand for it, different ones for different words."""
        return Partial(self._opaque.setdefault(word, len(self._opaque)))

    # ----------------------------------------------------------------------------------------------------- collections

    def _seq(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        length = number(self._model.at("Seq#Length", word) or "")
        items: dict[int, Partial] = {}
        for args, box in self._model.points.get("Seq#Index", {}).items():
            index = number(args[-1])
            if len(args) == 2 and args[0] == word and isinstance(index, int) and index >= 0 and len(items) < _ITEMS:
                items[index] = self.boxed(box, unfolded.args[0], module, depth - 1)
        if isinstance(length, int):
            items = {k: item for k, item in items.items() if k < length}
        return Partial(length=length if isinstance(length, int) else None, items=items)

    def _set(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        members = [box for box, value in self._model.selections(word) if value == "true"][:_ITEMS]
        return Partial(members=tuple((self.boxed(box, unfolded.args[0], module, depth - 1), 1) for box in members))

    def _multiset(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        counted = [(box, number(value)) for box, value in self._model.selections(word)][:_ITEMS]
        members = [(self.boxed(box, unfolded.args[0], module, depth - 1), n) for box, n in counted]
        return Partial(members=tuple((part, n) for part, n in members if isinstance(n, int) and n > 0))

    def _map(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        domain, elements = (self._model.at(f"Map#{name}", word) for name in ("Domain", "Elements"))
        if domain is None or len(unfolded.args) != 2:
            return NOTHING
        key, value = unfolded.args
        pairs = []
        for box in [box for box, inside in self._model.selections(domain) if inside == "true"][:_ITEMS]:
            mapped = None if elements is None else self._model.selected(elements, box)
            held = NOTHING if mapped is None else self.boxed(mapped, value, module, depth - 1)
            pairs.append((self.boxed(box, key, module, depth - 1), held))
        return Partial(pairs=tuple(pairs))

    # --------------------------------------------------------------------------------------- datatypes and references

    def _tuple(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        for name, points in self._model.points.items():
            if name.startswith("#_System._tuple#"):
                for args, value in points.items():
                    if value == word and len(args) == len(unfolded.args):
                        pairs = zip(args, unfolded.args, strict=True)
                        return Partial(ctor="(,)", args=tuple(self.boxed(a, t, module, depth - 1) for a, t in pairs))
        return NOTHING

    def _datatype(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        info = unfolded.datatype
        assert info is not None
        id_ = self._model.at("DatatypeCtorId", word)
        made = [n for n, value in self._model.constants.items() if value == id_ and n.startswith("##")]
        for ctor in info.ctors.values():
            if id_ is not None and any(n.endswith(f".{info.name}.{ctor.ctor.name}") for n in made):
                return Partial(ctor=ctor.ctor.name, args=self._fields(word, info, ctor.decl, unfolded, module, depth))
        return NOTHING

    def _fields(
        self,
        word: str,
        info: DatatypeInfo,
        ctor: ast.Constructor,
        unfolded: Unfolded,
        module: ModuleInfo,
        depth: int,
    ) -> tuple[Partial, ...]:
        built = next(
            (
                args
                for name, points in self._model.points.items()
                if name.startswith("#") and name.endswith(f".{info.name}.{ctor.name}")
                for args, value in points.items()
                if value == word and len(args) == len(ctor.params)
            ),
            None,
        )
        mapping = parameters_of(info.decl.type_params, unfolded.args)
        found = []
        for k, formal in enumerate(ctor.params):
            selected = next(
                (
                    value
                    for name, points in self._model.points.items()
                    if formal.name and name.endswith(f".{info.name}.{formal.name}")
                    for args, value in points.items()
                    if args == (word,)
                ),
                None,
            )
            part = built[k] if built is not None else selected
            if part is None or formal.type is None:
                found.append(NOTHING)
                continue
            where = module if formal.type.name in mapping else info.module
            found.append(self.boxed(part, substitute(formal.type, mapping), where, depth - 1))
        return tuple(found)

    def _array(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        if word == self._null:
            return Partial(null=True)
        if unfolded.rank != 1 or not unfolded.args:
            return NOTHING
        length = number(self._model.at("_System.array.Length", word) or "")
        items: dict[int, Partial] = {}
        for (position,), fieldname in self._model.points.get("IndexField", {}).items():
            index, box = number(position), self._model.selected(self._heap, word, fieldname)
            if isinstance(index, int) and index >= 0 and box is not None and len(items) < _ITEMS:
                items[index] = self.boxed(box, unfolded.args[0], module, depth - 1)
        if isinstance(length, int):
            items = {k: item for k, item in items.items() if k < length}
        return Partial(identity=word, length=length if isinstance(length, int) else None, items=items)

    def _class(self, word: str, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Partial:
        if word == self._null:
            return Partial(null=True)
        cls = unfolded.cls
        assert cls is not None
        mapping = parameters_of(cls.decl.type_params, unfolded.args)
        fields: dict[str, Partial] = {}
        for info in self._world.symbols.fields(cls):
            decl = info.decl
            names = (n for n in self._model.constants if n.endswith(f".{cls.name}.{decl.name}"))
            held = next((h for n in names if (h := self._field(word, n)) is not None), None)
            if held is not None and decl.type is not None:
                fields[decl.name] = self.boxed(held, substitute(decl.type, mapping), info.module, depth - 1)
        return Partial(identity=word, fields=fields)

    def _field(self, word: str, constant: str) -> str | None:
        return self._model.selected(self._heap, word, self._model.constants[constant])
