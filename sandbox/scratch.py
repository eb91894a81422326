"""Scratch directories: one root per process under the system's temporary folder, gone when the process is.

The root is removed at exit, by the supervisor's guard when the process is killed, and by the next process that starts
if even that failed: its name carries pid and start time, and its owner holds a lock on a file in it.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.procfs import start_time

_PREFIX = "lemmatree"
_NAME = re.compile(rf"{_PREFIX}-(\d+)-(\d+)-")
_LOCK = ".lock"

_guard = threading.Lock()
_root: tuple[int, Path] | None = None


def scratch_root() -> Path:
    """This process's own scratch folder, made at the first call (readable by the user alone)."""
    global _root
    with _guard:
        if _root is None or _root[0] != os.getpid() or not _root[1].is_dir():
            base = Path(tempfile.gettempdir())
            sweep(base)
            _root = (os.getpid(), _create_root(base))
            atexit.register(_remove_root, *_root)
        return _root[1]


def _create_root(base: Path) -> Path:
    root = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}-{os.getpid()}-{start_time(os.getpid()) or 0}-", dir=base))
    # Held open for the life of the process: the lock tells processes in other pid namespaces that we are alive.
    descriptor = os.open(root / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return root


def _remove_root(owner: int, root: Path) -> None:
    if os.getpid() == owner:  # not in a forked child
        shutil.rmtree(root, ignore_errors=True)


def new_scratch(prefix: str = "job") -> Path:
    """A fresh empty directory under the root; the caller may remove it earlier than the process ends."""
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=scratch_root()))


@contextmanager
def scratch_directory(prefix: str = "job") -> Iterator[Path]:
    """A fresh empty directory, removed with its contents at the end of the block."""
    path = new_scratch(prefix)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sweep(base: Path) -> list[Path]:
    """Remove the scratch roots in `base` whose owners are dead; returns what was removed. Never raises."""
    removed = []
    try:
        candidates = list(base.glob(f"{_PREFIX}-*"))
    except OSError:
        return []
    for path in candidates:
        match = _NAME.match(path.name)
        if match and not path.is_symlink() and start_time(int(match[1])) != int(match[2]) and _unlocked(path):
            shutil.rmtree(path, ignore_errors=True)
            removed.append(path)
    return removed


def _unlocked(root: Path) -> bool:
    try:
        descriptor = os.open(root / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
