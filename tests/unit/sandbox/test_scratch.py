from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.procfs import start_time
from sandbox.scratch import new_scratch, scratch_directory, scratch_root, sweep

ROOT = Path(__file__).parents[3]


def test_a_scratch_directory_lives_as_long_as_its_block() -> None:
    with pytest.raises(ValueError), scratch_directory("check") as path:
        (path / "deep").mkdir()
        (path / "deep" / "file").write_text("x")
        raise ValueError
    assert not path.exists()


def test_scratch_belongs_to_this_process_and_this_user() -> None:
    root = scratch_root()
    assert root == scratch_root()
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    one, other = new_scratch(), new_scratch()
    assert one != other
    assert one.parent == other.parent == root


def test_the_root_is_removed_at_exit(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    script = "from sandbox.scratch import new_scratch; print(new_scratch())"
    done = subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, env=environment, capture_output=True)
    assert str(tmp_path).encode() in done.stdout
    assert not list(tmp_path.iterdir())


def test_a_forked_child_leaves_its_parents_scratch_alone() -> None:
    root = scratch_root()
    child = os.fork()
    if child == 0:
        os._exit(0 if scratch_root() != root else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert root.is_dir()


def test_only_what_the_dead_left_is_swept(tmp_path: Path) -> None:
    mine = f"{os.getpid()}-{start_time(os.getpid())}"
    dead = tmp_path / "lemmatree-1-1-abc"
    reused = tmp_path / f"lemmatree-{os.getpid()}-1-abc"
    living = tmp_path / f"lemmatree-{mine}-abc"
    strangers = [tmp_path / name for name in ("lemmatree-notes", "other-1-1-abc")]
    for path in (dead, reused, living, *strangers):
        path.mkdir()
    link = tmp_path / "lemmatree-2-2-link"
    link.symlink_to(strangers[0])
    assert sorted(sweep(tmp_path)) == sorted([dead, reused])
    assert all(path.is_dir() for path in (living, *strangers))


def test_a_locked_root_is_alive_even_if_its_owner_cannot_be_seen(tmp_path: Path) -> None:
    """As under another pid namespace that shares our /tmp."""
    script = (
        "import os, fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print('locked', flush=True); input()"
    )
    root = tmp_path / "lemmatree-1-1-abc"
    root.mkdir()
    command = [sys.executable, "-c", script, str(root / ".lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None and owner.stdin is not None
        owner.stdout.readline()
        assert sweep(tmp_path) == []
        owner.stdin.write(b"\n")
    assert sweep(tmp_path) == [root]


def test_sweeping_nowhere_is_no_error(tmp_path: Path) -> None:
    assert sweep(tmp_path / "gone") == []
