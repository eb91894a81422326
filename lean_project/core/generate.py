"""Writes the parts of the core that bind to the native grammar: `python -m lean_project.core.generate FOLDER`.

They are derived from the installed library, so they are made where the core is built and kept nowhere else. To be run
in a process of its own: it loads the library and starts its runtime.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from lean_project import launcher
from lean_project.core.grammar import (
    CATEGORIES,
    Parser,
    bound,
    macro_declarations,
    parser_declaration,
    unexpanders,
)
from lean_project.core.mangling import mangle
from lean_project.core.objects import Malformed, Memory, word_reader
from lean_project.core.symbols import exported

CATEGORIES_MODULE = "Init.Native.Categories"
SYNTAX_MODULE = "Init.Native.Syntax"
UNEXPANDERS_MODULE = "Init.Native.Unexpanders"
_HEAD = "set_option autoImplicit false\nset_option linter.unusedVariables false\n"


def module_file(module: str) -> str:
    """The path of a module's source below the source folder."""
    return module.replace(".", "/") + ".lean"


def parsers_in(objects: Iterable[str], memory: Memory, read: Callable[[str], int]) -> list[Parser]:
    """The parsers among the exported objects: those whose descriptor's kind is their own name."""
    found = []
    for symbol in objects:
        if not symbol.startswith("l_") or "__closed" in symbol:
            continue
        try:
            described = memory.parser(read(symbol))
        except (Malformed, ValueError):
            continue
        if described is None:
            continue
        kind, name = described
        words = tuple(part for part in name if isinstance(part, str))
        if len(words) == len(name) and mangle(words) == symbol:
            found.append(Parser(words, kind))
    return found


def generate(library: Path, folder: Path) -> None:
    """Write the generated modules below `folder`. Loads `library` and starts its runtime in this process."""
    objects, functions = map(sorted, exported(library))
    lean = launcher.load(library)
    # The shortest run of the command that initialises every module, which is what makes the descriptors.
    launcher.lean_main(lean, ["--version"])
    parsers = list(bound(parsers_in(objects, Memory.now(), word_reader(lean))))
    declared = [parser_declaration(parser, category) for parser, category in parsers]
    declared += macro_declarations(functions, [parser for parser, _ in parsers])
    _write(folder, CATEGORIES_MODULE, "Init.Prelude", [f"declare_syntax_cat {name}" for name in CATEGORIES])
    _write(folder, SYNTAX_MODULE, CATEGORIES_MODULE, declared)
    _write(folder, UNEXPANDERS_MODULE, "Init.Library", [each.declaration for each in unexpanders(functions)])


def _write(folder: Path, module: str, imported: str, lines: Iterable[str]) -> None:
    file = folder / module_file(module)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"prelude\nimport {imported}\n{_HEAD}" + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def main() -> int:
    """Generate into the folder given; 3 where the wheel is missing."""
    library = launcher.shared_library()
    if library is None:
        print(launcher.MISSING, file=sys.stderr)
        return launcher.EXIT_MISSING
    generate(library, Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
