"""The form of Verina's tasks: sections between marks, and the file that its evaluator renders from them again.

The evaluator keeps nothing of a file but its sections. It writes their frame itself, from the signature: `: Prop`
behind every specification, `@[reducible, simp]` in front of it, the precondition as a parameter of all that follows it
(some files leave it out), and `NAME_postcond_satisfied` where the files have `NAME_spec_satisfied`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MARK = "-- !benchmark"
_ASKED = ("code", "precond", "postcond", "proof")
SECTIONS = frozenset(["import", "task_aux", "solution_aux", *_ASKED, *(f"{name}_aux" for name in _ASKED)])
_IN_PLACE = {"precond": "True -- no precondition", "proof": "sorry"}
"""What the evaluator takes for a section that is empty; of others it is nothing."""
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Sections:
    """What stands in the sections of a file, by name, as the evaluator reads it: whole lines, each ended. imports: by
    their type, `task` or `solution`."""

    texts: Mapping[str, str]
    imports: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """The text of a section, or what is taken for it."""
        text = self.texts.get(name, "")
        return text if text.strip() else _IN_PLACE.get(name, "")


@dataclass(frozen=True, slots=True)
class Signature:
    """The function that a task is about. parameters: name and type of each."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    result: str

    @property
    def binders(self) -> str:
        """The parameters behind the name of a definition."""
        return " ".join(f"({name} : {type_})" for name, type_ in self.parameters)

    @property
    def arguments(self) -> str:
        """The parameters where it is applied to them."""
        return "".join(f" ({name})" for name, _ in self.parameters)

    @property
    def hypothesis(self) -> str:
        """The precondition as a further parameter."""
        return f"(h_precond : {self.name}_precond{self.arguments})"


def read_sections(text: str) -> Sections | str:
    """The sections of a file, or why it cannot be read, in one sentence. A section that is there twice has the text of
    the last one that says something."""
    texts: dict[str, str] = {}
    imports: dict[str, str] = {}
    opened: tuple[str, str] | None = None
    lines: list[str] = []
    for line in text.strip().splitlines():
        if MARK not in line:
            lines.append(f"{line}\n")
            continue
        words = line.split(MARK, 1)[1].split()
        if words[:1] == ["@start"] and len(words) > 1:
            if words[1] not in SECTIONS:
                return f"there is no section {words[1]}"
            opened = words[1], next((w.removeprefix("type=") for w in words[2:] if w.startswith("type=")), "")
            lines = []
        elif words[:1] == ["@end"]:
            if opened is None or words[1:] != [opened[0]]:
                return f"the section {' '.join(words[1:])} ends where it did not begin"
            name, type_ = opened
            content = "".join(lines)
            if name == "import":
                imports[type_] = imports.get(type_, "") + f"\n{content}\n"
            elif content.strip():
                texts[name] = content
            opened = None
        elif words:
            return f"{MARK} {words[0]} is no mark of a section"
    return Sections(texts, imports) if opened is None else f"the section {opened[0]} does not end"


def read_signature(text: str) -> Signature | str:
    """The signature of the function that a task's file declares, or why there is none."""
    name = next((line.split()[1].removesuffix("_precond") for line in text.splitlines() if _declares(line)), None)
    at = text.find(f"def {name} ") if name is not None else -1
    if name is None or at < 0:
        return "there is no function with a precondition"
    at += len(f"def {name} ")
    parameters: list[tuple[str, str]] = []
    while (group := _group(text, at)) is not None:
        inside, at = group
        variable, _, type_ = inside.partition(":")
        if variable.strip() == "h_precond":
            break
        parameters.append((variable.strip(), type_.strip()))
    result, found, _ = text[at:].partition(":=")
    if not found or result.lstrip()[:1] != ":":
        return "the function has no type or no body"
    return Signature(name, tuple(parameters), result.strip().removeprefix(":").strip())


def rendered(signature: Signature, sections: Sections, *, proof: bool, solution_imports: str) -> Iterator[str]:
    """The pieces of the file that the evaluator makes. proof: with specification and proof; else code is the end."""
    yield from _imports("task", sections.imports.get("task", ""))
    yield from _imports("llm_solution", solution_imports)
    yield from _auxiliary("task", sections["task_aux"])
    yield from _auxiliary("precond", f"{sections['solution_aux']}\n{sections['precond_aux']}")
    name, binders = signature.name, signature.binders
    yield f"@[reducible, simp]\ndef {name}_precond {binders} : Prop :=\n"
    yield from _body("precond", sections["precond"])
    yield from _auxiliary("code", sections["code_aux"])
    yield f"def {name} {binders} {signature.hypothesis} : {signature.result} :=\n"
    yield from _body("code", sections["code"])
    if not proof:
        return
    yield from _auxiliary("postcond", sections["postcond_aux"])
    head = f"{name}_postcond {binders} (result: {signature.result}) {signature.hypothesis}"
    yield f"@[reducible, simp]\ndef {head} : Prop :=\n"
    yield from _body("postcond", sections["postcond"])
    yield from _auxiliary("proof", sections["proof_aux"])
    arguments = signature.arguments
    yield f"theorem {name}_postcond_satisfied {binders} {signature.hypothesis} :\n"
    yield f"    {name}_postcond{arguments} ({name}{arguments} h_precond) h_precond := by\n"
    yield from _body("proof", sections["proof"])


def merged(*imports: str) -> str:
    """The lines of several headers, each once."""
    lines = (line.strip() for text in imports for line in text.splitlines())
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _imports(type_: str, text: str) -> Iterable[str]:
    return (f"{MARK} @start import type={type_}\n", text, f"\n{MARK} @end import\n\n")


def _auxiliary(name: str, text: str) -> Iterable[str]:
    return (f"{MARK} @start {name}_aux\n", text, f"\n{MARK} @end {name}_aux\n\n")


def _body(name: str, text: str) -> Iterable[str]:
    """A section inside of a declaration: indented as a whole where its first line is not."""
    indent = "" if text.startswith("  ") else "  "
    lines = "".join(f"{indent}{line}\n" for line in text.splitlines())
    return (f"  {MARK} @start {name}\n", lines, f"  {MARK} @end {name}\n\n")


def _declares(line: str) -> bool:
    words = line.split(maxsplit=2)
    return len(words) > 1 and words[0] == "def" and words[1].endswith("_precond")


def _group(text: str, at: int) -> tuple[str, int] | None:
    """What stands in the brackets that come next, and where they end; None where none come."""
    while at < len(text) and text[at].isspace():
        at += 1
    if text[at : at + 1] != "(":
        return None
    wanted: list[str] = []
    for k in range(at, len(text)):
        if text[k] in _BRACKETS:
            wanted.append(_BRACKETS[text[k]])
        elif wanted and text[k] == wanted[-1]:
            wanted.pop()
            if not wanted:
                return text[at + 1 : k], k + 1
    return None
