from pathlib import Path

import pytest

from dafny_env.driver.discovery import Installation, Solver, discover, find_solver
from dafny_env.driver.factory import open_verifiers
from sandbox.missing import Missing


def program(path: Path, output: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{output}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"PATH": str(tmp_path / "bin")}


def test_nothing_installed_says_how_to_get_it(tmp_path: Path, env: dict[str, str]) -> None:
    env["PROVER_DAFNY"] = str(tmp_path / "nowhere")
    found = discover(env, tmp_path)
    for missing in (found.dafny2, found.dafny4, found.solver):
        assert isinstance(missing, Missing) and missing.how_to_get in str(missing)
    assert isinstance(open_verifiers(found=found), Missing)


def test_the_bundled_solver_comes_before_the_systems(tmp_path: Path, env: dict[str, str]) -> None:
    program(tmp_path / "bin" / "z3", "Z3 version 4.8.12 - 64 bit")
    own = program(tmp_path / "share/lemmatree/z3-4.8.5/bin/z3", "Z3 version 4.8.5 - 64 bit")
    assert find_solver(env, tmp_path) == Solver(own, "4.8.5")


def test_a_weaker_solver_comes_with_a_warning(tmp_path: Path, env: dict[str, str]) -> None:
    program(tmp_path / "bin" / "z3", "Z3 version 4.8.12 - 64 bit")
    solver = find_solver(env, tmp_path)
    assert isinstance(solver, Solver) and solver.name == "z3 4.8.12"
    assert solver.warning is not None and "4.8.5" in solver.warning


def test_an_override_that_does_not_run_is_an_answer_not_a_fallback(tmp_path: Path, env: dict[str, str]) -> None:
    program(tmp_path / "bin" / "z3", "Z3 version 4.8.12 - 64 bit")
    env["PROVER_Z3"] = str(tmp_path / "no-such-z3")
    assert isinstance(find_solver(env, tmp_path), Missing)


def test_dafny_4_is_recognised_by_its_version(tmp_path: Path, env: dict[str, str]) -> None:
    command = program(tmp_path / "bin" / "dafny", "4.11.0+fcb2042d6d043a2634f0854338c08feeaaaf4ae2")
    found = discover(env, tmp_path).dafny4
    assert isinstance(found, Installation)
    assert (found.info.version, found.info.major, found.info.command) == ("4.11.0", 4, (str(command),))
    assert str(found.info) == "Dafny 4.11.0 (its bundled z3)"


def test_another_program_with_a_version_is_no_dafny(tmp_path: Path, env: dict[str, str]) -> None:
    program(tmp_path / "bin" / "dafny", "false (GNU coreutils) 9.1")
    assert isinstance(discover(env, tmp_path).dafny4, Missing)


def test_dafny_2_is_found_through_its_wrapper(tmp_path: Path, env: dict[str, str]) -> None:
    program(tmp_path / "share/lemmatree/z3-4.8.5/bin/z3", "Z3 version 4.8.5 - 64 bit")
    program(tmp_path / "lib/Dafny.exe", "")
    program(tmp_path / "lib/DafnyServer.exe", "")
    mono = program(tmp_path / "bin/mono", "Dafny 2.3.0.10506")
    wrapper = tmp_path / "bin/dafny"
    wrapper.write_text(f'#!/bin/sh\nexec /usr/bin/cli {tmp_path}/lib/Dafny.exe "$@"\n')
    wrapper.chmod(0o755)
    found = discover(env, tmp_path)
    assert isinstance(found.dafny2, Installation) and isinstance(found.dafny4, Missing)
    assert str(found.dafny2.info) == "Dafny 2.3.0.10506 (z3 4.8.5)"
    assert found.dafny2.server == (str(mono), str(tmp_path / "lib/DafnyServer.exe"))


def test_without_its_server_dafny_2_still_works_but_says_so(tmp_path: Path, env: dict[str, str]) -> None:
    program(tmp_path / "share/lemmatree/z3-4.8.5/bin/z3", "Z3 version 4.8.5 - 64 bit")
    program(tmp_path / "lib/Dafny.exe", "")
    program(tmp_path / "bin/mono", "Dafny 2.3.0.10506")
    env["PROVER_DAFNY"] = str(tmp_path / "lib")
    found = discover(env, tmp_path)
    assert isinstance(found.dafny2, Installation) and isinstance(found.dafny2.server, Missing)
    tools = open_verifiers(found=found)
    assert not isinstance(tools, Missing)
    assert tools.working is tools.cold and any("slow" in w for w in tools.warnings)
