"""Our own vericoding tasks: every one is complete, and its solution is the task with its regions filled in."""

import re
import tomllib
from pathlib import Path

import pytest

from dafny_env.gate.implementing import judge_regions
from dafny_env.gate.regions import Marked, read_regions
from dafny_env.gate.surroundings import Surroundings
from lean_project.gate.slots import Slotted, judge_slots, read_slots
from lean_project.gate.text import judge_text, read
from prover.languages import Language
from prover.vericoding.marked import read_task
from prover.vericoding.task import VericodingTask

STARTER = Path(__file__).parents[3] / "datasets" / "starter" / "vericode"
TASKS = sorted(folder.name for folder in STARTER.iterdir())


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_complete(name: str) -> None:
    folder = STARTER / name
    told = tomllib.loads((folder / "task.toml").read_text())
    assert set(told) == {"exercises", "hard", "tags", "answers"}
    assert "vericode" in told["tags"]
    assert sorted(told["answers"]) == sorted(f.stem for f in (folder / "answers").iterdir())
    assert {"accepted", "rejected"} <= set(told["answers"].values()) <= {"accepted", "provable", "rejected"}


@pytest.mark.parametrize("name", TASKS)
def test_the_solution_fills_the_regions(name: str) -> None:
    file = next(f for f in (STARTER / name).iterdir() if re.fullmatch(r"task\.(dfy|lean)", f.name))
    language: Language = "lean" if file.suffix == ".lean" else "dafny"
    text, solution = file.read_text(), file.with_name(f"solution{file.suffix}").read_text()
    task = read_task(text, language, name)
    assert isinstance(task, VericodingTask)
    assert len(task.stubs) == 1 and task.baseline == () and task.is_implemented(solution)
    if language == "dafny":
        marked = read_regions(text)
        assert isinstance(marked, Marked)
        assert judge_regions(marked, solution, Surroundings()).objections == ()
    else:
        slotted = read_slots(text)
        assert isinstance(slotted, Slotted)
        assert judge_slots(slotted, solution) == judge_text(read(text), read(solution)).objections == ()
