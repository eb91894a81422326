"""Where a proof is written, and how: never over the input, never half a file, an unfinished one labelled as such."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prover.inputs import SourceFile

STDOUT = "-"
NO_ROOM = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
"""Errors of a disk, which are neither ours nor the input's."""


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """Where results go. proved: None means standard output. partial: where the best unfinished file goes."""

    proved: Path | None
    partial: Path


@dataclass(frozen=True, slots=True)
class OutputProblem:
    """An output that cannot be used, with the next step."""

    reason: str


def plan_outputs(source: SourceFile, out: str | None, fallback: Path) -> OutputPlan | OutputProblem:
    """Settle the output files before the search, so that no proof is lost to a bad path.

    Without `out` they stand beside the input as NAME.proved.dfy and NAME.partial.dfy, or in `fallback` (a folder) for
    standard input. `-` is standard output. `out` naming the input, by any link, is a problem.
    """
    suffix = source.suffix
    folder = source.path.parent if source.path else fallback
    partial = folder / f"{source.stem}.partial{suffix}"
    proved: Path | None = folder / f"{source.stem}.proved{suffix}"
    if out == STDOUT:
        proved = None
    elif out is not None:
        proved = Path(out)
        partial = proved.with_name(f"{proved.stem.removesuffix('.proved')}.partial{proved.suffix or suffix}")
    for path in (proved, partial):
        if path is not None and (problem := _objection(path, source, given=out is not None)):
            return OutputProblem(problem)
    return OutputPlan(proved, partial)


def proved_file(source: SourceFile, text: str) -> str:
    """The proved text as it is written out: with the input's byte order mark, if it had one."""
    return ("\ufeff" if source.bom else "") + text


def partial_file(source: SourceFile, text: str, reason: str, remaining: Sequence[str], version: str) -> str:
    """The unfinished text with a label in front: that it proves nothing, why, and what remains (lines of the input)."""
    label = [
        "UNPROVED: this file is NOT a proof. It is the best unfinished attempt.",
        f"From {source.name} by prover {version}. {reason}".rstrip(),
        "What a `sorry` below stands for is not proved."
        if source.language == "lean"
        else "What an `assume` below says is taken for granted; lemmas without a body are not proved.",
    ]
    if remaining:
        label += ["What remains (line numbers of the input):", *(f"  - {item}" for item in remaining)]
    comment = "--" if source.language == "lean" else "//"
    newline = "\r\n" if "\r\n" in text else "\n"
    # A line break inside a message must not escape from the comment.
    lines = [f"{comment} {item[: len(item) - len(item.lstrip())]}{' '.join(item.split())}" for item in label]
    return ("\ufeff" if source.bom else "") + newline.join([*lines, text])


def replaceable(path: Path, is_one: Callable[[bytes], bool], kind: str, option: str) -> str | None:
    """Why a file is not to be written over what is at a path, None where it may: over nothing but its own kind, since
    a slip must not cost a proof or a journal. is_one: whether what is there begins as such a file does. kind, option:
    for the message (`SVG file`, `--svg FILE`)."""
    cure = f"give another {option}"
    try:
        if path.is_dir():
            return f"{path}: is a directory; {cure}."
        if not path.resolve().parent.is_dir():
            return f"{path}: there is no folder {path.resolve().parent}; make it, or {cure}."
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as file:
                if not is_one(file.read(64).lstrip()):
                    return f"{path}: is there already, and is no {kind}; {cure}."
    except (OSError, ValueError) as error:
        return f"{path}: cannot be used: {getattr(error, 'strerror', None) or error}; {cure}."
    return None


def write_atomically(path: Path, text: str) -> None:
    """Write a text file so that readers see the old file or the whole new one. Links are followed, devices and pipes
    are written to directly. Raises OSError."""
    data = text.encode("utf-8", "replace")
    target = path.resolve()
    mode = _mode(target)
    if mode is not None and not stat.S_ISREG(mode):
        with target.open("wb") as device:
            device.write(data)
        return
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    # Not mkstemp: the new file shall have the permissions that the user's umask gives.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(stat.S_IMODE(mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _objection(path: Path, source: SourceFile, *, given: bool) -> str | None:
    cure = "give another --out FILE" if given else "say where to write with --out FILE"
    try:
        if source.path is not None and path.exists() and path.samefile(source.path):
            return f"{path}: is the input itself, which is never overwritten; {cure}."
        mode = _mode(path)
        if mode is not None and stat.S_ISDIR(mode):
            return f"{path}: is a directory; {cure}."
        folder = path.resolve().parent
        if not folder.is_dir():
            return f"{path}: there is no folder {folder}; make it, or {cure}."
        if not os.access(folder if mode is None else path, os.W_OK):
            return f"{path}: cannot be written; {cure}."
    except (OSError, ValueError) as error:
        return f"{path}: cannot be used: {getattr(error, 'strerror', None) or error}; {cure}."
    return None


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
