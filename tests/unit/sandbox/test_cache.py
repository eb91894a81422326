from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.cache import AppendedCache, ResultCache, digest

ROOT = Path(__file__).parents[3]
parts = st.lists(st.text(alphabet="ab\0é\ud800", max_size=4), max_size=4).map(tuple)


@given(parts, parts)
@settings(max_examples=200)
def test_different_keys_have_different_digests(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (digest(one) == digest(other)) == (one == other)


def test_what_was_put_is_found() -> None:
    cache = ResultCache()
    cache.put(("a", "b"), b"\0value")
    cache.put(("text",), "é\ud800")
    assert cache.get(("a", "b")) == b"\0value"
    assert cache.get_text(("text",)) == "é\ud800"
    assert cache.get(("ab",)) is None
    assert cache.get_text(("ab",)) is None


def test_the_least_recently_used_goes_first() -> None:
    cache = ResultCache(entries=2)
    cache.put(("1",), "one")
    cache.put(("2",), "two")
    cache.get(("1",))
    cache.put(("3",), "three")
    assert [cache.get_text((key,)) for key in "123"] == ["one", None, "three"]
    assert len(cache) == 2


def test_memory_is_bounded_in_bytes() -> None:
    cache = ResultCache(memory_bytes=100)
    for number in range(10):
        cache.put((str(number),), b"x" * 30)
    cache.put(("large",), b"x" * 101)
    cache.put(("9",), b"y" * 40)
    assert cache.get(("large",)) is None
    assert cache.get(("9",)) == b"y" * 40


def test_the_disk_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "results.sqlite"
    script = (
        "import sys; from pathlib import Path; from sandbox.cache import AppendedCache, ResultCache\n"
        "ResultCache(path=Path(sys.argv[1])).put(('a',), 'from another process')"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True, cwd=ROOT)
    assert ResultCache(path=path).get_text(("a",)) == "from another process"


def test_many_threads_and_caches_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "results.sqlite"
    caches = [ResultCache(path=path) for _ in range(3)]

    def fill(cache: ResultCache, start: int) -> None:
        for number in range(start, start + 30):
            cache.put((str(number),), str(number))

    threads = [
        threading.Thread(target=fill, args=(cache, 30 * place)) for place, cache in enumerate((*caches, *caches))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = ResultCache(path=path)
    assert all(reader.get_text((str(number),)) == str(number) for number in range(180))


def test_the_disk_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "results.sqlite"
    cache = ResultCache(path=path, disk_bytes=1 << 20)
    for number in range(640):
        cache.put((str(number),), bytes([number % 256]) * 10_000)
    cache.close()
    assert path.stat().st_size < 2 << 20
    assert ResultCache(path=path).get(("639",)) == bytes([639 % 256]) * 10_000


@pytest.mark.parametrize(
    "content", [b"this is no database, and long enough to be seen as such" * 50, b"SQLite format 3\0xx"]
)
def test_a_corrupt_file_is_a_miss_with_one_warning(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "results.sqlite"
    path.write_bytes(content)
    cache = ResultCache(path=path)
    with caplog.at_level(logging.WARNING):
        assert cache.get(("a",)) is None
        cache.put(("a",), "kept in memory")
        assert cache.get(("b",)) is None
    assert cache.get_text(("a",)) == "kept in memory"
    assert len(caplog.records) == 1
    assert str(path) in caplog.text


def test_a_place_that_cannot_be_written_is_a_miss(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = ResultCache(path=tmp_path / "file" / "results.sqlite")
    cache.put(("a",), "b")
    assert cache.get_text(("a",)) == "b"
    assert len(caplog.records) == 1


def test_a_full_disk_is_a_miss(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "results.sqlite"
    cache = ResultCache(path=path)
    cache.put(("a",), "b")
    assert cache._disk is not None and cache._disk._connection is not None
    cache._disk._connection.execute("PRAGMA max_page_count = 8")
    cache.put(("large",), b"x" * 200_000)
    assert cache.get(("large",)) == b"x" * 200_000
    assert len(caplog.records) == 1
    assert ResultCache(path=path).get_text(("a",)) == "b"


def test_a_damaged_row_is_a_miss(tmp_path: Path) -> None:
    path = tmp_path / "results.sqlite"
    ResultCache(path=path).put(("a",), "rejected")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE results_1 SET value = CAST(replace(value, 'rej', 'acc') AS BLOB)")
        connection.execute("UPDATE results_1 SET value = substr(value, 1, 32) || CAST('accepted' AS BLOB)")
        connection.execute("UPDATE results_1 SET value = CAST(value AS BLOB)")
    connection.close()
    assert ResultCache(path=path).get(("a",)) is None


def test_a_closed_cache_goes_on_in_memory(tmp_path: Path) -> None:
    cache = ResultCache(path=tmp_path / "results.sqlite")
    cache.close()
    cache.put(("a",), "b")
    assert cache.get_text(("a",)) == "b"
    assert not (tmp_path / "results.sqlite").exists()


@given(st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=20)), max_size=8), st.integers(0, 60))
def test_what_is_appended_outlives_a_kill_but_for_half_a_line(
    tmp_path_factory: pytest.TempPathFactory, puts: list[tuple[str, bytes]], cut: int
) -> None:
    path = tmp_path_factory.mktemp("cache") / "checks.log"
    cache = AppendedCache(path)
    for key, value in puts:
        cache.put((key,), value)
    cache.close()
    data = path.read_bytes() if path.exists() else b""
    if puts:
        path.write_bytes(data[: len(data) - min(cut, len(data.rstrip(b"\n")) - data.rstrip(b"\n").rfind(b"\n"))])
    again = AppendedCache(path)
    for key, value in dict(puts[:-1]).items():
        if key != puts[-1][0]:
            assert again.get((key,)) == value
    again.put(("more",), b"one")
    again.close()
    assert AppendedCache(path).get(("more",)) == b"one"


def test_a_log_that_cannot_be_written_is_a_cache_in_memory(tmp_path: Path) -> None:
    cache = AppendedCache(tmp_path / "missing" / "checks.log")
    cache.put(("key",), "value")
    assert cache.get_text(("key",)) == "value"
