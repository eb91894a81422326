"""The result cache: in memory, and on disk (sqlite) where processes and runs share it. It never fails, it misses."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

_LOGGER = logging.getLogger(__name__)
_DIGEST = hashlib.sha256().digest_size
_BUSY_SECONDS = 2.0
_CHECKS_PER_BOUND = 16
_PRUNED_SHARE = 0.25

Key = tuple[str, ...]


def digest(key: Iterable[str]) -> bytes:
    """SHA-256 of some strings, each preceded by its length, so that `("ab", "c")` differs from `("a", "bc")`."""
    state = hashlib.sha256()
    for part in key:
        data = part.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.digest()


class ResultCache:
    """Values by key, the least recently used forgotten first. Safe for many threads, the disk part for many processes.

    entries, memory_bytes: bounds of the part in memory. path: the database on disk, made with its folder if missing;
    None for memory only. disk_bytes: bound of the database; the oldest quarter goes when it is passed. A database that
    is corrupt, full, locked or not writable is a miss, and reported once.
    """

    def __init__(
        self,
        *,
        entries: int = 10_000,
        memory_bytes: int = 64 << 20,
        path: Path | None = None,
        disk_bytes: int = 512 << 20,
    ) -> None:
        self._entries = entries
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._values: OrderedDict[bytes, bytes] = OrderedDict()
        self._held = 0
        self._disk = None if path is None else _Disk(path, disk_bytes)

    def get(self, key: Key) -> bytes | None:
        """The value stored under `key`, None if there is none."""
        name = digest(key)
        with self._lock:
            value = self._values.get(name)
            if value is not None:
                self._values.move_to_end(name)
                return value
        value = None if self._disk is None else self._disk.get(name)
        if value is not None:
            self._remember(name, value)
        return value

    def get_text(self, key: Key) -> str | None:
        """Like `get`, for values that were put as text."""
        value = self.get(key)
        return None if value is None else value.decode("utf-8", "surrogatepass")

    def put(self, key: Key, value: bytes | str) -> None:
        """Store a value, replacing an older one."""
        name = digest(key)
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        self._remember(name, data)
        if self._disk is not None:
            self._disk.put(name, data)

    def close(self) -> None:
        """Close the database; the cache then goes on in memory."""
        if self._disk is not None:
            self._disk.close()

    def __len__(self) -> int:
        """Entries in memory."""
        return len(self._values)

    def _remember(self, name: bytes, value: bytes) -> None:
        with self._lock:
            self._held += len(value) - len(self._values.pop(name, b""))
            self._values[name] = value
            while self._values and (len(self._values) > self._entries or self._held > self._memory_bytes):
                _, forgotten = self._values.popitem(last=False)
                self._held -= len(forgotten)


class AppendedCache(ResultCache):
    """A cache for one writer, whose file is only ever added to: nothing to set up, and a write costs no more than a
    line in a log. What a killed writer has written is there for the next one, but for half a last line. The file has no
    bound."""

    def __init__(self, path: Path, *, entries: int = 10_000, memory_bytes: int = 64 << 20) -> None:
        super().__init__(entries=entries, memory_bytes=memory_bytes)
        self._path = path
        self._file: int | None = None
        for line in _lines(path):
            name, _, value = line.partition(b" ")
            try:
                self._remember(bytes.fromhex(name.decode("ascii")), base64.b64decode(value, validate=True))
            except ValueError:
                continue  # half a line

    def put(self, key: Key, value: bytes | str) -> None:
        """Store a value, replacing an older one. A disk that is full or gone is a miss later on."""
        super().put(key, value)
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        line = digest(key).hex().encode() + b" " + base64.b64encode(data) + b"\n"
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
                os.write(self._file, b"\n")  # ends half a line
            os.write(self._file, line)
        except OSError as error:
            _LOGGER.warning("result cache %s cannot be written: %s", self._path, error)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().split(b"\n")
    except OSError:
        return []


class _Disk:
    """The part on disk. Every row carries a digest of its value: a damaged one is a miss."""

    def __init__(self, path: Path, bound: int) -> None:
        self._path = path
        self._bound = bound
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._off = False
        self._unchecked = 0

    def get(self, name: bytes) -> bytes | None:
        with self._lock:
            try:
                connection = self._open()
                if connection is None:
                    return None
                row = connection.execute("SELECT value FROM results_1 WHERE name = ?", (name,)).fetchone()
            except (sqlite3.Error, OSError) as error:
                self._fail(error)
                return None
        if row is None or not isinstance(row[0], bytes):
            return None
        check, value = row[0][:_DIGEST], row[0][_DIGEST:]
        return value if hashlib.sha256(name + value).digest() == check else None

    def put(self, name: bytes, value: bytes) -> None:
        with self._lock:
            try:
                connection = self._open()
                if connection is None:
                    return
                row = (name, hashlib.sha256(name + value).digest() + value, time.time())
                connection.execute("INSERT OR REPLACE INTO results_1 VALUES (?, ?, ?)", row)
                self._unchecked += len(value)
                if self._unchecked * _CHECKS_PER_BOUND > self._bound:
                    self._unchecked = 0
                    self._prune(connection)
            except (sqlite3.Error, OSError) as error:
                self._fail(error)

    def close(self) -> None:
        with self._lock:
            self._off = True
            self._disconnect()

    def _open(self) -> sqlite3.Connection | None:
        """The connection, made at the first use; None when the disk is given up. A forked child must not use its
        parent's."""
        if self._off:
            return None
        if self._connection is None or self._owner != os.getpid():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection, self._owner = connection, os.getpid()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS results_1"
                " (name BLOB PRIMARY KEY, value BLOB NOT NULL, written REAL NOT NULL)"
            )
        return self._connection

    def _prune(self, connection: sqlite3.Connection) -> None:
        """Delete the oldest rows, a quarter at a time, until the database keeps its bound (freed pages are reused)."""
        while self._used_bytes(connection) > self._bound:
            rows = int(connection.execute("SELECT count(*) FROM results_1").fetchone()[0])
            deleted = connection.execute(
                "DELETE FROM results_1 WHERE name IN (SELECT name FROM results_1 ORDER BY written LIMIT ?)",
                (max(int(rows * _PRUNED_SHARE), 1),),
            )
            if deleted.rowcount < 1:
                return

    def _used_bytes(self, connection: sqlite3.Connection) -> int:
        pages, free, size = (
            int(connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def _fail(self, error: Exception) -> None:
        """Another process holding the lock for long is a miss; anything else ends the use of the disk."""
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return
        self._off = True
        self._disconnect()
        _LOGGER.warning("result cache %s is not usable (%s): going on in memory; delete the file", self._path, error)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and self._owner == os.getpid():
            try:
                connection.close()
            except sqlite3.Error as error:
                _LOGGER.debug("closing the result cache: %s", error)
