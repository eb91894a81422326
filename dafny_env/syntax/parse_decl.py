"""Reading declarations: modules, classes, datatypes, types, fields, imports."""

from __future__ import annotations

from typing import Literal

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_base import MAX_HEIGHT, Unreadable
from dafny_env.syntax.parse_callable import MODIFIERS, CallableParser
from dafny_env.syntax.parse_spec import DECLARATION_WORDS


class DeclParser(CallableParser):
    """Reads lists of declarations. What cannot be read becomes an UnknownDecl up to where the next one seems to
    start."""

    def declarations(self, *, top: bool = False) -> tuple[A.Decl, ...]:
        """Declarations up to `}` or, at the top, the end of the file."""
        found: list[A.Decl] = []
        while self.words[self.pos] or self.kinds[self.pos] != "eof":
            if self.at("}") and not top:
                break
            start, mark, known = self.pos, self.mark(), len(self.problems)
            self.deepest, self.longest = self.nesting, 1
            try:
                decls = self.declaration()
                if self.too_high(decls):
                    raise Unreadable(f"a tree of more than {MAX_HEIGHT} levels", start)
                found.extend(decls)
            except Unreadable as problem:
                self._give_up(found, start, mark, known, problem.message, problem.position)
            except RecursionError:
                self._give_up(found, start, mark, known, "nested too deep to read", self.pos)
            else:
                if self.pos == start:
                    self._give_up(found, start, mark, known, "a declaration expected", start)
        return tuple(found)

    def _give_up(
        self,
        found: list[A.Decl],
        start: int,
        mark: tuple[int, bool, bool, bool],
        known: int,
        message: str,
        reached: int,
    ) -> None:
        del self.problems[known:]
        self.restore(mark)
        self._skip_declaration(start, reached)
        self.problem(message, start)
        found.append(A.UnknownDecl(self.raw(start), span=self.span(start)))

    def _skip_declaration(self, start: int, reached: int) -> None:
        """Take tokens up to the next word that starts a declaration, at least what was understood."""
        self.pos = reached if self.kinds[reached] == "eof" else start
        while self.pos < reached and self.kinds[self.pos] != "eof":
            self.skip()
        if self.pos == start:
            self.skip()
        while self.kinds[self.pos] != "eof" and not self.at("}"):
            if self.words[self.pos] in DECLARATION_WORDS:
                return
            self.skip()

    def declaration(self) -> tuple[A.Decl, ...]:
        """One declaration (several fields when one `var` declares them)."""
        start = self.pos
        before = self.at_attributes()
        modifiers: list[str] = []
        while self.words[self.pos] in MODIFIERS and self.kinds[self.pos + 1] in ("ident", "keyword", "op"):
            if self.kinds[self.pos] == "ident" and self.ahead() in ("(", "<", ":", ":="):
                break
            modifiers.append(self.words[self.pos])
            self.pos += 1
            if modifiers[-1] == "extern" and self.kinds[self.pos] == "string":
                self.pos += 1
        words = tuple(modifiers)
        if self.callable_ahead():
            return (self.callable(start, words, before),)
        word = self.words[self.pos]
        if word in ("var", "const"):
            return self._fields(start, words, before)
        if word in ("datatype", "codatatype"):
            return (self._datatype(start, words, before),)
        if word in ("class", "trait"):
            return (self._class(start, words, before),)
        if word == "module":
            return (self._module(start, words, before),)
        if word in ("type", "newtype"):
            return (self._type_declaration(start, words, before),)
        if word == "include":
            return (self._include(start),)
        if word == "import":
            return (self._import(start, words),)
        if word == "export":
            return (self._export(start, words),)
        raise self.unreadable("a declaration expected")

    def members(self) -> tuple[A.Decl, ...]:
        """`{ ... }`."""
        self.expect("{")
        self.descend()
        deepest, longest = self.deepest, self.longest
        found = self.declarations()
        self.deepest, self.longest = max(deepest, self.deepest), max(longest, self.longest)
        self.nesting -= 1
        self.expect("}")
        return found

    # -------------------------------------------------------------------------------------------------------- types

    def _parents(self) -> tuple[A.Type, ...]:
        if not self.accept("extends"):
            return ()
        found = [self.type()]
        while self.accept(","):
            found.append(self.type())
        return tuple(found)

    def _class(self, start: int, modifiers: tuple[str, ...], before: tuple[A.Attribute, ...]) -> A.Decl:
        kind: Literal["class", "trait"] = "class" if self.at("class") else "trait"
        self.pos += 1
        attributes = before + self.attributes()
        name = self.name()
        type_params = self.type_parameters()
        parents = self._parents()
        self.accept("...")
        members = self.members()
        return A.ClassLike(kind, name, members, parents, type_params, modifiers, attributes, span=self.span(start))

    def _datatype(self, start: int, modifiers: tuple[str, ...], before: tuple[A.Attribute, ...]) -> A.Decl:
        co = self.at("codatatype")
        self.pos += 1
        attributes = before + self.attributes()
        name = self.name()
        type_params = self.type_parameters()
        parents = self._parents()
        constructors: list[A.Constructor] = []
        if not self.accept("..."):
            self.expect("=")
            self.accept("|")
            constructors.append(self._constructor())
            while self.accept("|"):
                constructors.append(self._constructor())
        members = self.members() if self.at("{") else ()
        self.accept(";")
        return A.Datatype(
            name,
            tuple(constructors),
            members,
            co,
            type_params,
            modifiers,
            attributes,
            parents,
            span=self.span(start),
        )

    def _constructor(self) -> A.Constructor:
        start = self.pos
        attributes = self.attributes()
        ghost = self.accept("ghost")
        name = self.label()
        params = self.formals() if self.at("(") else ()
        return A.Constructor(name, params, ghost, attributes, span=self.span(start))

    def _type_declaration(self, start: int, modifiers: tuple[str, ...], before: tuple[A.Attribute, ...]) -> A.Decl:
        kind: Literal["type", "newtype"] = "type" if self.at("type") else "newtype"
        self.pos += 1
        attributes = before + self.attributes()
        name = self.name()
        characteristics = self.characteristics() if self.at("(") else ""
        type_params = self.type_parameters()
        parents = self._parents()
        base, var, constraint = None, None, None
        witness: A.Expr | None = None
        witness_kind: Literal["witness", "ghost witness"] | None = None
        if self.accept("..."):
            pass
        elif self.accept("="):
            if self.is_name() and self.ahead() in (":", "|"):
                var = self.name()
                base = self.type() if self.accept(":") else None
                self.expect("|")
                constraint = self.expr(lemma_calls=False, lambdas=True)
            else:
                base = self.type()
            if self.at("witness") or (self.at("ghost") and self.ahead() == "witness"):
                witness_kind = "ghost witness" if self.accept("ghost") else "witness"
                self.expect("witness")
                begin = self.pos
                if self.accept("*"):
                    witness = A.Star(span=self.span(begin))
                else:
                    witness = self.expr(lemma_calls=False, lambdas=True)
            parents += self._parents()
        members = self.members() if self.at("{") else ()
        self.accept(";")
        return A.TypeDecl(
            kind,
            name,
            base,
            var,
            constraint,
            witness,
            members,
            type_params,
            attributes,
            witness_kind,
            characteristics,
            modifiers,
            parents,
            span=self.span(start),
        )

    # ------------------------------------------------------------------------------------------------------- fields

    def _fields(self, start: int, modifiers: tuple[str, ...], before: tuple[A.Attribute, ...]) -> tuple[A.Decl, ...]:
        kind: Literal["var", "const"] = "var" if self.at("var") else "const"
        self.pos += 1
        attributes = before + self.attributes()
        found: list[A.Decl] = []
        while True:
            name = self.label()
            type_ = self.type() if self.accept(":") else None
            value = None
            if kind == "const":
                self.accept("...")
                if self.accept(":="):
                    value = self.expr(lemma_calls=False, lambdas=True)
            more = self.at(",")
            if not more:
                self.accept(";")
            found.append(A.Field(kind, name, type_, value, modifiers, attributes, span=self.span(start)))
            if not more:
                return tuple(found)
            self.pos += 1
            start = self.pos
            attributes = self.attributes()

    # ------------------------------------------------------------------------------------------------------ modules

    def _module(self, start: int, modifiers: tuple[str, ...], before: tuple[A.Attribute, ...]) -> A.Decl:
        self.expect("module")
        attributes = before + self.attributes()
        name = self.dotted()
        refines = None
        if self.accept("refines"):
            refines = self.dotted()
        elif self.is_name() and self.accept("replaces"):
            modifiers = (*modifiers, "replaces " + self.dotted())
        abstract = "abstract" in modifiers
        if self.at("{"):
            members = self.members()
            self.accept(";")
        else:  # 4.x: the rest of the file
            members = self.declarations()
        return A.Module(name, members, refines, abstract, attributes, modifiers, span=self.span(start))

    def _include(self, start: int) -> A.Decl:
        self.expect("include")
        if self.kinds[self.pos] != "string":
            raise self.unreadable("a file name expected")
        self.pos += 1
        return A.Import("include", self.raw(start), span=self.span(start))

    def _import(self, start: int, modifiers: tuple[str, ...]) -> A.Decl:
        self.expect("import")
        self.attributes()
        if self.at("opened") and self.is_name(self.pos + 1):
            self.pos += 1
        self._module_path()
        while self.at("=", ":", "as", "default"):
            self.pos += 1
            self._module_path()
        text = self.raw(start)
        self.accept(";")
        return A.Import("import", text, modifiers, span=self.span(start))

    def _module_path(self) -> None:
        """`M.N`, with 4.x's choice of export sets (`` M`E ``, `` M`{E, F} ``)."""
        self.dotted()
        if self.accept("`"):
            if self.at("{"):
                self.skip()
            else:
                self.name()

    def _export(self, start: int, modifiers: tuple[str, ...]) -> A.Decl:
        self.expect("export")
        self.attributes()
        if self.is_name() and not self.at("provides", "reveals", "extends"):
            self.pos += 1
        self.accept("...")
        while self.at("provides", "reveals", "extends"):
            self.pos += 1
            while True:
                if not self.accept("*"):
                    self.label()
                    while self.accept("."):
                        self.label()
                if not self.accept(","):
                    break
        text = self.raw(start)
        self.accept(";")
        return A.Import("export", text, modifiers, span=self.span(start))
