"""The bundled datasets are laid out as datasets/README.md says."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dafny_env.index import callables
from dafny_env.syntax.parser import parse
from lean_project.gate.text import judge_text, read
from prover.bundled import datasets_folder

STARTER = datasets_folder() / "starter" / "dafny"
LEAN = datasets_folder() / "starter" / "lean"
FALSE = datasets_folder() / "false" / "dafny"


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def facts(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "task.toml").read_text(encoding="utf-8"))


def callables_of(file: Path) -> set[str]:
    program = parse(file.read_text(encoding="utf-8"))
    assert not program.problems, program.problems
    return set(callables(program))


@pytest.mark.parametrize("name", names(STARTER))
def test_a_starter_task_says_what_it_is_good_for(name: str) -> None:
    known = facts(STARTER / name)
    assert set(known) == {"exercises", "hard", "tags"}
    assert "\n" not in known["exercises"] and isinstance(known["hard"], bool) and known["tags"]


@pytest.mark.parametrize("name", [n for n in names(STARTER) if "decomposition" in facts(STARTER / n)["tags"]])
def test_the_reference_of_a_decomposition_has_a_lemma_that_the_task_has_not(name: str) -> None:
    assert callables_of(STARTER / name / "solution.dfy") > callables_of(STARTER / name / "task.dfy")


@pytest.mark.parametrize("name", names(LEAN))
def test_a_reference_for_lean_is_its_task_with_proofs_filled_in(name: str) -> None:
    known = facts(LEAN / name)
    assert set(known) == {"exercises", "hard", "tags"}
    assert "\n" not in known["exercises"] and isinstance(known["hard"], bool) and known["tags"]
    task, solution = (read((LEAN / name / f).read_text(encoding="utf-8")) for f in ("task.lean", "solution.lean"))
    verdict = judge_text(task, solution)
    assert verdict.objections == () and verdict.left == ()
    assert bool(verdict.added) == ("decomposition" in known["tags"])


@pytest.mark.parametrize("name", names(FALSE))
def test_a_false_task_names_its_bug_and_an_input_that_shows_it(name: str) -> None:
    known = facts(FALSE / name)
    assert set(known) == {"bug", "derived_from", "declaration", "witness", "tags"}
    assert known["derived_from"] in names(STARTER)
    assert known["declaration"] in callables_of(FALSE / name / "task.dfy")
    assert known["tags"][0] in {"method", "lemma", "function", "class"}
    assert all(known[line] and "\n" not in known[line] for line in ("bug", "witness"))
