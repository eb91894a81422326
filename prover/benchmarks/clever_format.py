"""CLEVER's files: sections between comments `-- start_def X` and `-- end_def X`, and the tasks that they make up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import dedent, indent

from lean_project.gate.slots import words
from prover.benchmarks.task import Segment

IMPORT = "import Imports.AllImports"
SPEC, SIGNATURE, CODE = "problem_spec", "implementation_signature", "implementation"
TESTS, STATEMENT, PROOF = "test_cases", "correctness_definition", "correctness_proof"
NEEDED = (SPEC, SIGNATURE, CODE, STATEMENT, PROOF)
LEMMAS = "correctness_helper_lemmas"
_TAG = re.compile(r"^[ \t]*--[-\s]*?(start|end)_def[ \t]+(\w+)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_COMMENT = re.compile(r"/-.*?-/|--[^\n]*", re.DOTALL)


def sections_of(text: str) -> tuple[dict[str, str], str]:
    """The sections by name, without white space around them (of several with one name the first), and what stands
    outside of all but imports and comments. Sections that do not end where another one of their name does are left
    out, as upstream's reader does."""
    found: dict[str, str] = {}
    outside: list[str] = []
    at, tags = 0, list(_TAG.finditer(text))
    k = 0
    while k < len(tags):
        name = tags[k][2]
        end = next((e for e in tags[k + 1 :] if e[1].lower() == "end" and e[2] == name), None)
        if tags[k][1].lower() == "start" and end is not None:
            found.setdefault(name, text[tags[k].end() : end.start()].strip())
            outside.append(text[at : tags[k].start()])
            at = end.end()
            k = tags.index(end)
        k += 1
    outside.append(text[at:])
    return found, _said("\n".join(outside))


def is_written(code: str) -> bool:
    """Whether an implementation is given."""
    said = words(code)
    return bool(said) and "sorry" not in said


def told(details: str) -> str:
    """The problem in words: what its comment holds, a signature, a description and examples of Python's program."""
    comment = re.search(r"/--(.*?)-/", details, re.DOTALL)
    return (comment[1] if comment else details).strip()


def shown_tests(section: str) -> str:
    """Tests as comments, one line each, whether they were comments or not."""
    return "".join(f"-- {line}\n" for line in harness_tests(section).splitlines())


def harness_tests(section: str) -> str:
    """Tests as the harness has them: each line without white space around it and without one comment mark."""
    lines = (line.strip() for line in section.splitlines())
    return "\n".join(line.removeprefix("--").strip() if line.startswith("--") else line for line in lines if line)


def proof_segments(sections: Mapping[str, str], outside: str) -> tuple[Segment, ...]:
    """A file whose theorem is to be proved."""
    return (
        *_specified(sections, outside),
        Segment(f"{sections[CODE]}\n", name=CODE),
        *_tested(sections),
        Segment("\n"),
        Segment("", True, "lemma"),
        Segment(f"{sections[STATEMENT]}\nby\n", name=STATEMENT),
        Segment("  sorry\n", True, "proof"),
    )


def code_segments(sections: Mapping[str, str], outside: str) -> tuple[Segment, ...]:
    """A file in which the implementation is to be written too, with slots as AlgoVeri marks them."""
    return (
        *_specified(sections, outside),
        *_slot("code", "  sorry\n"),
        *_tested(sections),
        Segment("\n"),
        *_slot("lemma", ""),
        Segment("\n"),
        Segment(f"{sections[STATEMENT]} by\n", name=STATEMENT),
        *_slot("proof", "  sorry\n"),
    )


def solved(segments: tuple[Segment, ...], sections: Mapping[str, str]) -> str | None:
    """The whole file with the published implementation and proof; None where they are not both there."""
    proof = sections[PROOF]
    if not is_written(sections[CODE]) or not is_written(proof) or not proof.startswith("by"):
        return None
    tactics = proof.removeprefix("by").lstrip(" \t").removeprefix("\n")
    texts = {
        "code": sections[CODE] + "\n",
        "lemma": lemma + "\n\n" if (lemma := sections.get(LEMMAS, "")) else "",
        "proof": indent(dedent(tactics), "  ") + "\n",  # later versions of Lean want it behind the margin
    }
    return "".join(texts[s.name] if s.editable else s.text for s in segments)


def rendered(segments: tuple[Segment, ...], fillings: Mapping[str, str]) -> str:
    """The file that the harness makes of a task's sections and an answer's texts by name (`code`, `lemma`, `proof`).
    It joins them anew: what stands outside of sections is not there, tests are no comments any more, the proof begins
    with `by` on a line of its own."""
    blocks = [IMPORT]
    for segment in segments:
        if segment.editable:
            text = fillings.get(segment.name, segment.text)
            blocks.append("by\n" + text.strip("\n") if segment.name == "proof" else dedent(text).strip())
        elif segment.name == TESTS:
            blocks.append(harness_tests(segment.text))
        elif segment.name == STATEMENT:
            blocks.append(segment.text.rstrip().removesuffix("by").strip())
        elif segment.name:
            blocks.append(segment.text.strip())
    return "\n\n".join(block for block in blocks if block) + "\n"


def _specified(sections: Mapping[str, str], outside: str) -> tuple[Segment, ...]:
    return (
        Segment(f"{IMPORT}\n\n" + (f"{outside}\n\n" if outside else "")),
        Segment(f"{sections[SPEC]}\n", name=SPEC),
        Segment("\n"),
        Segment(f"{sections[SIGNATURE]}\n", name=SIGNATURE),
    )


def _tested(sections: Mapping[str, str]) -> tuple[Segment, ...]:
    text = shown_tests(sections.get(TESTS, ""))
    return (Segment("\n"), Segment(text, name=TESTS)) if text else ()


def _slot(name: str, stub: str) -> tuple[Segment, ...]:
    start, end = (f"-- !benchmark @{which} {name}\n" for which in ("start", "end"))
    return (Segment(start), Segment(stub, True, name), Segment(end))


def _said(outside: str) -> str:
    """Declarations outside of all sections; imports are those of the whole project anyway."""
    lines = [line for line in outside.splitlines() if not line.startswith("import ")]
    text = "\n".join(lines).strip()
    return text if words(_COMMENT.sub("", text)) not in ([], ["-"]) else ""
