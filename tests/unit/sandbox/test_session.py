from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox_helpers import eventually, running

from sandbox.limits import Ended, Limits
from sandbox.session import Session

SERVER = r"""
import os, subprocess, sys
for line in sys.stdin:
    word, _, rest = line.strip().partition(" ")
    if word == "say": print(rest)
    elif word == "length": print(len(rest))
    elif word == "flood": sys.stdout.write(("x" * 99 + "\n") * int(rest))
    elif word == "noise": sys.stderr.write("e" * int(rest)); sys.stderr.flush()
    elif word == "hold": kept = bytearray(int(rest))
    elif word == "child": print(subprocess.Popen(["sleep", "1000"]).pid)
    elif word == "wait": print("waiting", flush=True); subprocess.run(["sleep", "1000"])
    elif word == "die": print("bye", flush=True); print("why", file=sys.stderr, flush=True); os._exit(3)
    elif word == "deaf": print("deaf", flush=True); import time; time.sleep(1000)
    print("END", end=os.environ.get("EOL", "\n"), flush=True)
"""
COMMAND = [sys.executable, "-I", "-S", "-c", SERVER]
LIMITS = Limits(output_bytes=1 << 20)


@pytest.fixture
def session() -> Iterator[Session]:
    opened = Session(COMMAND, limits=LIMITS)
    assert opened.start() is None
    yield opened
    opened.kill()


def reader_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if "_read_incoming" in thread.name]


def test_answers_come_one_by_one(session: Session) -> None:
    replies = [session.ask(f"say {word}\n", "END", 60) for word in ("one", "two", "three")]
    assert [(reply.text, reply.ended) for reply in replies] == [("one\n", None), ("two\n", None), ("three\n", None)]


def test_an_empty_answer_is_an_answer(session: Session) -> None:
    reply = session.ask("nothing\n", "END", 60)
    assert (reply.text, reply.ended) == ("", None)


def test_only_a_whole_line_ends_an_answer(session: Session) -> None:
    assert session.ask("say END of the world\n", "END", 60).text == "END of the world\n"
    assert session.ask("say the END\n", "END", 60).text == "the END\n"
    assert session.ask("say and on\n", "END", 60).text == "and on\n"


def test_one_of_several_lines_may_end_an_answer(session: Session) -> None:
    good = session.ask("say [SUCCESS] end\n", ("[SUCCESS] end", "[FAILURE] end"), 60)
    assert (good.text, good.marker) == ("", "[SUCCESS] end")
    bad = session.ask("say [FAILURE] end\n", ("[SUCCESS] end", "[FAILURE] end"), 60)
    assert (bad.text, bad.marker) == ("END\n", "[FAILURE] end")


def test_lines_may_end_as_on_windows() -> None:
    session = Session(COMMAND, limits=LIMITS, env={**os.environ, "EOL": "\r\n"})
    session.start()
    assert session.ask("say hello\n", "END", 60).text == "hello\n"
    assert session.ask("say hello\n", "END", 60).text == "hello\n"
    session.kill()


def test_a_long_request_arrives_whole(session: Session) -> None:
    assert session.ask(f"length {'é' * 500_000}\n", "END", 60).text in ("500000\n", "1000000\n")


def test_a_long_answer_arrives_whole(session: Session) -> None:
    assert len(session.ask("flood 10000\n", "END", 60).text) == 1_000_000


def test_standard_error_never_blocks_and_stays_small(session: Session) -> None:
    for _ in range(3):
        assert session.ask("noise 500000\n", "END", 60).ended is None
    assert len(session.stderr) <= 2000


def test_an_answer_beyond_the_limit_ends_the_child(session: Session) -> None:
    reply = session.ask("flood 1000000\n", "END", 60)
    assert reply.ended is Ended.OUTPUT
    assert len(reply.text) <= LIMITS.output_bytes + (1 << 16)
    assert not session.alive


def test_endless_standard_error_ends_the_child(session: Session) -> None:
    assert session.ask("noise 5000000\ndeaf\n", "never", 60).ended is Ended.OUTPUT


def test_the_clock_ends_the_child_and_its_children(session: Session) -> None:
    child = int(session.ask("child\n", "END", 60).text)
    reply = session.ask("wait\n", "END", 0.5)
    assert reply.ended is Ended.TIMEOUT
    assert not running(child)
    assert not session.alive
    assert session.memory_bytes() == 0


def test_the_clock_also_bounds_a_request_that_nobody_reads(session: Session) -> None:
    session.ask("deaf\n", "deaf", 60)
    assert session.ask("x" * 1_000_000, "END", 0.3).ended is Ended.TIMEOUT


def test_memory_is_watched_while_an_answer_is_awaited() -> None:
    session = Session(COMMAND, limits=Limits(memory_bytes=150 << 20))
    session.start()
    assert session.ask(f"hold {300 << 20}\ndeaf\n", "never", 60).ended is Ended.MEMORY


def test_memory_can_be_asked_for(session: Session) -> None:
    session.ask(f"hold {100 << 20}\n", "END", 60)
    assert eventually(lambda: session.memory_bytes() > 100 << 20)  # a shared reading may be a moment old


def test_a_child_that_dies_says_its_last_words(session: Session) -> None:
    reply = session.ask("die\n", "END", 60)
    assert (reply.text, reply.ended, reply.stderr) == ("bye\n", Ended.EXITED, "why\n")
    assert session.ask("say hello\n", "END", 60).ended is Ended.EXITED


def test_a_child_that_died_in_silence_is_noticed(session: Session) -> None:
    assert session.pid is not None
    os.kill(session.pid, 9)
    assert eventually(lambda: not session.alive)
    assert session.ask("say hello\n", "END", 60).ended is Ended.EXITED


def test_it_can_be_started_again(session: Session) -> None:
    first = session.pid
    session.ask("die\n", "END", 60)
    assert session.start() is None
    assert session.pid != first
    assert session.ask("say again\n", "END", 60).text == "again\n"


def test_starting_twice_is_starting_once(session: Session) -> None:
    first = session.pid
    assert session.start() is None
    assert session.pid == first


def test_a_kill_from_another_thread_makes_ask_return(session: Session) -> None:
    def kill_once_it_waits() -> None:
        assert eventually(lambda: session._asking.locked())
        session.kill()

    killer = threading.Thread(target=kill_once_it_waits)
    killer.start()
    reply = session.ask("wait\n", "END", 1000)
    killer.join()
    assert reply.ended is Ended.CANCELLED
    assert session.ask("say hello\n", "END", 60).ended is Ended.CANCELLED


def test_nothing_is_left_of_a_killed_session(session: Session) -> None:
    session.ask("say hello\n", "END", 60)
    assert reader_threads()
    pid = session.pid
    assert pid is not None
    session.kill()
    session.kill()
    assert not running(pid)
    assert eventually(lambda: not reader_threads())


def test_descriptors_are_closed_again() -> None:
    def once() -> int:
        session = Session(COMMAND, limits=LIMITS)
        session.start()
        session.ask("say hello\n", "END", 60)
        session.kill()
        return len(list(Path("/proc/self/fd").iterdir()))

    assert once() == once()


def test_what_cannot_start_says_so() -> None:
    session = Session(["no-such-command"], limits=LIMITS)
    assert session.start() is Ended.NOT_STARTED
    reply = session.ask("hello\n", "END", 60)
    assert reply.ended is Ended.NOT_STARTED
    assert "no-such-command" in reply.stderr


def test_before_the_start_there_is_nothing_to_ask() -> None:
    session = Session(COMMAND, limits=LIMITS)
    assert session.ask("hello\n", "END", 60).ended is Ended.NOT_STARTED
    assert (session.alive, session.pid, session.memory_bytes()) == (False, None, 0)
