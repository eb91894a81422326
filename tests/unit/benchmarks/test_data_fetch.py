"""Fetching published data: from repositories and wheels made here, since tests use no network."""

import asyncio
import fcntl
import hashlib
import json
import os
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prover_fakes import Terminal

from prover.benchmarks import clever
from prover.benchmarks.benchmark import DataProblem, Upstream
from prover.benchmarks.dafnybench_rule import DafnyBenchRule
from prover.benchmarks.data import data_folder, default_data, fetchable, source_of
from prover.benchmarks.fetching import MARKER, Fetched, Package, Source, fetch

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "GIT_CONFIG_NOSYSTEM": "1"}


def git(at: Path, *arguments: str) -> str:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    made = subprocess.run(
        ["git", *arguments], cwd=at, env={**ENVIRONMENT, **who}, check=True, capture_output=True, text=True
    )
    return made.stdout.strip()


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A repository with two commits; the first one is pinned."""
    repository = tmp_path / "upstream"
    (repository / "tasks").mkdir(parents=True)
    for name in ("a", "b"):
        (repository / "tasks" / f"{name}.dfy").write_text("lemma A() {}\n")
    (repository / "LICENSE").write_text("A licence\n")
    (repository / "other").mkdir()
    (repository / "other" / "big").write_text("not needed\n")
    (repository / "tasks" / "link").symlink_to("/etc/passwd")
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "one")
    (repository / "tasks" / "c.dfy").write_text("lemma C() {}\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "two")
    return repository


def complete(folder: Path) -> str:
    found = len(list(folder.glob("tasks/*.dfy")))
    return "" if found == 2 else f"{found} tasks instead of 2"


def source(repository: Path, commit: str = "") -> Source:
    pinned = commit or git(repository, "rev-parse", "HEAD~1")[:7]
    return Source("mine", Upstream(f"file://{repository}", pinned, "MIT", ("tasks", "LICENSE"), 2), complete)


def fetched(what: Source, target: Path) -> Fetched:
    found = asyncio.run(fetch(what, target, ENVIRONMENT))
    assert isinstance(found, Fetched), found.reason
    return found


def refused(what: Source, target: Path, environment: dict[str, str] = ENVIRONMENT) -> str:
    found = asyncio.run(fetch(what, target, environment))
    assert isinstance(found, DataProblem)
    return found.reason


def left(folder: Path) -> list[str]:
    """What a failed fetch has left, lock files apart."""
    return [p.name for p in folder.iterdir() if p.suffix != ".lock"]


# -------------------------------------------------------------------------------------------------------------- by git


def test_the_pinned_commit_is_fetched_and_only_what_is_needed(upstream: Path, tmp_path: Path) -> None:
    target = tmp_path / "data" / "deep" / "mine"
    found = fetched(source(upstream), target)
    assert found == Fetched(target, git(upstream, "rev-parse", "HEAD~1"), True)
    files = sorted(str(p.relative_to(target)) for p in target.rglob("*") if p.is_file())
    assert files == [MARKER, "LICENSE", "tasks/a.dfy", "tasks/b.dfy", "tasks/link"]
    assert not (target / "tasks" / "link").is_symlink()
    record = json.loads((target / MARKER).read_text())
    assert record["commit"] == found.commit and record["licence"] == "MIT"
    assert left(target.parent) == ["mine"]


def test_from_a_server_that_sends_parts_the_rest_is_not_sent(upstream: Path, tmp_path: Path) -> None:
    git(upstream, "config", "uploadpack.allowFilter", "true")
    git(upstream, "config", "uploadpack.allowAnySHA1InWant", "true")
    # What is not needed cannot even be had.
    blob = git(upstream, "rev-parse", "HEAD:other/big")
    (upstream / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert fetched(source(upstream), tmp_path / "data").new


def test_what_is_there_is_not_fetched_again(upstream: Path, tmp_path: Path) -> None:
    target = tmp_path / "data"
    first, what = fetched(source(upstream), target), source(upstream)
    gone = replace(what, upstream=replace(what.upstream, url="file:///nowhere"))
    assert fetched(gone, target) == replace(first, new=False)


def test_an_empty_folder_is_filled_and_any_other_one_left_alone(upstream: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert fetched(source(upstream), tmp_path / "empty").new
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    assert "remove it" in refused(source(upstream), tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "mine"
    (tmp_path / "file").write_text("")
    assert "--to" in refused(source(upstream), tmp_path / "file")


def test_fetched_data_that_was_damaged_is_told(upstream: Path, tmp_path: Path) -> None:
    fetched(source(upstream), tmp_path / "data")
    (tmp_path / "data" / "tasks" / "a.dfy").unlink()
    assert "1 tasks instead of 2" in refused(source(upstream), tmp_path / "data")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"url": "file:///nowhere/at/all"}, "cannot be cloned"),
        ({"url": "--upload-pack=touch /tmp/x"}, "cannot be cloned"),
        ({"url": "ext::sh -c true"}, "cannot be cloned"),
        ({"commit": "1234567"}, "has no commit 1234567"),
        ({"commit": "master"}, "has no commit master"),
        ({"paths": ("LICENSE",)}, "0 tasks instead of 2"),
    ],
)
def test_what_cannot_be_fetched_is_told_and_leaves_nothing(
    change: dict[str, Any], why: str, upstream: Path, tmp_path: Path
) -> None:
    git(upstream, "branch", "-M", "master")
    what = source(upstream)
    folder = tmp_path / "data"
    told = refused(replace(what, upstream=replace(what.upstream, **change)), folder / "mine")
    assert why in told and told.startswith("mine: ")
    assert left(folder) == []


def test_another_place_may_be_named(upstream: Path, tmp_path: Path) -> None:
    what = source(upstream)
    moved = replace(what, upstream=replace(what.upstream, url="file:///nowhere"), origin=str(upstream))
    assert fetched(moved, tmp_path / "data").new
    assert "/nowhere" in refused(replace(moved, origin=None), tmp_path / "other")


def test_no_git_and_no_room_are_told(upstream: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert "install git" in refused(source(upstream), tmp_path / "data", {"PATH": str(tmp_path / "bin")})
    (tmp_path / "file").write_text("")
    assert "--to" in refused(source(upstream), tmp_path / "file" / "data")


def fake_git(folder: Path, script: str) -> dict[str, str]:
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    return {**ENVIRONMENT, "PATH": f"{folder}:{os.environ['PATH']}"}


def test_a_full_disk_is_told_as_such(upstream: Path, tmp_path: Path) -> None:
    full = fake_git(tmp_path / "bin", "echo 'fatal: write error: No space left on device' >&2; exit 128")
    assert "disk is full" in refused(source(upstream), tmp_path / "data", full)


def test_a_wrong_head_is_told(upstream: Path, tmp_path: Path) -> None:
    script = 'case "$*" in *"rev-parse HEAD"*) echo 0000000;; *) exec /usr/bin/env -S git "$@";; esac'
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    lying = fake_git(tmp_path / "bin", script.replace("/usr/bin/env -S git", real))
    assert "at 0000000 rather than" in refused(source(upstream), tmp_path / "data" / "mine", lying)
    assert left(tmp_path / "data") == []


def test_interrupted_nothing_is_left(upstream: Path, tmp_path: Path) -> None:
    # It can write nowhere but in the folder of the fetch, so that is where it says that it has begun.
    waiting = fake_git(tmp_path / "bin", 'touch "$TMPDIR/begun"; sleep 600')

    async def interrupted() -> None:
        work = asyncio.create_task(fetch(source(upstream), tmp_path / "data" / "mine", waiting))
        while not work.done() and not list((tmp_path / "data").glob(".mine.*.part/begun")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # another process says it, through a file
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(interrupted())
    assert left(tmp_path / "data") == []


def test_what_a_killed_fetch_left_goes_and_two_at_a_time_do_not_meet(upstream: Path, tmp_path: Path) -> None:
    old = tmp_path / ".mine.abc.part"
    (old / "data").mkdir(parents=True)
    with (tmp_path / ".mine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another" in refused(source(upstream), tmp_path / "mine")
        assert old.exists()
    assert fetched(source(upstream), tmp_path / "mine").new and not old.exists()


# -------------------------------------------------------------------------------------------------------------- by pip


def wheel(folder: Path, *names: str) -> Path:
    path = folder / "mine-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names or ("mine/tasks/a.dfy", "mine/tasks/b.dfy", "mine/code.py"):
            archive.writestr(name, "lemma A() {}\n")
    return path


def packaged(path: Path, **changes: str) -> Source:
    digest = changes.get("sha256") or hashlib.sha256(path.read_bytes()).hexdigest()
    package = Package("mine", "1.0", digest, ("mine/tasks/", "/etc", "../", "mine/tasks\\"))
    return Source("mine", Upstream("https://nowhere.invalid", "1.0", "MIT"), both, package, str(path))


def both(folder: Path) -> str:
    return "" if len(list(folder.glob("mine/tasks/*.dfy"))) == 2 else "not all tasks"


def test_a_wheel_is_unpacked_as_far_as_it_is_needed(tmp_path: Path) -> None:
    found = fetched(packaged(wheel(tmp_path)), tmp_path / "data")
    assert found.commit == "1.0"
    assert sorted(p.name for p in (tmp_path / "data").rglob("*") if p.is_file()) == [MARKER, "a.dfy", "b.dfy"]


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "mine/tasks/../../../evil", "mine/tasks\\..\\evil"])
def test_a_wheel_that_leads_out_of_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    told = refused(packaged(wheel(tmp_path, name)), tmp_path / "data" / "mine")
    assert "leads out" in told and left(tmp_path / "data") == []


def test_a_wheel_that_is_another_one_is_refused(tmp_path: Path) -> None:
    path = wheel(tmp_path)
    assert "sha256" in refused(packaged(path, sha256="0" * 64), tmp_path / "data" / "mine")
    path.write_bytes(b"no archive")
    assert "unpacked" in refused(packaged(path), tmp_path / "data" / "mine")
    assert "not all tasks" in refused(packaged(wheel(tmp_path, "mine/tasks/a.dfy")), tmp_path / "data" / "mine")
    path.unlink()
    assert refused(replace(packaged(wheel(tmp_path)), origin=str(tmp_path / "none.whl")), tmp_path / "data" / "mine")
    assert left(tmp_path / "data") == []


def test_pip_without_network_is_told_with_the_way_by_hand(tmp_path: Path) -> None:
    what = replace(packaged(wheel(tmp_path)), origin=None)
    offline = {**ENVIRONMENT, "PIP_NO_INDEX": "1"}
    told = refused(what, tmp_path / "data" / "mine", offline)
    assert "mine==1.0 cannot be downloaded" in told and "--from" in told and left(tmp_path / "data") == []


def test_pip_downloads_from_where_it_is_told(tmp_path: Path) -> None:
    names = ("mine/tasks/a.dfy", "mine/tasks/b.dfy", "mine-1.0.dist-info/RECORD")
    path = wheel(tmp_path, *names)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("mine-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
        archive.writestr("mine-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    what = replace(packaged(path), origin=None)
    local = {**ENVIRONMENT, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    found = asyncio.run(fetch(what, tmp_path / "data" / "mine", local))
    assert isinstance(found, Fetched) and left(tmp_path / "data") == ["mine"]


# ------------------------------------------------------------------------------------------------------- where it goes


def test_data_is_kept_by_name_and_pin_below_the_users_data_folder() -> None:
    what = source_of("dafnybench")
    assert isinstance(what, Source) and what.upstream.tasks == 782
    assert data_folder(what, {"XDG_DATA_HOME": "/x"}) == Path("/x/lemmatree/benchmarks/dafnybench-0cd28fe")
    assert data_folder(what, {"HOME": "/h", "XDG_DATA_HOME": "rel"}) == Path(
        "/h/.local/share/lemmatree/benchmarks/dafnybench-0cd28fe"
    )
    assert isinstance(data_folder(what, {}), DataProblem)


def test_a_pinned_package_stands_for_clevers_repository() -> None:
    what = source_of("clever")
    assert isinstance(what, Source) and what.package is not None and what.pinned == "1.6.0"


@pytest.mark.parametrize("name", ["starter", "folder", "nothing"])
def test_of_other_names_nothing_is_fetched(name: str) -> None:
    found = source_of(name)
    assert isinstance(found, DataProblem) and ", ".join(fetchable()) in found.reason
    assert default_data(name, {"HOME": "/h"}) is None


def test_fetched_data_is_the_default_and_nothing_else_is(tmp_path: Path) -> None:
    environment = {"XDG_DATA_HOME": str(tmp_path)}
    assert default_data("dafnybench", environment) is None and default_data("dafnybench", {}) is None
    folder = tmp_path / "lemmatree" / "benchmarks" / "dafnybench-0cd28fe"
    folder.mkdir(parents=True)
    assert default_data("dafnybench", environment) is None
    (folder / MARKER).write_text('{"commit": "0cd28fe1234"}')
    assert default_data("dafnybench", environment) == folder
    (folder / MARKER).write_text('{"commit": "1234567"}')
    assert default_data("dafnybench", environment) is None
    (folder / MARKER).write_bytes(b"\xff")
    assert default_data("dafnybench", environment) is None


def test_of_clever_the_installed_package_is_the_second_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clever, "installed", lambda: tmp_path / "site")
    environment = {"XDG_DATA_HOME": str(tmp_path)}
    assert default_data("clever", environment) == tmp_path / "site"
    folder = tmp_path / "lemmatree" / "benchmarks" / "clever-1.6.0"
    folder.mkdir(parents=True)
    (folder / MARKER).write_text('{"commit": "1.6.0"}')
    assert default_data("clever", environment) == folder


# --------------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def dafnybench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in DafnyBench's form with two tasks, and the pin that belongs to it."""
    from prover.benchmarks import dafnybench as module

    repository = tmp_path / "DafnyBench.git"
    (repository / "DafnyBench").mkdir(parents=True)
    records = [
        {"test_ID": f"00{n}", "test_file": "x.dfy", "ground_truth": "lemma A() {}", "hints_removed": "lemma A() {}"}
        for n in range(2)
    ]
    (repository / "DafnyBench" / "test.json").write_text(json.dumps(records))
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "one")
    pin = Upstream(f"file://{repository}", git(repository, "rev-parse", "HEAD")[:7], "Apache-2.0", ("DafnyBench",), 2)
    monkeypatch.setattr(module, "BENCHMARK", module.DafnyBench("dafnybench", pin, DafnyBenchRule()))
    return repository


def test_the_command_says_where_the_data_is(dafnybench: Path, tmp_path: Path, terminal: Terminal) -> None:
    terminal.environment |= {**ENVIRONMENT, "XDG_DATA_HOME": str(tmp_path / "xdg")}
    target = tmp_path / "xdg" / "lemmatree" / "benchmarks" / f"dafnybench-{git(dafnybench, 'rev-parse', 'HEAD')[:7]}"
    first = terminal.run("data", "fetch", "dafnybench", "--json")
    said = json.loads(first.stdout)
    assert (first.code, said["path"], said["new"], said["licence"]) == (0, str(target), True, "Apache-2.0")
    assert "is now in" in first.stderr and default_data("dafnybench", terminal.environment) == target
    again = terminal.run("data", "fetch", "dafnybench")
    assert (again.code, again.stdout) == (0, "") and "is already in" in again.stderr
    moved = terminal.run("data", "fetch", "dafnybench", "--to", "here", "--from", dafnybench)
    assert moved.code == 0 and (terminal.folder / "here" / "DafnyBench" / "test.json").is_file()


def test_the_command_says_what_is_wrong_and_what_to_do(dafnybench: Path, terminal: Terminal) -> None:
    terminal.environment |= ENVIRONMENT
    nothing = terminal.run("data", "fetch", "starter", "--json")
    assert nothing.code == 2 and "needs no data" in json.loads(nothing.stdout)["reason"]
    offline = terminal.run("data", "fetch", "dafnybench", "--to", "x", "--from", "/nowhere/at/all", "--json")
    assert offline.code == 2 and json.loads(offline.stdout)["path"] is None and "--data" in offline.stderr
    assert not (terminal.folder / "x").exists()


def test_all_of_a_benchmark_must_be_there(dafnybench: Path, tmp_path: Path) -> None:
    what = source_of("dafnybench")
    assert isinstance(what, Source) and what.complete(dafnybench) == ""
    (tmp_path / "test.json").write_text("[]")
    assert "holds no task" in what.complete(tmp_path)
    problems = tmp_path / "clever_bench" / "lean4" / "human_eval"
    problems.mkdir(parents=True)
    (problems / "problem_0.lean").write_text("")
    whole = source_of("clever")
    assert isinstance(whole, Source) and whole.complete(tmp_path) == "1 tasks instead of 161"
