"""Append-only files of JSON lines that survive a kill at any moment: at worst the last line is torn, and readers
skip it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class JsonLines:
    """A file of JSON objects, one a line. Opened by the first append; flushed after every line, synced to disk on
    close."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def append(self, record: Mapping[str, object]) -> None:
        """Write one object; raises OSError when the disk is full or gone, TypeError for what JSON cannot say."""
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"
        self.append_line(line)

    def append_line(self, line: str) -> None:
        """Write one line that is JSON already."""
        if self._descriptor is None:
            self._descriptor = self._open()
        data = (line.rstrip("\n") + "\n").encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(self._descriptor, data) :]

    def sync(self) -> None:
        """Bring what was written to the disk now."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Bring everything to the disk. May be called twice."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            # A killed writer left half a line: end it, so that it is skipped alone.
            os.write(descriptor, b"\n")
        return descriptor


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file, torn or foreign lines left out; nothing when there is no file (a device is none: it may
    have no end)."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict):
                yield record
