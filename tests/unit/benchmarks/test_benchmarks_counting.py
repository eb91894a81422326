"""Of which tasks each benchmark's own figures are."""

import pytest
from benchmark_data import published

from prover.benchmarks.benchmark import Choice, Counting, DataProblem
from prover.benchmarks.registry import NAMES, benchmark
from prover.benchmarks.task import MODES, BenchmarkTask


@pytest.mark.parametrize("name", NAMES)
def test_whoever_has_a_rule_of_its_own_counts_in_a_way_of_its_own(name: str) -> None:
    bench = benchmark(name)
    assert bench.name == name
    assert (bench.upstream is None) is (bench.official is None) is (bench.counting is None)


@pytest.mark.parametrize(
    ("name", "tasks", "modes", "left_out", "by_language"),
    [
        ("verina", 187, MODES, ("few-shot",), False),  # its runs leave out the examples of their prompts
        ("dafnybench", 782, ("proof",), (), False),  # all programs, also those that verify untouched
        ("algoveri", 77, ("codeproof",), (), True),  # a figure for each language
        ("clever", 161, ("codeproof",), (), False),  # proofs of given implementations are no task of its own
    ],
)
def test_how_each_counts(
    name: str, tasks: int, modes: tuple[str, ...], left_out: tuple[str, ...], by_language: bool
) -> None:
    counting = benchmark(name).counting
    assert counting is not None and counting.told.startswith(("all ", f"{tasks} "))
    assert (counting.tasks, counting.modes, counting.left_out, counting.by_language) == (
        tasks,
        modes,
        left_out,
        by_language,
    )


@pytest.mark.parametrize("name", ["verina", "algoveri", "clever"])
def test_the_published_data_has_as_many_tasks_as_are_counted(name: str) -> None:
    counting = benchmark(name).counting
    assert isinstance(counting, Counting)
    loaded = benchmark(name).load(published(name), Choice(mode=counting.modes[0]))
    assert not isinstance(loaded, DataProblem)
    tasks = list(loaded)
    counted = [task for task in tasks if not set(task.groups) & set(counting.left_out)]
    for language in {task.language for task in counted} if counting.by_language else {None}:
        assert sum(language in (None, task.language) for task in counted) == counting.tasks
    assert {task.mode for task in counted if isinstance(task, BenchmarkTask)} <= set(counting.modes)
