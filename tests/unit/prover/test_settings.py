"""Which setting wins, and what is said about a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from prover.settings import ResolvedSettings, Settings, SettingsProblem, find_file, resolve, unknown_variables


def resolved(
    folder: Path, command_line: dict[str, object] | None = None, environment: dict[str, str] | None = None
) -> ResolvedSettings:
    found = resolve(command_line or {}, environment or {}, folder, home=folder)
    assert isinstance(found, ResolvedSettings), found
    return found


def test_command_line_over_environment_over_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "prover.toml").write_text("seconds = 1\nseed = 1\nchecks = 1\n")
    found = resolved(tmp_path, {"seconds": 3.0, "tokens": None}, {"PROVER_SECONDS": "2", "PROVER_SEED": "2"})
    assert (found.values.seconds, found.values.seed, found.values.checks) == (3.0, 2, 1)
    assert found.values.strategy == "best-first"
    assert [found.origins[name] for name in ("seconds", "seed", "checks", "tokens")] == [
        "command line",
        "PROVER_SEED",
        str(tmp_path / "prover.toml"),
        "default",
    ]


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    assert resolved(tmp_path, environment={"PROVER_SECONDS": ""}).values == Settings()


def test_the_file_is_searched_upwards_until_home(tmp_path: Path) -> None:
    home, deep = tmp_path / "home", tmp_path / "home" / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "prover.toml").write_text("")
    assert find_file(deep, home) is None
    assert find_file(tmp_path, home) == tmp_path / "prover.toml"
    (home / "prover.toml").write_text("")
    assert find_file(deep, home) == home / "prover.toml"
    (deep / "prover.toml").mkdir()
    assert find_file(deep, home) == home / "prover.toml"


def test_tool_paths_in_the_file_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "prover.toml").write_text('dafny = "tools/dafny"\nz3 = "/opt/z3"\n')
    (tmp_path / "sub").mkdir()
    found = resolve({}, {}, tmp_path / "sub", home=tmp_path)
    assert isinstance(found, ResolvedSettings)
    assert (found.values.dafny, found.values.z3) == (tmp_path / "tools" / "dafny", Path("/opt/z3"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"sede = 1", "unknown setting 'sede'; did you mean 'seed'?"),
        (b"zzzzzzzz = 1", "known settings: policy"),
        (b"seconds = ", "is not valid TOML"),
        (b"seconds = 'soon'", "seconds is 'soon': input should be a valid number"),
        (b"seconds = inf", "seconds is inf"),
        (b"family = 'nobody'", "family is 'nobody': there is no such family; choose one of generic"),
        (b"\xff", "is not UTF-8"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "prover.toml").write_bytes(content)
    found = resolve({}, {}, tmp_path, home=tmp_path)
    assert isinstance(found, SettingsProblem)
    assert said in found.reason
    assert str(tmp_path / "prover.toml") in found.reason


def test_bad_values_name_where_they_come_from(tmp_path: Path) -> None:
    from_environment = resolve({}, {"PROVER_WORKERS": "0"}, tmp_path, home=tmp_path)
    from_command_line = resolve({"seed": -1}, {}, tmp_path, home=tmp_path)
    assert isinstance(from_environment, SettingsProblem) and isinstance(from_command_line, SettingsProblem)
    assert from_environment.reason.startswith("PROVER_WORKERS is '0': ")
    assert from_command_line.reason.startswith("--seed is -1: ")


def test_misspelt_variables_are_seen() -> None:
    assert unknown_variables({"PROVER_SEED": "1", "PROVER_SEDE": "1", "PATH": ""}) == ["PROVER_SEDE"]
